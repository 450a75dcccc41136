// Reporting without being signed in: a link by mail, and one button behind it.
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { t } from '../i18n/t';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { Card, Problem, problemOf, ToSignIn, useToken } from './Account';

function AskLink() {
  const [problem, setProblem] = useState('');
  const [asked, setAsked] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email'));
    try {
      await api.post('/account/exposed', { email });
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
    <Card title={t('exposed.title')} text={t('exposed.ask_text')}>
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

export function Ended() {
  return (
    <Card title={t('exposed.ended')} text={t('exposed.ended_text')}>
      <ToSignIn kind="first" />
    </Card>
  );
}

export function Exposed() {
  const token = useToken();
  const [problem, setProblem] = useState('');
  const [ended, setEnded] = useState(false);
  if (!token) return <AskLink />;
  if (ended) return <Ended />;
  const report = () =>
    void api.post('/account/exposed/confirm', { token }).then(
      () => setEnded(true),
      (error: unknown) => setProblem(problemOf(error)),
    );
  return (
    <Card title={t('exposed.title')} text={t('exposed.sure')}>
      <Problem text={problem} />
      <div className="form-acts">
        <ToSignIn />
        <Button kind="danger" onClick={report}>
          {t('exposed.act')}
        </Button>
      </div>
    </Card>
  );
}
