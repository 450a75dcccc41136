import { api } from '../api/client';
import type { Quarantined } from '../api/types';
import { called } from '../contacts/called';
import { bytes, dateTime } from '../i18n/format';
import { t, tOr } from '../i18n/t';
import { tellFailure } from '../state/acts';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { Listing } from './Listing';
import { nameOf } from './names';

/** What arrived and could not be used: kept as it came, to be looked at and tried again. Nothing is ever dropped. */
export function Quarantine() {
  const replay = (id: string, reload: () => void) => {
    api.post(`/quarantine/${id}/replay`).then(() => {
      toast(t('quarantine.replayed'));
      reload();
    }, tellFailure);
  };
  return (
    <>
      <p className="muted page-text">{t('quarantine.text')}</p>
      <section className="card">
        <Listing<Quarantined>
          path="/quarantine"
          name="channels"
          empty={t('quarantine.none')}
          empty_text={t('quarantine.none_text')}
        >
          {(items, reload) => (
            <ul className="things">
              {items.map((one) => (
                <li key={one.id}>
                  <div className="grow">
                    <p>
                      <strong dir="auto">{one.subject || t('thread.no_subject')}</strong>
                    </p>
                    <p className="muted small">
                      {[
                        called({ name: one.from ?? '' }) || t('quarantine.no_sender'),
                        nameOf(one.channel),
                        dateTime(one.received_at),
                        bytes(one.size),
                      ].join(' · ')}
                    </p>
                    <p className="small warn-text">
                      {tOr(`quarantine.${one.reason}`, one.reason)}{' '}
                      {one.detail && <span className="muted">{one.detail}</span>}
                    </p>
                  </div>
                  <div className="thing-acts">
                    <a className="button quiet" href={`/api/v1/quarantine/${one.id}/raw`} download={`${one.id}.txt`}>
                      {t('quarantine.raw')}
                    </a>
                    <Button onClick={() => replay(one.id, reload)}>{t('quarantine.replay')}</Button>
                  </div>
                </li>
              ))}
            </ul>
          )}
        </Listing>
      </section>
    </>
  );
}
