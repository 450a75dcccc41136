import type { IncidentRules } from '../../api/types';
import { t } from '../../i18n/t';
import { useMay } from '../../state/session';
import { Field } from '../../ui/Field';
import { RulesCard } from '../../ui/RulesCard';

/** Deadline, alarms, threshold and addressee of incidents that concern personal data. */
export function IncidentRulesForm() {
  if (!useMay()('incident_rule:update')) return null;
  return (
    <RulesCard<IncidentRules>
      path="/incident-rules"
      title={t('breach.rules')}
      saved={t('breach.rules_saved')}
      read={(form) => ({
        deadline_hours: Number(form.get('deadline_hours')),
        alarm_percents: String(form.get('alarms'))
          .split(',')
          .map((one) => one.trim())
          .filter(Boolean),
        threshold: Number(form.get('threshold')),
        addressee: String(form.get('addressee')).trim(),
      })}
    >
      {(rules) => (
        <>
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
        </>
      )}
    </RulesCard>
  );
}
