// The text of the frame that shows a formatted mail. Its own policy: no script, no request but our style sheet, inline
// pictures of this very message, and remote pictures only once `with_images` is true.
import type { Attachment } from '../api/types';

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}

export function remoteImages(html: string): number {
  return html.match(/\sdata-remote-src=/g)?.length ?? 0;
}

const tag = /<[a-z][^\s>]*(?:\s+[^\s=>"]+(?:="[^"]*")?)*\s*\/?>/gi;

function withInline(text: string, attachments: Attachment[]): string {
  return text.replace(/(\ssrc=")cid:([^"]+)"/i, (whole, start: string, id: string) => {
    const name = id.replace(/&amp;/g, '&');
    const found = attachments.find((one) => one.content_id?.replace(/^<|>$/g, '') === name);
    return found ? `${start}${escaped(found.url)}"` : whole;
  });
}

export function mailDocument(html: string, attachments: Attachment[], with_images: boolean, sheet: string): string {
  const pictures = with_images ? "'self' data: https:" : "'self' data:";
  const policy = `default-src 'none'; style-src 'self'; img-src ${pictures}; base-uri 'none'; form-action 'none'`;
  const shown = html.replace(tag, (text) => {
    // The style is set later, through the object model.
    const calm = withInline(text, attachments).replace(/\sstyle="/gi, ' data-style="');
    return with_images ? calm.replace(/\sdata-remote-src="/gi, ' src="') : calm;
  });
  return [
    '<!doctype html><html><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="referrer" content="no-referrer"><base target="_blank">',
    `<link rel="stylesheet" href="${escaped(sheet)}">`,
    `</head><body dir="auto">${shown}</body></html>`,
  ].join('');
}
