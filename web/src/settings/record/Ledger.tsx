import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client';
import type { LedgerEntry, LedgerVerdict } from '../../api/types';
import { Link } from '../../app/Link';
import { clock, dateTime, number } from '../../i18n/format';
import { t, tOr } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { Button } from '../../ui/Button';
import { classes } from '../../ui/classes';
import { LedgerHolders } from './LedgerHolders';
import { Listing } from '../../ui/Listing';
import { brief } from '../names';

interface Verdict extends LedgerVerdict {
  at: string;
}

function Verify() {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [busy, setBusy] = useState(false);
  const verify = () => {
    setBusy(true);
    api
      .get<LedgerVerdict>('/ledger/verify')
      .then((found) => setVerdict({ ...found, at: new Date().toISOString() }), tellFailure)
      .finally(() => setBusy(false));
  };
  return (
    <div className="page-acts verify">
      <Button kind="first" icon={ShieldCheck} busy={busy} onClick={verify}>
        {busy ? t('ledger.verifying') : t('ledger.verify')}
      </Button>
      <div role="status" className={classes('verdict', verdict && !verdict.ok && 'late-text')}>
        {verdict?.ok && (
          <>
            <p className="ok-text">
              <ShieldCheck size={16} aria-hidden />
              {t('ledger.intact', { count: verdict.entries, when: clock(verdict.at) })}
            </p>
            <code className="small">{verdict.root}</code>
          </>
        )}
        {verdict && !verdict.ok && (
          <p>
            <ShieldAlert size={16} aria-hidden />
            {t('ledger.broken', { seq: number(verdict.first_bad?.seq ?? 0), reason: verdict.first_bad?.reason ?? '' })}
          </p>
        )}
      </div>
    </div>
  );
}

/** What was acted on; where that is a conversation or within one, the way to it. */
function On({ entry }: { entry: LedgerEntry }) {
  const within = entry.details.conversation;
  const conversation = entry.object.kind === 'conversation' ? entry.object.id : within;
  const details = brief(entry.details);
  return (
    <span>
      {typeof conversation === 'string' ? (
        <Link to={{ at: 'inbox', filter: { view: 'all' }, conversation }}>{brief(entry.object)}</Link>
      ) : (
        brief(entry.object)
      )}
      {details && <span className="muted"> · {details}</span>}
      {entry.words && <q>{entry.words}</q>}
    </span>
  );
}

const briefly = (hash: string) => hash.slice(0, 10);

/** Who did what, when. Entries are never changed; verifying recomputes the tree and names the first that does not
 *  fit. */
export function Ledger() {
  return (
    <>
      <p className="muted page-text">{t('ledger.text')}</p>
      <Verify />
      <LedgerHolders />
      <section className="card">
        <Listing<LedgerEntry> path="/ledger" name="ledger" empty={t('ledger.none')}>
          {(items) => (
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            <div className="table-frame" tabIndex={0} role="region" aria-label={t('ledger.entries')}>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{t('ledger.number')}</th>
                    <th scope="col">{t('ledger.when')}</th>
                    <th scope="col">{t('ledger.who')}</th>
                    <th scope="col">{t('ledger.what')}</th>
                    <th scope="col">{t('ledger.on')}</th>
                    <th scope="col">{t('ledger.proof')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((one) => (
                    <tr key={one.seq}>
                      <td className="figures no-wrap" data-label={t('ledger.number')}>
                        {number(one.seq)}
                      </td>
                      <td className="figures no-wrap" data-label={t('ledger.when')}>
                        <time dateTime={one.at}>{dateTime(one.at)}</time>
                      </td>
                      <td dir="auto" data-label={t('ledger.who')}>
                        {one.actor.name || tOr(`ledger.actor.${one.actor.kind}`, one.actor.kind)}
                      </td>
                      <td data-label={t('ledger.what')}>{tOr(`ledger.action.${one.action}`, one.action)}</td>
                      <td dir="auto" data-label={t('ledger.on')}>
                        <On entry={one} />
                      </td>
                      <td data-label={t('ledger.proof')}>
                        <a
                          href={`/api/v1/ledger/proof?entry=${one.seq}`}
                          download={`entry-${one.seq}.tlog-proof`}
                          aria-label={[t('ledger.proof_of', { seq: number(one.seq) }), briefly(one.leaf_hash)].join(
                            ': ',
                          )}
                          title={t('ledger.proof_of', { seq: number(one.seq) })}
                        >
                          <code className="small">{briefly(one.leaf_hash)}</code>
                        </a>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Listing>
      </section>
    </>
  );
}
