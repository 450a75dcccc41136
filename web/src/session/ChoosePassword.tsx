import { useEffect } from 'react';
import { t } from '../i18n/t';
import { useMe } from '../state/session';
import { signOut } from '../state/sign_out';
import { Button } from '../ui/Button';
import { Mark } from '../ui/Mark';
import { PasswordForm } from './PasswordForm';

/** The first thing after signing in with a password that somebody else has given: nothing else is allowed before. */
export function ChoosePassword() {
  const user = useMe();
  useEffect(() => {
    document.title = `${t('choose_password.title')} · Answerable`;
  }, []);
  return (
    <main className="sign-in">
      <PasswordForm
        className="sign-in-card"
        beside={
          <Button kind="quiet" onClick={() => void signOut(false)}>
            {t('choose_password.sign_out')}
          </Button>
        }
      >
        <Mark size={44} />
        <h1>{t('choose_password.title')}</h1>
        <p className="muted">{t('choose_password.text', { email: user.email })}</p>
      </PasswordForm>
    </main>
  );
}
