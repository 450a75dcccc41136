// What people do who are not signed in: ask for a link, and choose a password behind one.
import { useEffect, useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { AccountLink } from '../api/types';
import type { AccountPage } from '../app/route';
import { t } from '../i18n/t';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Problem } from '../ui/Problem';
import { AskForLink, Card, problemOf, ToSignIn, useToken } from './AccountCard';
import { Ended, Exposed } from './Exposed';

const password_chars_min = 8; // the server knows whether 15 are needed

function ChoosePassword({ token, link, onDone }: { token: string; link: AccountLink; onDone: () => void }) {
  const [problem, setProblem] = useState('');
  const [shown, setShown] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get('password');
    try {
      await api.post('/account/password', { token, password });
      onDone();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const invited = link.purpose === 'invitation';
  const about = { name: link.name, email: link.email, workspace: link.workspace ?? 'Answerable' };
  return (
    <Card
      title={invited ? t('account.invited', about) : t('account.choose')}
      text={t(invited ? 'account.invited_text' : 'account.choose_text', about)}
    >
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Problem text={problem} />
        <input type="hidden" name="email" autoComplete="username" value={link.email} readOnly />
        <Field
          label={t('profile.password_new')}
          name="password"
          type={shown ? 'text' : 'password'}
          autoComplete="new-password"
          required
          autoFocus
          minLength={password_chars_min}
          hint={t('account.password_hint')}
        />
        <div className="form-acts">
          <Button kind="quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {t('sign_in.show')}
          </Button>
          <Button kind="first" type="submit">
            {t('account.choose_act')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function useLink(): { token: string; link: AccountLink | null; problem: string } {
  const token = useToken();
  const [link, setLink] = useState<AccountLink | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    api.post<AccountLink>('/account/link', { token: token || '-' }).then(setLink, (error) => {
      setProblem(problemOf(error));
    });
  }, [token]);
  return { token, link, problem };
}

function ByLink() {
  const { token, link, problem } = useLink();
  const [done, setDone] = useState(false);
  if (done)
    return (
      <Card title={t('account.done')} text={t('account.done_text')}>
        <ToSignIn kind="first" />
      </Card>
    );
  if (problem)
    return (
      <Card title={t('account.no_link')}>
        <Problem text={problem} />
        <div className="form-acts">
          <ToSignIn />
        </div>
      </Card>
    );
  return link ? <ChoosePassword token={token} link={link} onDone={() => setDone(true)} /> : null;
}

export function Account({ page }: { page: AccountPage }) {
  switch (page) {
    case 'reset':
      return <AskForLink path="/account/reset" title={t('account.reset')} text={t('account.reset_text')} />;
    case 'password':
      return <ByLink />;
    case 'exposed':
      return <Exposed />;
    case 'ended':
      return <Ended />;
  }
}
