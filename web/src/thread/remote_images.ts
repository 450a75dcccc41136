/** How many pictures of a formatted mail lie on strangers' servers: the server has renamed their `src`. */
export function remoteImages(html: string): number {
  return html.match(/\sdata-remote-src="/g)?.length ?? 0;
}
