import { Fragment } from 'react';
import type { Attachment } from '../api/types';
import { cutAtMarks } from '../composer/pictures';

const address = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

function Linked({ text }: { text: string }) {
  const parts: { text: string; link: boolean; at: number }[] = [];
  let from = 0;
  for (const found of text.matchAll(address)) {
    if (found.index > from) parts.push({ text: text.slice(from, found.index), link: false, at: from });
    parts.push({ text: found[0], link: true, at: found.index });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), link: false, at: from });
  return (
    <>
      {parts.map((part) =>
        part.link ? (
          <a key={part.at} href={part.text} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ) : (
          <Fragment key={part.at}>{part.text}</Fragment>
        ),
      )}
    </>
  );
}

/** Plain text with its links made usable, and the pictures that it names in brackets where they belong. The direction
 *  follows the text itself, message by message. */
export function MessageText({ text, pictures = [] }: { text: string; pictures?: Attachment[] }) {
  const parts = cutAtMarks(
    text,
    pictures.map((one) => one.filename),
  );
  return (
    <div className="message-text" dir="auto">
      {parts.map((part, i) => {
        const picture = i % 2 === 1 ? pictures.find((one) => one.filename === part) : undefined;
        if (!picture) return <Linked key={i} text={part} />;
        return (
          <a key={i} className="picture" href={picture.url} target="_blank" rel="noopener noreferrer">
            <img src={picture.url} alt={picture.filename} loading="lazy" />
          </a>
        );
      })}
    </div>
  );
}
