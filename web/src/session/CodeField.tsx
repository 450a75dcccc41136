import { t } from '../i18n/t';
import { Field } from '../ui/Field';

/** The code of an app; where `recovery` is allowed, one of the recovery codes as well. */
export function CodeField({ recovery = true, focus = false }: { recovery?: boolean; focus?: boolean }) {
  return (
    <Field
      label={t('second.code')}
      name="code"
      autoComplete="one-time-code"
      inputMode={recovery ? 'text' : 'numeric'}
      maxLength={40}
      required
      autoFocus={focus}
      hint={recovery ? t('second.code_hint') : undefined}
    />
  );
}
