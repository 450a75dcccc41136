// Reporting without being signed in: a link by mail, and one button behind it.
import { useState } from 'react';
import { api } from '../api/client';
import { t } from '../i18n/t';
import { Button } from '../ui/Button';
import { Problem } from '../ui/Problem';
import { AskForLink, Card, problemOf, ToSignIn, useToken } from './AccountCard';

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
  if (!token) return <AskForLink path="/account/exposed" title={t('exposed.title')} text={t('exposed.ask_text')} />;
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
