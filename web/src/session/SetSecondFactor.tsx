import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/client';
import { t } from '../i18n/t';
import { NewPasskey } from '../settings/you/Passkeys';
import { Codes, SetUpCode } from '../settings/you/SecondFactor';
import { tellFailure } from '../state/acts';
import { refreshSession } from '../state/session';
import { signOut } from '../state/sign_out';
import { Button } from '../ui/Button';
import { Card } from './AccountCard';
import { hasPasskeys } from './passkey';
import { StepUp } from './StepUp';

/** The role must have a second factor, and the person has none: nothing else is allowed before. */
export function SetSecondFactor() {
  const [begun, setBegun] = useState<{ secret: string; uri: string } | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [keyed, setKeyed] = useState(false);
  const begin = () => void api.post<{ secret: string; uri: string }>('/me/second-factor').then(setBegun, tellFailure);
  if (codes)
    return (
      <Card title={t('second.codes')}>
        <Codes codes={codes} onDone={() => void refreshSession()} />
      </Card>
    );
  return (
    <Card title={t('second.needed')} text={t('second.needed_text')}>
      {begun && <SetUpCode begun={begun} onCodes={setCodes} />}
      {keyed && <NewPasskey onMade={(made) => setCodes(made.recovery_codes)} />}
      {!begun && !keyed && (
        <div className="form-acts">
          <Button kind="quiet" onClick={() => void signOut(false)}>
            {t('choose_password.sign_out')}
          </Button>
          {hasPasskeys() && (
            <Button kind="first" icon={KeyRound} onClick={() => setKeyed(true)}>
              {t('passkey.add')}
            </Button>
          )}
          <Button onClick={begin}>{t('second.set_up')}</Button>
        </div>
      )}
      <StepUp />
    </Card>
  );
}
