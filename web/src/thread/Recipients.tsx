import type { Message } from '../api/types';
import { t } from '../i18n/t';

/** To whom a mail went: the first in a word, all of them when opened. A chat has no addresses to show. */
export function Recipients({ message }: { message: Message }) {
  const all = [...message.to, ...message.cc];
  const first = all[0];
  if (!first?.includes('@')) return null;
  return (
    <details className="recipients muted">
      <summary>
        <span className="cut">
          {all.length === 1
            ? t('message.to', { address: first })
            : t('message.to_more', { address: first, count: all.length - 1 })}
        </span>
      </summary>
      <dl>
        {message.to.length > 0 && (
          <>
            <dt>{t('message.to_label')}</dt>
            <dd>{message.to.join(', ')}</dd>
          </>
        )}
        {message.cc.length > 0 && (
          <>
            <dt>{t('message.cc_label')}</dt>
            <dd>{message.cc.join(', ')}</dd>
          </>
        )}
      </dl>
    </details>
  );
}
