import type { FormEvent } from 'react';
import { api } from '../api/client';
import type { IncidentRules } from '../api/types';
import { t } from '../i18n/t';
import { tellFailure } from '../state/acts';
import { useMay } from '../state/session';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { useResource } from '../ui/useResource';

/** Deadline, alarms, threshold and addressee of incidents that concern personal data. */
export function IncidentRulesForm() {
  const found = useResource<IncidentRules>('/incident-rules');
  const may = useMay()('incident_rule:update');
  const rules = found.data;
  if (!rules || !may) return null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const alarms = String(form.get('alarms')).split(',');
    const wish = {
      deadline_hours: Number(form.get('deadline_hours')),
      alarm_percents: alarms.map((one) => one.trim()).filter(Boolean),
      threshold: Number(form.get('threshold')),
      addressee: String(form.get('addressee')).trim(),
    };
    void api.put('/incident-rules', wish).then(() => {
      toast(t('breach.rules_saved'));
      found.reload();
    }, tellFailure);
  };
  return (
    <section className="card">
      <h2>{t('breach.rules')}</h2>
      <form className="form" onSubmit={submit}>
        <Field
          label={t('breach.deadline_hours')}
          name="deadline_hours"
          type="number"
          min={1}
          max={720}
          required
          defaultValue={rules.deadline_hours}
        />
        <Field
          label={t('breach.alarms')}
          name="alarms"
          hint={t('breach.alarms_hint')}
          defaultValue={rules.alarm_percents.join(', ')}
        />
        <Field
          label={t('breach.threshold')}
          name="threshold"
          type="number"
          min={1}
          required
          defaultValue={rules.threshold}
        />
        <Field
          label={t('breach.addressee')}
          name="addressee"
          type="email"
          hint={t('breach.addressee_hint')}
          defaultValue={rules.addressee}
        />
        <div className="form-acts">
          <Button kind="first" type="submit">
            {t('reading.save')}
          </Button>
        </div>
      </form>
    </section>
  );
}
