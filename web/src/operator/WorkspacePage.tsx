// What the operator records and decides for one workspace. Nothing of what is written in it.
import { useState } from 'react';
import { api } from '../api/client';
import type { Id, Measure, OverseenWorkspace, PaymentOrder, Suspension } from '../api/types';
import { Link } from '../app/Link';
import { t } from '../i18n/t';
import { AskDialog } from '../policy/AskDialog';
import { titleIn, usePolicyInForce } from '../policy/clause_titles';
import { Measures } from '../policy/Measures';
import { Orders } from '../policy/Orders';
import { Suspensions } from '../policy/Suspensions';
import { tellFailure } from '../state/acts';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { Choice, Field } from '../ui/Field';
import { useResource } from '../ui/useResource';
import { AgreementForm } from './AgreementForm';
import { OrderForm } from './OrderForm';

function ClauseChoice() {
  const policy = usePolicyInForce();
  return (
    <Choice label={t('oversight.clause')} name="clause" required>
      {policy?.clauses.map(({ id }) => (
        <option key={id} value={id}>
          {titleIn(policy, id)}
        </option>
      ))}
    </Choice>
  );
}

type Asking = { what: 'violation' } | { what: 'kill' } | { what: 'lift'; suspension: Suspension } | null;

function Ask({ asking, id, done, close }: { asking: Asking; id: Id; done: () => void; close: () => void }) {
  if (!asking) return null;
  if (asking.what === 'violation')
    return (
      <AskDialog
        title={t('oversight.report')}
        text={t('oversight.report_text')}
        label={t('oversight.facts')}
        act={t('oversight.report_act')}
        max={4000}
        onClose={close}
        onSend={async (facts, form) => {
          const object_kind = String(form.get('object_kind'));
          const object = object_kind ? { object_kind, object_id: String(form.get('object_id')) } : {};
          const clause = String(form.get('clause'));
          await api.post(`/oversight/workspaces/${id}/violations`, { facts, clause, ...object });
          done();
        }}
      >
        <ClauseChoice />
        <Choice label={t('report.about')} name="object_kind">
          <option value="">{t('report.about.nothing')}</option>
          {(['message', 'conversation', 'channel', 'user', 'sender', 'link'] as const).map((kind) => (
            <option key={kind} value={kind}>
              {t(`report.about.${kind}`)}
            </option>
          ))}
        </Choice>
        <Field
          label={t('report.object_id')}
          hint={t('report.object_hint')}
          name="object_id"
          maxLength={100}
          autoComplete="off"
        />
      </AskDialog>
    );
  const is_kill = asking.what === 'kill';
  return (
    <AskDialog
      title={t(is_kill ? 'oversight.kill' : 'oversight.lift')}
      text={t(is_kill ? 'oversight.kill_text' : 'oversight.lift_text')}
      label={t('oversight.reason')}
      act={t('oversight.ask')}
      max={1500}
      danger={is_kill}
      onClose={close}
      onSend={async (reason, form) => {
        const more = is_kill ? { cause: String(form.get('cause')) } : { suspension: asking.suspension.id };
        await api.post('/oversight/requests', { workspace: id, act: asking.what, reason, ...more });
        toast(t('oversight.asked'));
        done();
      }}
    >
      {is_kill && (
        <Choice label={t('oversight.cause')} name="cause">
          <option value="emergency">{t('suspension.cause.emergency')}</option>
          <option value="legal_prohibition">{t('suspension.cause.legal_prohibition')}</option>
        </Choice>
      )}
    </AskDialog>
  );
}

export function WorkspacePage({ id }: { id: Id }) {
  const found = useResource<OverseenWorkspace>(`/oversight/workspaces/${id}`);
  const [asking, setAsking] = useState<Asking>(null);
  const data = found.data;
  const end = (measure: Measure, as: 'cured' | 'dismissed') =>
    void api.post(`/oversight/measures/${measure.id}/end`, { workspace: id, as }).then(found.reload, tellFailure);
  const settle = (order: PaymentOrder, as: 'paid' | 'cancelled') =>
    void api.post(`/oversight/orders/${order.id}/settle`, { workspace: id, as }).then(found.reload, tellFailure);
  return (
    <main id="main" className="page scrolls" tabIndex={-1}>
      <div className="page-head">
        <h1 dir="auto">{data?.name ?? t('workspaces.title')}</h1>
      </div>
      <p className="page-text">
        <Link to={{ at: 'workspaces' }}>{t('workspaces.all')}</Link>
      </p>
      {found.error && (
        <p className="notice late" role="alert">
          {found.error.message || t('error.offline')}
        </p>
      )}
      {data && (
        <>
          <div className="page-acts">
            <Button onClick={() => setAsking({ what: 'violation' })}>{t('oversight.report')}</Button>
            <Button kind="danger" onClick={() => setAsking({ what: 'kill' })}>
              {t('oversight.kill')}
            </Button>
          </div>
          <section className="card">
            <h2>{t('policy.stopped')}</h2>
            {data.suspensions.length === 0 && <p className="muted">{t('oversight.nothing_stopped')}</p>}
            <Suspensions
              list={data.suspensions}
              renderAct={(one) => (
                <Button onClick={() => setAsking({ what: 'lift', suspension: one })}>{t('oversight.lift')}</Button>
              )}
            />
          </section>
          <section className="card">
            <h2>{t('policy.measures')}</h2>
            {data.measures.length === 0 && <p className="muted">{t('policy.no_measures')}</p>}
            <Measures
              list={data.measures}
              renderActs={(one) =>
                one.ended_as || one.kind === 'suspend' ? null : (
                  <Button onClick={() => end(one, 'cured')}>{t('oversight.cured')}</Button>
                )
              }
            />
          </section>
          <section className="card">
            <h2>{t('order.title')}</h2>
            <Orders
              list={data.orders}
              renderActs={(one) =>
                ['paid', 'cancelled'].includes(one.state) ? null : (
                  <>
                    <Button aria-label={t('order.pay_of', { what: one.reference })} onClick={() => settle(one, 'paid')}>
                      {t('order.pay')}
                    </Button>
                    <Button
                      kind="quiet"
                      aria-label={t('order.cancel_of', { what: one.reference })}
                      onClick={() => settle(one, 'cancelled')}
                    >
                      {t('order.cancel')}
                    </Button>
                  </>
                )
              }
            />
            <OrderForm workspace={id} onDone={found.reload} />
          </section>
          <section className="card">
            <h2>{t('policy.agreement')}</h2>
            <AgreementForm key={id} workspace={id} found={data.agreement} onDone={found.reload} />
          </section>
        </>
      )}
      <Ask asking={asking} id={id} done={found.reload} close={() => setAsking(null)} />
    </main>
  );
}
