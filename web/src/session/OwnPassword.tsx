import type { User } from '../api/types';
import { t } from '../i18n/t';
import { Field } from '../ui/Field';
import { CodeField } from './CodeField';

/** The fields by which somebody who is known shows again who it is: the password, and the code where there is one. */
export function OwnPassword({ user }: { user: User }) {
  return (
    <>
      <input type="hidden" name="email" autoComplete="username" value={user.email} readOnly />
      <Field
        label={t('sign_in.password_of', { email: user.email })}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
      />
      {user.second_factor && <CodeField />}
    </>
  );
}
