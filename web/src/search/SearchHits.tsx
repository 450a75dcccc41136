import type { ReactNode } from 'react';
import type { SearchHit } from '../api/types';
import { called } from '../contacts/called';
import { ago } from '../i18n/format';
import { t } from '../i18n/t';
import { classes } from '../ui/classes';
import { snippetParts } from './snippet';

interface Props {
  hits: SearchHit[];
  open: string | null;
  onOpen: (index: number) => void;
  children: ReactNode;
}

export function SearchHits({ hits, open, onOpen, children }: Props) {
  return (
    <div className="hits scrolls">
      <ul aria-label={t('search.hits')}>
        {hits.map((hit, index) => (
          <li key={hit.message.id}>
            <button
              type="button"
              className={classes('hit', hit.conversation.id === open && 'open')}
              aria-current={hit.conversation.id === open || undefined}
              onClick={() => onOpen(index)}
            >
              <span className="row-line">
                <span className="row-name cut" dir="auto">
                  {called(hit.message.author)}
                </span>
                <time className="row-when" dateTime={hit.message.sent_at}>
                  {ago(hit.message.sent_at)}
                </time>
              </span>
              <span className="row-subject cut" dir="auto">
                {hit.conversation.subject || t('thread.no_subject')}
              </span>
              <span className="hit-snippet" dir="auto">
                {snippetParts(hit.snippet).map((part) =>
                  part.hit ? <mark key={part.at}>{part.text}</mark> : <span key={part.at}>{part.text}</span>,
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {children}
    </div>
  );
}
