// What third parties complain of: read, a message taken down if need be, then decided with reasons for both sides.
import { useState } from 'react';
import { api } from '../api/client';
import type { Complaint, Id, Page, Removal, Workspace } from '../api/types';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { AskDialog } from '../policy/AskDialog';
import { brief } from '../settings/names';
import { tellFailure } from '../state/acts';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { Choice, Field } from '../ui/Field';
import { useResource } from '../ui/useResource';

function WorkspaceChoice({ required }: { required?: boolean }) {
  const found = useResource<Page<Workspace>>('/workspaces').data;
  return (
    <Choice label={t('complaint.workspace')} name="workspace" required={required}>
      {!required && <option value="">{t('complaint.no_workspace')}</option>}
      {found?.items.map((one) => (
        <option key={one.id} value={one.id}>
          {one.name}
        </option>
      ))}
    </Choice>
  );
}

function Held({ list, reload }: { list: Removal[]; reload: () => void }) {
  const restore = (one: Removal) =>
    void api
      .post(`/oversight/removals/${one.message_id}/restore`, { workspace_id: one.workspace_id })
      .then(reload, tellFailure);
  return (
    <ul className="things">
      {list.map((one) => (
        <li key={one.message_id}>
          <div className="grow">
            <p>
              <code title={one.message_id}>{brief(one.message_id)}</code> <span dir="auto">{one.reason}</span>
            </p>
            <p className="muted small">{dateTime(one.removed_at)}</p>
          </div>
          <div className="thing-acts">
            <Button onClick={() => restore(one)}>{t('removal.put_back')}</Button>
          </div>
        </li>
      ))}
    </ul>
  );
}

export function Complaints() {
  const found = useResource<Page<Complaint>>('/oversight/complaints');
  const held = useResource<Page<Removal>>('/oversight/removals');
  const [deciding, setDeciding] = useState<Complaint | null>(null);
  const [removing, setRemoving] = useState(false);
  const list = found.data?.items ?? [];
  const workspaceOf = (form: FormData): Id | null => String(form.get('workspace') ?? '') || null;
  return (
    <>
      <p className="muted page-text">
        {t('complaint.text')} <a href="/report">{t('complaint.form')}</a>
      </p>
      <p className="page-acts">
        <Button kind="danger" onClick={() => setRemoving(true)}>
          {t('removal.take_down')}
        </Button>
      </p>
      {found.data && list.length === 0 && <p className="muted">{t('complaint.none')}</p>}
      <ul className="things">
        {list.map((one) => (
          <li key={one.id}>
            <div className="grow">
              <p>
                <strong dir="auto">{t('complaint.number', { number: one.number, object: one.object })}</strong>
              </p>
              <p className="muted small" dir="auto">
                {[one.name, one.address, dateTime(one.made_at)].filter(Boolean).join(' · ')}
              </p>
              <p className="review-text" dir="auto">
                {one.text}
              </p>
              {one.outcome && (
                <p className="small" dir="auto">
                  {t(`complaint.outcome.${one.outcome}`)} {one.reasons}
                </p>
              )}
            </div>
            {!one.outcome && (
              <div className="thing-acts">
                <Button aria-label={t('complaint.decide_of', { number: one.number })} onClick={() => setDeciding(one)}>
                  {t('oversight.decide_act')}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {held.data && held.data.items.length > 0 && (
        <>
          <h3>{t('removal.held')}</h3>
          <Held list={held.data.items} reload={held.reload} />
        </>
      )}
      {deciding && (
        <AskDialog
          title={t('complaint.decide_of', { number: deciding.number })}
          text={t('complaint.decide_text')}
          label={t('complaint.reasons')}
          act={t('oversight.decide_act')}
          max={2000}
          onClose={() => setDeciding(null)}
          onSend={async (reasons, form) => {
            const outcome = String(form.get('outcome'));
            await api.post(`/oversight/complaints/${deciding.id}/decide`, {
              outcome,
              reasons,
              workspace_id: workspaceOf(form),
            });
            toast(t('complaint.decided'));
            found.reload();
          }}
        >
          <Choice label={t('oversight.outcome')} name="outcome">
            {(['nothing', 'removed', 'measure'] as const).map((one) => (
              <option key={one} value={one}>
                {t(`complaint.outcome.${one}`)}
              </option>
            ))}
          </Choice>
          <WorkspaceChoice />
        </AskDialog>
      )}
      {removing && (
        <AskDialog
          title={t('removal.title')}
          text={t('removal.text')}
          label={t('removal.why')}
          act={t('removal.act')}
          max={500}
          danger
          onClose={() => setRemoving(false)}
          onSend={async (reason, form) => {
            await api.post('/oversight/removals', {
              workspace_id: workspaceOf(form),
              external_id: String(form.get('message')).trim(),
              reason,
            });
            held.reload();
          }}
        >
          <WorkspaceChoice required />
          <Field label={t('removal.message_id')} name="message" required maxLength={400} />
        </AskDialog>
      )}
    </>
  );
}
