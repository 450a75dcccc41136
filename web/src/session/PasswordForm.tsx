import { useState, type FormEvent, type ReactNode } from 'react';
import { api, ApiError } from '../api/client';
import { t } from '../i18n/t';
import { refreshSession } from '../state/session';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Problem } from '../ui/Problem';

const password_chars_min = 8; // the server knows whether 15 are needed

interface Props {
  className: string;
  children: ReactNode;
  beside?: ReactNode; // what else one may do, before the button that changes it
}

/** Changes one's own password. */
export function PasswordForm({ className, children, beside }: Props) {
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    try {
      await api.post('/me/password', { current: said.get('current'), new: said.get('new') });
      form.reset();
      setProblem('');
      toast(t('profile.password_changed'));
      void refreshSession();
    } catch (error) {
      const failed = error as ApiError;
      setProblem(failed.code === 'offline' ? t('error.offline') : failed.message || t('error.unknown'));
    }
  };
  return (
    <form className={className} onSubmit={(event) => void submit(event)}>
      {children}
      <Problem text={problem} />
      <Field
        label={t('profile.password_now')}
        name="current"
        type="password"
        autoComplete="current-password"
        required
      />
      <Field
        label={t('profile.password_new')}
        name="new"
        type="password"
        autoComplete="new-password"
        required
        minLength={password_chars_min}
        hint={t('account.password_hint')}
      />
      <div className="form-acts">
        {beside}
        <Button kind="first" type="submit">
          {t('profile.password_act')}
        </Button>
      </div>
    </form>
  );
}
