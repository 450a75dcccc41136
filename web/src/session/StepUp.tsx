// "Is it still you?" The server asks before dangerous acts; the act that was refused goes on by itself afterwards.
import { KeyRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { api, whenStepUp } from '../api/client';
import type { SecondFactorState } from '../api/types';
import { t } from '../i18n/t';
import { cell } from '../state/keyed';
import { useMe } from '../state/session';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { FormActs } from '../ui/FormActs';
import { Problem } from '../ui/Problem';
import { useResource } from '../ui/useResource';
import { problemOf } from './AccountCard';
import { OwnPassword } from './OwnPassword';
import { confirmByPasskey, hasPasskeys, isDeclined } from './passkey';

type Answer = (confirmed: boolean) => void;
const asking = cell<Answer[]>('step-up', []);

// Several acts that are refused at once are answered by one question.
whenStepUp(() => new Promise((resolve) => asking.set([...asking.get(), resolve])));

function answer(confirmed: boolean) {
  const waiting = asking.get();
  asking.set([]);
  for (const each of waiting) each(confirmed);
}

export function StepUp() {
  const waiting = asking.use();
  const user = useMe();
  const [problem, setProblem] = useState('');
  const factors = useResource<SecondFactorState>(waiting.length > 0 && hasPasskeys() ? '/me/second-factor' : null);
  if (waiting.length === 0) return null;
  const has_passkey = (factors.data?.passkeys ?? 0) > 0;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    try {
      await api.post('/session/confirm', { password: said.get('password'), code: said.get('code') ?? '' });
      setProblem('');
      answer(true);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const press = async () => {
    try {
      await confirmByPasskey();
      setProblem('');
      answer(true);
    } catch (error) {
      setProblem(isDeclined(error) ? t('passkey.declined') : problemOf(error));
    }
  };
  return (
    <Dialog title={t('step_up.title')} onClose={() => answer(false)}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <p>{t(has_passkey ? 'step_up.text_passkey' : 'step_up.text')}</p>
        <Problem text={problem} />
        {has_passkey && (
          <Button icon={KeyRound} onClick={() => void press()}>
            {t('passkey.use')}
          </Button>
        )}
        <OwnPassword user={user} />
        <FormActs act={t('step_up.act')} onCancel={() => answer(false)} />
      </form>
    </Dialog>
  );
}
