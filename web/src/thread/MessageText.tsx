import { Fragment } from 'react';

const address = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** Plain text with its links made usable. The direction follows the text itself, message by message. */
export function MessageText({ text }: { text: string }) {
  const parts: { text: string; link: boolean; at: number }[] = [];
  let from = 0;
  for (const found of text.matchAll(address)) {
    if (found.index > from) parts.push({ text: text.slice(from, found.index), link: false, at: from });
    parts.push({ text: found[0], link: true, at: found.index });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), link: false, at: from });
  return (
    <div className="message-text" dir="auto">
      {parts.map((part) =>
        part.link ? (
          <a key={part.at} href={part.text} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ) : (
          <Fragment key={part.at}>{part.text}</Fragment>
        ),
      )}
    </div>
  );
}
