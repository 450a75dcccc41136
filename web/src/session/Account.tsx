// What people do who are not signed in: ask for a link, and choose a password behind one.
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { api, ApiError } from '../api/client';
import type { AccountLink } from '../api/types';
import type { AccountPage } from '../app/route';
import { t } from '../i18n/t';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Mark } from '../ui/Mark';
import { Ended, Exposed } from './Exposed';

const password_chars_min = 8; // the server knows whether 15 are needed
const toSignIn = () => location.assign('/');

export function problemOf(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unknown');
  if (error.code === 'offline') return t('error.offline');
  if (error.problem.status === 429) return t('sign_in.throttled', { count: Math.ceil(error.retry_after_s ?? 60) });
  return error.problem.errors?.[0]?.detail || error.message || t('error.unknown');
}

/** A card on the page of those who are not signed in. */
export function Card({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Answerable`;
  }, [title]);
  return (
    <main className="sign-in">
      <section className="sign-in-card" aria-label={title}>
        <Mark size={44} />
        <h1>{title}</h1>
        {text && <p className="muted">{text}</p>}
        {children}
      </section>
    </main>
  );
}

export const Problem = ({ text }: { text: string }) =>
  text ? (
    <p className="notice late" role="alert">
      {text}
    </p>
  ) : null;

export const ToSignIn = ({ kind = 'quiet' }: { kind?: 'quiet' | 'first' }) => (
  <Button kind={kind} onClick={toSignIn}>
    {t('account.to_sign_in')}
  </Button>
);

function AskReset() {
  const [problem, setProblem] = useState('');
  const [asked, setAsked] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email'));
    try {
      await api.post('/account/reset', { email });
      setAsked(email);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  if (asked)
    return (
      <Card title={t('account.asked')} text={t('account.asked_text', { email: asked })}>
        <ToSignIn />
      </Card>
    );
  return (
    <Card title={t('account.reset')} text={t('account.reset_text')}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Problem text={problem} />
        <Field label={t('sign_in.email')} name="email" type="email" autoComplete="username" required autoFocus />
        <div className="form-acts">
          <ToSignIn />
          <Button kind="first" type="submit">
            {t('account.reset_act')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

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

/** The token stands behind the #, and leaves the address as soon as it is read: no history keeps it. */
export function takeToken(): string {
  const token = location.hash.slice(1);
  if (token) history.replaceState(history.state, '', location.pathname);
  return token;
}

let taken: string | null = null;

export const useToken = () => useState(() => (taken ??= takeToken()))[0];

export function useLink(): { token: string; link: AccountLink | null; problem: string } {
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
      return <AskReset />;
    case 'password':
      return <ByLink />;
    case 'exposed':
      return <Exposed />;
    case 'ended':
      return <Ended />;
  }
}
