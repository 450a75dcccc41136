// The session has ended while somebody was working: ask again over the page, so that nothing typed is lost.
import { useState, type FormEvent } from 'react';
import type { Session } from '../api/types';
import { afresh } from '../app/start';
import { t } from '../i18n/t';
import { reconnectNow } from '../live/connection';
import { enterAs, signIn, useMe } from '../state/session';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Problem } from '../ui/Problem';
import { OwnPassword } from './OwnPassword';
import { PasskeySignIn } from './PasskeySignIn';
import { signInProblem } from './sign_in_problem';

export function SignInAgain() {
  const user = useMe();
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    try {
      await signIn(user.email, String(said.get('password')), String(said.get('code') ?? ''));
      reconnectNow();
      await afresh();
    } catch (error) {
      setProblem(signInProblem(error));
    }
  };
  const enter = (session: Session) => {
    enterAs(session);
    reconnectNow();
    void afresh();
  };
  return (
    <Dialog title={t('sign_in.again')} onClose={null}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <p>{t('sign_in.again_text')}</p>
        <Problem text={problem} />
        <PasskeySignIn onSession={enter} onProblem={setProblem} />
        <OwnPassword user={user} />
        <div className="form-acts">
          <Button kind="first" type="submit">
            {t('sign_in.act')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
