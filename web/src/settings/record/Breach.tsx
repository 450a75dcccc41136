// An incident that concerns personal data: the clock, whom it affects, what the authority is told, and the decision
// whether the people concerned are told.
import type { FormEvent } from 'react';
import { api } from '../../api/client';
import type { AffectedPage, Incident, IncidentRules } from '../../api/types';
import { dateTime } from '../../i18n/format';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Choice, Field, TextField } from '../../ui/Field';
import { useNow } from '../../ui/useNow';
import { useResource } from '../../ui/useResource';

interface Props {
  incident: Incident;
  onChanged: () => void;
}
const parts = ['nature', 'subjects', 'records', 'contact_point', 'consequences', 'measures'] as const;

function Declare({ incident, onChanged }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const since = String(new FormData(event.currentTarget).get('since'));
    const wish = since ? { aware_at: new Date(since).toISOString() } : {};
    void api.post(`/incidents/${incident.id}/personal-data`, wish).then(onChanged, tellFailure);
  };
  return (
    <form className="form" onSubmit={submit}>
      <h3>{t('breach.title')}</h3>
      <p className="muted">{t('breach.declare_text')}</p>
      <Field label={t('breach.since')} name="since" type="datetime-local" hint={t('breach.since_hint')} />
      <div className="form-acts">
        <Button type="submit">{t('breach.declare')}</Button>
      </div>
    </form>
  );
}

function Clock({ incident }: { incident: Incident }) {
  const now = useNow(60_000);
  const told = incident.notifications.find((one) => one.sent_at)?.sent_at;
  if (told) return <p>{t('breach.was_told', { when: dateTime(told) })}</p>;
  const is_late = now > Date.parse(incident.deadline_at!);
  return (
    <p className={is_late ? 'notice late' : 'notice'}>
      {t(is_late ? 'breach.late' : 'breach.until', { when: dateTime(incident.deadline_at!) })}
    </p>
  );
}

function Affected({ id }: { id: string }) {
  const found = useResource<AffectedPage>(`/incidents/${id}/affected`).data;
  const rules = useResource<IncidentRules>('/incident-rules').data;
  if (!found) return null;
  return (
    <section aria-label={t('breach.affected')}>
      <h3>{t('breach.affected')}</h3>
      {found.total === 0 ? (
        <p className="muted">{t('breach.nobody')}</p>
      ) : (
        <details>
          <summary>{t('breach.affected_total', { count: found.total })}</summary>
          <ul>
            {found.items.map((one) => (
              <li key={one.id} dir="auto">
                {[one.name, one.address].filter(Boolean).join(' · ')}
              </li>
            ))}
          </ul>
        </details>
      )}
      {rules && found.total >= rules.threshold && <p>{t('breach.must_tell', { count: rules.threshold })}</p>}
    </section>
  );
}

function Notifications({ incident, onChanged }: Props) {
  const last = incident.notifications.at(-1);
  const is_late = !incident.notifications.some((one) => one.sent_at) && Date.now() > Date.parse(incident.deadline_at!);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const draft = Object.fromEntries(new FormData(event.currentTarget));
    void api.put(`/incidents/${incident.id}/notification`, draft).then(() => {
      toast(t('breach.saved'));
      onChanged();
    }, tellFailure);
  };
  const sent = () => void api.post(`/incidents/${incident.id}/notification/sent`).then(onChanged, tellFailure);
  return (
    <section aria-label={t('breach.what_told')}>
      <h3>{t('breach.what_told')}</h3>
      {incident.notifications.map((one) => (
        <details key={one.phase}>
          <summary>
            {t('breach.part', { phase: one.phase })}:{' '}
            {one.sent_at ? t('breach.sent_at', { when: dateTime(one.sent_at) }) : t('breach.is_draft')}
          </summary>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className="letter" tabIndex={0} aria-label={t('breach.letter')} role="region">
            {one.text}
          </pre>
        </details>
      ))}
      {!incident.closed_at && (
        <form className="form" onSubmit={submit}>
          <p className="muted">{t('breach.may_be_empty')}</p>
          {parts.map((part) => (
            <TextField
              key={part}
              label={t(`breach.${part}`)}
              name={part}
              maxLength={5000}
              defaultValue={last?.[part]}
            />
          ))}
          {is_late && (
            <TextField
              label={t('breach.delay_reason')}
              name="delay_reason"
              maxLength={5000}
              defaultValue={last?.delay_reason}
            />
          )}
          <p className="muted small">{t('breach.sent_hint')}</p>
          <div className="form-acts">
            {last && !last.sent_at && <Button onClick={sent}>{t('breach.sent')}</Button>}
            <Button kind="first" type="submit">
              {t('breach.save')}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}

function Decision({ incident, onChanged }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wish = Object.fromEntries(new FormData(event.currentTarget));
    void api.put(`/incidents/${incident.id}/subjects`, wish).then(onChanged, tellFailure);
  };
  const decided = incident.subjects_decision as 'told' | 'not_needed' | null;
  return (
    <form className="form" onSubmit={submit}>
      <h3>{t('breach.decide')}</h3>
      {decided && (
        <p dir="auto">
          <strong>{t(`breach.${decided}`)}</strong> · {incident.subjects_reason}
        </p>
      )}
      {!incident.closed_at && (
        <>
          <Choice label={t('breach.decide')} name="decision" defaultValue={decided ?? 'told'}>
            <option value="told">{t('breach.told')}</option>
            <option value="not_needed">{t('breach.not_needed')}</option>
          </Choice>
          <TextField label={t('breach.reason')} name="reason" required maxLength={2000} />
          <div className="form-acts">
            <Button type="submit">{t('breach.decide_act')}</Button>
          </div>
        </>
      )}
    </form>
  );
}

export function Breach(props: Props) {
  const { incident } = props;
  if (!incident.aware_at) return incident.closed_at ? null : <Declare {...props} />;
  return (
    <>
      <h3>{t('breach.title')}</h3>
      <Clock incident={incident} />
      <Affected id={incident.id} />
      <Notifications key={incident.notifications.length} {...props} />
      <Decision {...props} />
    </>
  );
}
