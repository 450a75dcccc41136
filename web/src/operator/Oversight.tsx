// What waits for an operator, and what each clause has led to.
import { useEffect, useState } from 'react';
import { api } from '../api/client';
import type { Page, TwoPersonRequest, WaitingAppeal } from '../api/types';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { ContentRules } from '../content/ContentRules';
import { AskDialog } from '../policy/AskDialog';
import { Clauses } from '../policy/Clauses';
import { Measures } from '../policy/Measures';
import { Listing } from '../ui/Listing';
import { tellFailure } from '../state/acts';
import { useMe } from '../state/session';
import { Button } from '../ui/Button';
import { Choice } from '../ui/Field';
import { useResource } from '../ui/useResource';
import { Complaints } from './Complaints';
import { Findings } from './Findings';
import { WaitingApplications } from './WaitingApplications';
import { PolicyEditor } from './PolicyEditor';

function Requests() {
  const me = useMe();
  return (
    <Listing<TwoPersonRequest> path="/oversight/requests" whole empty={t('oversight.no_requests')}>
      {(items, reload) => (
        <ul className="things">
          {items.map((one) => (
            <li key={one.id}>
              <div className="grow">
                <p>
                  <strong dir="auto">{one.workspace.name}</strong>{' '}
                  {t(one.act === 'kill' ? 'oversight.kill' : 'oversight.lift')}
                </p>
                <p dir="auto">{one.reason}</p>
                <p className="muted small">{dateTime(one.asked_at)}</p>
              </div>
              <div className="thing-acts">
                {one.asked_by === me.id ? (
                  <span className="muted small">{t('oversight.other_confirms')}</span>
                ) : (
                  <Button
                    onClick={() => void api.post(`/oversight/requests/${one.id}/confirm`).then(reload, tellFailure)}
                  >
                    {t('oversight.confirm')}
                  </Button>
                )}
                <Button
                  kind="quiet"
                  onClick={() => void api.remove(`/oversight/requests/${one.id}`).then(reload, tellFailure)}
                >
                  {t('oversight.withdraw')}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Listing>
  );
}

function Appeals({ onDecided }: { onDecided: () => void }) {
  const found = useResource<Page<WaitingAppeal>>('/oversight/appeals');
  const [deciding, setDeciding] = useState<WaitingAppeal | null>(null);
  if (!found.data) return null;
  if (found.data.items.length === 0) return <p className="muted">{t('oversight.no_appeals')}</p>;
  return (
    <>
      {found.data.items.map((one) => (
        <section key={one.measure.id} aria-label={one.workspace.name}>
          <h3 dir="auto">{one.workspace.name}</h3>
          <Measures
            list={[one.measure]}
            renderActs={() => <Button onClick={() => setDeciding(one)}>{t('oversight.decide')}</Button>}
          />
        </section>
      ))}
      {deciding && (
        <AskDialog
          title={t('oversight.decide')}
          text={t('oversight.decide_text')}
          label={t('oversight.answer')}
          act={t('oversight.decide_act')}
          max={4000}
          onClose={() => setDeciding(null)}
          onSend={async (answer, form) => {
            const id = deciding.measure.appeal?.id;
            await api.post(`/oversight/appeals/${id}/decide`, { answer, outcome: String(form.get('outcome')) });
            found.reload();
            onDecided();
          }}
        >
          <Choice label={t('oversight.outcome')} name="outcome">
            <option value="upheld">{t('measure.outcome.upheld')}</option>
            <option value="reversed">{t('measure.outcome.reversed')}</option>
          </Choice>
        </AskDialog>
      )}
    </>
  );
}

export default function Oversight() {
  const [round, setRound] = useState(0);
  useEffect(() => {
    document.title = `${t('oversight.title')} · Answerable`;
  }, []);
  return (
    <main id="main" className="page scrolls" tabIndex={-1}>
      <div className="page-head">
        <h1>{t('oversight.title')}</h1>
      </div>
      <section className="card">
        <h2>{t('findings.title')}</h2>
        <Findings />
      </section>
      <section className="card">
        <h2>{t('oversight.appeals')}</h2>
        <Appeals onDecided={() => setRound(round + 1)} />
      </section>
      <section className="card">
        <h2>{t('applications.waiting')}</h2>
        <WaitingApplications />
      </section>
      <section className="card">
        <h2>{t('oversight.requests')}</h2>
        <Requests key={round} />
      </section>
      <section className="card">
        <h2>{t('complaint.title')}</h2>
        <Complaints />
      </section>
      <section className="card">
        <h2>{t('clause.title')}</h2>
        <Clauses path="/oversight/clauses" />
      </section>
      <section className="card">
        <h2>{t('rule.operators')}</h2>
        <ContentRules path="/oversight/content-rules" />
      </section>
      <PolicyEditor />
    </main>
  );
}
