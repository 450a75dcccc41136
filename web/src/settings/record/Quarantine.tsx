import { useState } from 'react';
import { api, query } from '../../api/client';
import type { Quarantined } from '../../api/types';
import { called } from '../../contacts/called';
import { bytes, dateTime } from '../../i18n/format';
import { t, tOr } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Listing } from '../../ui/Listing';
import { nameOf } from '../names';
import { is_dangerous, ReleaseDialog } from './ReleaseDialog';

/** What arrived and could not be used: kept as it came, to be looked at and tried again. Nothing is ever dropped. */
export function Quarantine() {
  const replay = (id: string, reload: () => void) => {
    api.post(`/quarantine/${id}/replay`).then(() => {
      toast(t('quarantine.replayed'));
      reload();
    }, tellFailure);
  };
  const [words, setWords] = useState('');
  const [found, setFound] = useState('');
  const [busy, setBusy] = useState(false);
  const [releasing, setReleasing] = useState<Quarantined | null>(null);
  // Each entry once: what fails again keeps its place behind the cursor.
  const replayAll = async (reload: () => void) => {
    setBusy(true);
    try {
      let count = 0;
      let cursor: string | null = null;
      do {
        const done: { replayed: number; next_cursor: string | null } = await api.post(
          `/quarantine/replay${query({ q: found || undefined, cursor: cursor ?? undefined })}`,
        );
        count += done.replayed;
        cursor = done.next_cursor;
      } while (cursor);
      toast(t('quarantine.replayed_all', { count }));
      reload();
    } catch (error) {
      tellFailure(error);
    }
    setBusy(false);
  };
  return (
    <>
      <p className="muted page-text">{t('quarantine.text')}</p>
      <form
        className="page-acts"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setFound(words.trim());
        }}
      >
        <Field
          label={t('quarantine.search')}
          name="q"
          type="search"
          maxLength={100}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Button type="submit">{t('quarantine.find')}</Button>
      </form>
      <section className="card">
        <Listing<Quarantined>
          key={found}
          path="/quarantine"
          values={{ q: found || undefined }}
          name="channels"
          empty={t(found ? 'quarantine.nothing_found' : 'quarantine.none')}
          empty_text={found ? undefined : t('quarantine.none_text')}
        >
          {(items, reload) => (
            <>
              <p className="card-acts">
                <Button busy={busy} onClick={() => void replayAll(reload)}>
                  {t(found ? 'quarantine.replay_found' : 'quarantine.replay_all')}
                </Button>
              </p>
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
                      {is_dangerous(one) && (
                        <Button kind="danger" onClick={() => setReleasing(one)}>
                          {t('quarantine.release')}
                        </Button>
                      )}
                      {releasing === one && (
                        <ReleaseDialog entry={one} onClose={() => setReleasing(null)} onDone={reload} />
                      )}
                    </div>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Listing>
      </section>
    </>
  );
}
