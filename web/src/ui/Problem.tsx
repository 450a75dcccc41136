import { useEffect, useRef } from 'react';

/** What went wrong with what was just tried, said at once to those who listen and moved to where it can be read.
 *  Nothing when there is nothing to say. */
export function Problem({ text }: { text: string | null | undefined | false }) {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    line.current?.scrollIntoView({ block: 'nearest' });
  }, [text]);
  return text ? (
    <p ref={line} className="notice late" role="alert">
      {text}
    </p>
  ) : null;
}
