// Back from the company's own sign-in: what the browser brought is handed over, once.
import { useEffect, useState } from 'react';
import { api } from '../api/client';
import type { Session } from '../api/types';
import { t } from '../i18n/t';
import { Problem } from '../ui/Problem';
import { Card, problemOf, ToSignIn } from './AccountCard';

interface Brought {
  state: string;
  code: string;
  issuer: string;
  refusal: string;
}

let handed_over = false;

export function SignOnBack({ brought }: { brought: Brought }) {
  const [problem, setProblem] = useState(brought.refusal ? t('sso.refused', { said: brought.refusal }) : '');
  useEffect(() => {
    if (handed_over || brought.refusal) return;
    handed_over = true;
    const { state, code, issuer } = brought;
    api.post<Session>('/session/sso/callback', { state, code, ...(issuer ? { iss: issuer } : {}) }).then(
      () => location.assign('/'),
      (error: unknown) => setProblem(problemOf(error)),
    );
  }, [brought]);
  return (
    <Card title={t('sso.title')} {...(problem ? {} : { text: t('sso.busy') })}>
      <Problem text={problem} />
      {problem && <ToSignIn kind="first" />}
    </Card>
  );
}
