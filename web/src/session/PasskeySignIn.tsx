// Passkey first: a button, and, where the browser has it, an offer in the field for the address.
import { KeyRound } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import type { PasskeyChallenge, Session } from '../api/types';
import { t } from '../i18n/t';
import { Button } from '../ui/Button';
import { askToSignIn, hasPasskeys, isDeclined, isHostOf, signInByPasskey } from './passkey';
import { signInProblem } from './sign_in_problem';

const margin_ms = 60_000; // asked for anew so long before a challenge ends

interface Props {
  onSession: (session: Session) => void;
  onProblem: (problem: string) => void;
}

export function PasskeySignIn({ onSession, onProblem }: Props) {
  const [offered, setOffered] = useState(hasPasskeys); // at once, so that nothing moves under the pointer
  const offer = useRef<AbortController | null>(null);
  const told = useRef({ onSession, onProblem });
  told.current = { onSession, onProblem };
  useEffect(() => {
    if (!hasPasskeys()) return;
    let timer = 0;
    const ask = async () => {
      const made = await askToSignIn().catch(() => null);
      if (!made) return;
      if (!isHostOf(made.rp_id)) return setOffered(false);
      offer.current?.abort();
      offer.current = new AbortController();
      void inField(made, offer.current.signal, told.current);
      timer = window.setTimeout(() => void ask(), Math.max(made.lifetime_ms - margin_ms, margin_ms));
    };
    void ask();
    return () => {
      window.clearTimeout(timer);
      offer.current?.abort();
    };
  }, []);
  if (!offered) return null;
  const press = async () => {
    offer.current?.abort(); // a browser asks one thing at a time
    onProblem('');
    try {
      onSession(await signInByPasskey({ challenge: await askToSignIn() }));
    } catch (error) {
      onProblem(isDeclined(error) ? t('passkey.declined') : signInProblem(error));
    }
  };
  return (
    <>
      <Button kind="first" icon={KeyRound} onClick={() => void press()}>
        {t('passkey.sign_in')}
      </Button>
      <p className="muted small sign-in-or">{t('passkey.or')}</p>
    </>
  );
}

async function inField(challenge: PasskeyChallenge, signal: AbortSignal, { onSession, onProblem }: Props) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.()) || signal.aborted) return;
  try {
    onSession(await signInByPasskey({ challenge, mediation: 'conditional', signal }));
  } catch (error) {
    if (error instanceof ApiError) onProblem(signInProblem(error)); // else nobody has asked for anything yet
  }
}
