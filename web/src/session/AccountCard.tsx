// What the pages for people who are not signed in have in common: the card, the way back, a link by mail.
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { api, ApiError } from '../api/client';
import { t } from '../i18n/t';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Mark } from '../ui/Mark';
import { Problem } from '../ui/Problem';

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

export const ToSignIn = ({ kind = 'quiet' }: { kind?: 'quiet' | 'first' }) => (
  <Button kind={kind} onClick={toSignIn}>
    {t('account.to_sign_in')}
  </Button>
);

/** Asks for a link by mail. Whoever asks hears the same, whether there is such a person or not. */
export function AskForLink({ path, title, text }: { path: string; title: string; text: string }) {
  const [problem, setProblem] = useState('');
  const [asked, setAsked] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email'));
    try {
      await api.post(path, { email });
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
    <Card title={title} text={text}>
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

/** The token stands behind the #, and leaves the address as soon as it is read: no history keeps it. */
function takeToken(): string {
  const token = location.hash.slice(1);
  if (token) history.replaceState(history.state, '', location.pathname);
  return token;
}

let taken: string | null = null;

export const useToken = () => useState(() => (taken ??= takeToken()))[0];
