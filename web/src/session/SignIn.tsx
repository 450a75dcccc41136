import { useEffect, useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { Setup, SignOnWay } from '../api/types';
import { Link } from '../app/Link';
import { t } from '../i18n/t';
import { enterAs, lost_messages, signIn } from '../state/session';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Mark } from '../ui/Mark';
import { Problem } from '../ui/Problem';
import { CodeField } from './CodeField';
import { PasskeySignIn } from './PasskeySignIn';
import { needsCode, signInProblem } from './sign_in_problem';

export function SignIn() {
  const [problem, setProblem] = useState('');
  const [coded, setCoded] = useState(false);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const [first_run, setFirstRun] = useState(false);
  const lost = lost_messages.use();
  useEffect(() => {
    document.title = `${t('sign_in.title')} · Answerable`;
    api.get<Setup>('/setup').then(
      (setup) => setFirstRun(setup.first_run),
      () => {},
    );
  }, []);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem('');
    try {
      await signIn(String(form.get('email')), String(form.get('password')), String(form.get('code') ?? ''));
    } catch (error) {
      setProblem(signInProblem(error));
      if (needsCode(error)) setCoded(true);
      setBusy(false);
    }
  };
  const goToCompany = async (form: HTMLFormElement | null) => {
    if (!form) return;
    const email = form.elements.namedItem('email') as HTMLInputElement;
    if (!email.reportValidity()) return;
    setProblem('');
    try {
      location.assign((await api.post<SignOnWay>('/session/sso', { email: email.value })).url);
    } catch (error) {
      setProblem(signInProblem(error));
    }
  };
  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={(event) => void submit(event)} aria-labelledby="sign-in-title">
        <Mark size={44} />
        <h1 id="sign-in-title">{t('sign_in.title')}</h1>
        <p className="muted sign-in-host">{location.host}</p>
        {first_run && <p className="notice">{t('sign_in.first_run')}</p>}
        {lost > 0 && <p className="notice">{t('sign_in.lost_messages', { count: lost })}</p>}
        <Problem text={problem} />
        <PasskeySignIn onSession={enterAs} onProblem={setProblem} />
        <Field
          label={t('sign_in.email')}
          name="email"
          type="email"
          autoComplete="username webauthn"
          required
          autoFocus
        />
        <div className="password-line">
          <Field
            label={t('sign_in.password')}
            name="password"
            type={shown ? 'text' : 'password'}
            autoComplete="current-password"
            required
          />
          <button type="button" className="button quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {t('sign_in.show')}
          </button>
        </div>
        {coded && <CodeField focus />}
        <Button kind="first" type="submit" busy={busy}>
          {busy ? t('sign_in.busy') : t('sign_in.act')}
        </Button>
        <Button onClick={(event) => void goToCompany(event.currentTarget.form)}>{t('sso.act')}</Button>
        <p className="small">
          <Link to={{ at: 'account', page: 'reset' }}>{t('sign_in.lost')}</Link>
          {' · '}
          <Link to={{ at: 'account', page: 'exposed' }}>{t('exposed.link')}</Link>
        </p>
      </form>
    </main>
  );
}
