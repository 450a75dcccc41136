// The thread: a feed of articles, oldest first, kept at its end while one is there. Page Up and Page Down go between
// them.
import { ArrowDown } from 'lucide-react';
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Message } from '../api/types';
import { day, dayName } from '../i18n/format';
import { t } from '../i18n/t';
import { useOutgoing } from '../state/outgoing';
import { loadOlder, type ThreadState } from '../state/threads';
import { Button } from '../ui/Button';
import { MessageArticle } from './MessageArticle';
import { OutgoingArticle } from './OutgoingArticle';
import type { Folding } from './useFolding';

const near_px = 80;

interface Props {
  id: string;
  thread: ThreadState;
  quotes: boolean;
  folding: Folding;
  onForward: (message: Message) => void;
}

const isFrom = (sender: string, { author }: Message) => author.kind === 'contact' && author.id === sender;

function dayOf(time: string): string {
  return new Date(time).toDateString();
}

interface Ends {
  first: string | undefined;
  last: string | undefined;
  sent: string | undefined; // the newest of what this agent has sent and the server has not yet accepted
}

/** Keeps the end in view while the agent is there, and what is read in place while older messages come in above. Who
 *  sends goes to the end: there is what was written, and the way to take it back. */
function useScroll(box: React.RefObject<HTMLDivElement | null>, { first, last, sent }: Ends) {
  const at_end = useRef(true);
  const before = useRef({ height: 0, first, last, sent });
  const [unseen, setUnseen] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const was = before.current;
    if (sent && was.sent !== sent) at_end.current = true;
    if (was.first !== first && was.last === last) element.scrollTop += element.scrollHeight - was.height;
    else if (at_end.current) element.scrollTop = element.scrollHeight;
    else if (was.last !== last) setUnseen(true);
    if (at_end.current) setUnseen(false);
    before.current = { height: element.scrollHeight, first, last, sent };
  }, [box, first, last, sent]);
  useEffect(() => {
    const element = box.current;
    const inner = element?.lastElementChild;
    if (!element || !inner) return;
    const grown = new ResizeObserver(() => {
      if (at_end.current) element.scrollTop = element.scrollHeight;
      before.current.height = element.scrollHeight;
    });
    grown.observe(inner);
    grown.observe(element);
    return () => grown.disconnect();
  }, [box]);
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    at_end.current = element.scrollHeight - element.scrollTop - element.clientHeight < near_px;
    if (at_end.current) setUnseen(false);
  };
  const toEnd = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  return { unseen, onScroll, toEnd };
}

export function Messages({ id, thread, quotes, folding, onForward }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const outgoing = useOutgoing(id);
  const shown = thread.messages;
  const sent = outgoing.at(-1)?.key;
  const ends = { first: shown[0]?.id, last: sent ?? shown.at(-1)?.id, sent };
  const { unseen, onScroll, toEnd } = useScroll(box, ends);
  const between = (event: React.KeyboardEvent) => {
    const by = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
    if (by === 0) return;
    const all = [...(box.current?.querySelectorAll<HTMLElement>('article') ?? [])];
    const at = all.findIndex((one) => one.contains(document.activeElement));
    const next = all[at < 0 ? all.length - 1 : at + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  const total = thread.total + outgoing.length;
  const before_first = thread.total - shown.length;
  let previous = '';
  return (
    <div className="messages-frame">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div
        ref={box}
        className="messages scrolls"
        onScroll={onScroll}
        tabIndex={0}
        role="region"
        aria-label={t('thread.messages')}
        onKeyDown={between}
      >
        {thread.cursor && (
          <div className="older">
            <Button kind="quiet" busy={thread.loading_older} onClick={() => void loadOlder(id)}>
              {t('thread.older', { count: before_first })}
            </Button>
          </div>
        )}
        <div className="feed" role="feed" aria-busy={thread.loading_older} aria-label={t('thread.feed')}>
          {shown.map((message, index) => {
            const today = dayOf(message.created_at);
            const is_new_day = today !== previous;
            previous = today;
            return (
              <Fragment key={message.id}>
                {is_new_day && (
                  <div className="day" role="presentation">
                    <span data-on-paper={day(message.created_at)}>{dayName(message.created_at)}</span>
                  </div>
                )}
                <MessageArticle
                  message={message}
                  position={before_first + index + 1}
                  total={total}
                  quotes={quotes}
                  whole={isFrom(folding.sender, message) && folding.whole}
                  onWhole={isFrom(folding.sender, message) ? folding.toggle : undefined}
                  onForward={onForward}
                />
              </Fragment>
            );
          })}
          {outgoing.map((one, index) => (
            <OutgoingArticle key={one.key} one={one} position={thread.total + index + 1} total={total} />
          ))}
        </div>
      </div>
      {unseen && (
        <button type="button" className="to-end" onClick={toEnd}>
          <ArrowDown size={16} aria-hidden />
          {t('thread.new_below')}
        </button>
      )}
    </div>
  );
}
