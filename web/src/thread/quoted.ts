/** The lines of a mail that only repeat earlier mail: what is in `text` and not in the new text. Null when there are
 *  none. */
export function quotedPart(text: string, reply_text: string): { lines: number } | null {
  const all = text.trim();
  const fresh = reply_text.trim();
  if (!fresh || fresh.length >= all.length) return null;
  const count = (value: string) => value.split('\n').filter((line) => line.trim()).length;
  const lines = count(all) - count(fresh);
  return lines > 0 ? { lines } : null;
}
