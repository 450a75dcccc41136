import { useState } from 'react';
import { api } from '../../api/client';
import type { Delivery, DeliveryPage, DeliveryState } from '../../api/types';
import { Link } from '../../app/Link';
import { called } from '../../contacts/called';
import { dateTime, number, since } from '../../i18n/format';
import { t, tOr } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { classes } from '../../ui/classes';
import { Listing } from '../../ui/Listing';
import { nameOf } from '../names';

const states = [
  'dead',
  'unknown',
  'failed',
  'held',
  'queued',
  'sending',
  'sent',
  'delivered',
] as const satisfies DeliveryState[];

function Attempts({ delivery }: { delivery: Delivery }) {
  if (delivery.attempt_log.length === 0) return null;
  return (
    <details className="attempts">
      <summary>{t('deliveries.attempts', { count: delivery.attempts })}</summary>
      <ol>
        {delivery.attempt_log.map((one) => (
          <li key={one.at} className="small">
            <time dateTime={one.at}>{dateTime(one.at)}</time> · {tOr(`result.${one.result}`, one.result)}{' '}
            {one.detail && <span className="muted">{one.detail}</span>}
          </li>
        ))}
      </ol>
    </details>
  );
}

function DeliveryItem({ delivery, onChanged }: { delivery: Delivery; onChanged: () => void }) {
  const act = (path: string, body: object, words: string) => {
    api.post(`/deliveries/${delivery.id}/${path}`, body).then(() => {
      toast(words);
      onChanged();
    }, tellFailure);
  };
  return (
    <li>
      <div className="grow">
        <p>
          <strong dir="ltr">{called({ name: delivery.recipient })}</strong>{' '}
          <span className={classes('state-word', delivery.state)}>
            {tOr(`delivery.${delivery.state}`, delivery.state)}
          </span>
        </p>
        <p className="muted small">
          {nameOf(delivery.channel)} · {dateTime(delivery.created_at)}
          {delivery.state === 'queued' &&
            delivery.next_attempt_at &&
            ` · ${t('deliveries.next', { when: since(delivery.next_attempt_at) })}`}
        </p>
        {delivery.last_error && <p className="small late-text">{delivery.last_error}</p>}
        <Attempts delivery={delivery} />
      </div>
      <div className="thing-acts">
        <Link
          className="button quiet"
          to={{ at: 'inbox', filter: { view: 'all' }, conversation: delivery.conversation_id }}
        >
          {t('deliveries.open')}
        </Link>
        {delivery.state === 'unknown' && (
          <Button onClick={() => act('resolve', { as: 'sent' }, t('deliveries.resolved'))}>
            {t('deliveries.was_sent')}
          </Button>
        )}
        {delivery.state === 'unknown' && (
          <Button onClick={() => act('resolve', { as: 'failed' }, t('deliveries.resolved'))}>
            {t('deliveries.was_not')}
          </Button>
        )}
        {['dead', 'unknown', 'failed'].includes(delivery.state) && (
          <Button onClick={() => act('retry', {}, t('deliveries.retried'))}>{t('ui.try_again')}</Button>
        )}
      </div>
    </li>
  );
}

/** What has left, what waits, and first of all what could not leave or of which nobody knows whether it did. */
export function Deliveries() {
  const [chosen, setChosen] = useState<(typeof states)[number] | null>(null);
  const [counts, setCounts] = useState<Partial<Record<DeliveryState, number>>>({});
  // Until one chooses: the first of those to be looked into that has any.
  const state = chosen ?? states.slice(0, 4).find((one) => counts[one]) ?? 'dead';
  return (
    <>
      <p className="muted page-text">{t('deliveries.text')}</p>
      <div className="kinds page-acts" role="group" aria-label={t('deliveries.which')}>
        {states.map((one) => (
          <button key={one} type="button" aria-pressed={one === state} onClick={() => setChosen(one)}>
            {t(`delivery.${one}`)} {!!counts[one] && <span className="figures muted">{number(counts[one])}</span>}
          </button>
        ))}
      </div>
      <section className="card">
        <Listing<Delivery, DeliveryPage>
          key={state}
          path="/deliveries"
          values={{ state }}
          name="deliveries"
          empty={t('deliveries.none')}
          empty_text={t('deliveries.none_text')}
          onPage={(page) => setCounts(page.counts)}
        >
          {(items, reload) => (
            <ul className="things">
              {items.map((one) => (
                <DeliveryItem key={one.id} delivery={one} onChanged={reload} />
              ))}
            </ul>
          )}
        </Listing>
      </section>
    </>
  );
}
