import { useState } from 'react';
import { api } from '../api/client';
import type { Measure, OwnAgreement, Page, PolicyStanding } from '../api/types';
import { bytes, day, number } from '../i18n/format';
import { t } from '../i18n/t';
import { tellFailure } from '../state/acts';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { useResource } from '../ui/useResource';
import { AskDialog } from './AskDialog';
import { useClauseTitles } from './clause_titles';
import { Clauses } from './Clauses';
import { Measures } from './Measures';
import { Orders } from './Orders';
import { Suspensions } from './Suspensions';

function Version({ standing, reload }: { standing: PolicyStanding; reload: () => void }) {
  const newer = standing.version_in_force > standing.binding_version ? standing.version_in_force : null;
  const accept = () =>
    api.post('/policy/acceptance', { version: newer }).then(() => {
      toast(t('policy.accepted'));
      reload();
    }, tellFailure);
  return (
    <section className="card">
      <h2>{t('policy.version')}</h2>
      <p>
        {t('policy.binding', { version: standing.binding_version })}{' '}
        <a href={`/acceptable-use/${standing.binding_version}`}>{t('policy.read')}</a>
      </p>
      {newer && (
        <>
          <p>
            {t('policy.newer', { version: newer })}{' '}
            <a href={`/acceptable-use/${standing.binding_version}/compare/${newer}`}>{t('policy.compare')}</a>
          </p>
          <p className="card-acts">
            <Button onClick={() => void accept()}>{t('policy.accept', { version: newer })}</Button>
          </p>
        </>
      )}
    </section>
  );
}

/** How much of what was agreed is used, and whether that is all. */
function Used({ own }: { own: OwnAgreement }) {
  const room = own.agreement?.storage_megabytes;
  const is_full = typeof room === 'number' && own.storage_bytes_used > room * 1e6;
  return (
    <>
      <p className="muted small">
        {t('agreement.storage_used', { used: bytes(own.storage_bytes_used) })}{' '}
        {t('agreement.connections_open', { count: own.connections_open })}
      </p>
      {is_full && <p role="status">{t('agreement.storage_full')}</p>}
    </>
  );
}

function Agreement({ own }: { own: OwnAgreement }) {
  const titleOf = useClauseTitles();
  const found = own.agreement;
  if (!found) return <p className="muted">{t('agreement.none')}</p>;
  const limit = (value: number | null) => (value === null ? t('agreement.no_limit') : number(value));
  return (
    <>
      <p>{t('agreement.signed', { who: found.signatory, when: day(found.signed_at) })}</p>
      <dl className="figures-line">
        <div>
          <dt>{t('agreement.seats')}</dt>
          <dd>{limit(found.seats)}</dd>
        </div>
        <div>
          <dt>{t('agreement.channels')}</dt>
          <dd>{limit(found.channels)}</dd>
        </div>
        <div>
          <dt>{t('agreement.messages', { days: found.period_days })}</dt>
          <dd>{limit(found.messages)}</dd>
        </div>
        <div>
          <dt>{t('agreement.storage')}</dt>
          <dd>{found.storage_megabytes === null ? t('agreement.no_limit') : bytes(found.storage_megabytes * 1e6)}</dd>
        </div>
        <div>
          <dt>{t('agreement.attachment')}</dt>
          <dd>
            {found.attachment_megabytes === null ? t('agreement.no_limit') : bytes(found.attachment_megabytes * 1e6)}
          </dd>
        </div>
        <div>
          <dt>{t('agreement.connections')}</dt>
          <dd>{limit(found.connections)}</dd>
        </div>
      </dl>
      {found.messages !== null && own.period_ends && (
        <p className="muted small">{t('agreement.used', { used: own.messages_used, until: day(own.period_ends) })}</p>
      )}
      {found.terms.map((one) => (
        <p key={`${one.clause}.${one.name}`} className="small">
          {t('agreement.term', { clause: titleOf(one.clause), name: one.name, value: one.value })}
        </p>
      ))}
    </>
  );
}

/** What binds the workspace, what stops it and why, what to do about it, and how to appeal. */
export function AcceptableUse() {
  const standing = useResource<PolicyStanding>('/policy', 'policy');
  const own = useResource<OwnAgreement>('/policy/agreement', 'policy');
  const measures = useResource<Page<Measure>>('/policy/measures', 'policy');
  const titleOf = useClauseTitles();
  const [against, setAgainst] = useState<Measure | null>(null);
  const suspended = standing.data?.suspensions ?? [];
  const list = measures.data?.items ?? [];
  return (
    <>
      <p className="muted page-text">{t('policy.text')}</p>
      <section className="card">
        <h2>{t('policy.stopped')}</h2>
        {suspended.length > 0 ? <Suspensions list={suspended} /> : <p>{t('policy.nothing_stopped')}</p>}
      </section>
      {standing.data && <Version standing={standing.data} reload={standing.reload} />}
      <section className="card">
        <h2>{t('policy.measures')}</h2>
        {measures.data && list.length === 0 && <p className="muted">{t('policy.no_measures')}</p>}
        <Measures
          list={list}
          renderActs={(one) =>
            one.appeal || one.ended_as ? null : (
              <Button
                aria-label={t('policy.appeal_against', { clause: titleOf(one.clause) })}
                onClick={() => setAgainst(one)}
              >
                {t('policy.appeal')}
              </Button>
            )
          }
        />
      </section>
      <section className="card">
        <h2>{t('clause.title')}</h2>
        <Clauses path="/policy/clauses" />
      </section>
      <section className="card">
        <h2>{t('policy.agreement')}</h2>
        {own.data && <Agreement own={own.data} />}
        {own.data && <Used own={own.data} />}
        {own.data && own.data.orders.length > 0 && <Orders list={own.data.orders} />}
      </section>
      {against && (
        <AskDialog
          title={t('policy.appeal_against', { clause: titleOf(against.clause) })}
          text={t('policy.appeal_text')}
          label={t('policy.appeal_why')}
          act={t('policy.appeal_send')}
          max={4000}
          onClose={() => setAgainst(null)}
          onSend={async (text) => {
            await api.post(`/policy/measures/${against.id}/appeal`, { text });
            toast(t('policy.appealed'));
            measures.reload();
          }}
        />
      )}
    </>
  );
}
