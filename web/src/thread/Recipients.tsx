import { useState } from 'react';
import type { Message } from '../api/types';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { WhyHere } from './WhyHere';

/** To whom a mail went: the first in a word; opened, all of them, when, and why it stands here. A chat has no addresses
 *  to show. */
export function Recipients({ message }: { message: Message }) {
  const [open, setOpen] = useState(false);
  const all = [...message.to, ...message.cc, ...message.bcc];
  const first = all[0];
  if (!first?.includes('@')) return null;
  const lines = [
    { word: t('message.from_label'), addresses: message.from_address ? [message.from_address] : [] },
    { word: t('message.to_label'), addresses: message.to },
    { word: t('message.cc_label'), addresses: message.cc },
    { word: t('message.bcc_label'), addresses: message.bcc },
  ];
  return (
    <details className="recipients muted" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="cut">
          {all.length === 1
            ? t('message.to', { address: first })
            : t('message.to_more', { address: first, count: all.length - 1 })}
        </span>
      </summary>
      <dl>
        {lines
          .filter((line) => line.addresses.length > 0)
          .map((line) => (
            <div key={line.word}>
              <dt>{line.word}</dt>
              <dd>{line.addresses.join(', ')}</dd>
            </div>
          ))}
        <div>
          <dt>{t('message.date_label')}</dt>
          <dd>{dateTime(message.sent_at)}</dd>
        </div>
      </dl>
      {open && message.direction === 'inbound' && <WhyHere id={message.id} />}
    </details>
  );
}
