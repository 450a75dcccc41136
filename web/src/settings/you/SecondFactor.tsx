// The second factor in one's own settings: a code of an app, and recovery codes for the day the phone is lost.
import { useState, type FormEvent } from 'react';
import { encode } from 'uqr';
import { api } from '../../api/client';
import type { RecoveryCodes, SecondFactorState } from '../../api/types';
import { t } from '../../i18n/t';
import { problemOf } from '../../session/AccountCard';
import { CodeField } from '../../session/CodeField';
import { tellFailure } from '../../state/acts';
import { refreshSession } from '../../state/session';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { useResource } from '../../ui/useResource';
import { Problem } from '../../ui/Problem';
import { CopyText } from '../../ui/Secret';

interface Begun {
  secret: string;
  uri: string;
}

/** Dark on light whatever the theme: cameras want it so. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 3 });
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')));
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={squares.join('')} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}

/** Scan, type the first code, keep the recovery codes. */
export function SetUpCode({ begun, onCodes }: { begun: Begun; onCodes: (codes: string[]) => void }) {
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      const code = new FormData(event.currentTarget).get('code');
      onCodes((await api.post<RecoveryCodes>('/me/second-factor/confirm', { code })).recovery_codes);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <p>{t('second.scan')}</p>
      <QrCode text={begun.uri} label={t('second.qr')} />
      <CopyText text={begun.secret.replace(/(.{4})(?=.)/g, '$1 ')} label={t('second.secret')} />
      <Problem text={problem} />
      <CodeField recovery={false} />
      <div className="form-acts">
        <Button kind="first" type="submit">
          {t('second.confirm')}
        </Button>
      </div>
    </form>
  );
}

export function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  return (
    <div className="form">
      <p>{t('second.codes_text')}</p>
      <CopyText text={codes.join('\n')} label={t('second.codes')} />
      <div className="form-acts">
        <Button kind="first" onClick={onDone}>
          {t('second.kept')}
        </Button>
      </div>
    </div>
  );
}

export function SecondFactor() {
  const found = useResource<SecondFactorState>('/me/second-factor');
  const [begun, setBegun] = useState<Begun | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const state = found.data;
  if (!state) return null;
  const has_any = state.on || state.passkeys > 0;
  const changed = () => {
    found.reload();
    void refreshSession();
  };
  const begin = () => void api.post<Begun>('/me/second-factor').then(setBegun, tellFailure);
  const renew = () =>
    void api.post<RecoveryCodes>('/me/recovery-codes').then((made) => setCodes(made.recovery_codes), tellFailure);
  const remove = () =>
    void api.remove('/me/second-factor').then(() => {
      toast(t('second.removed'));
      changed();
    }, tellFailure);
  return (
    <section className="card form">
      <h2>{t('second.title')}</h2>
      <p className="muted">
        {state.on && t('second.on', { count: state.recovery_codes_left })}
        {!state.on && has_any && t('second.passkey_only', { count: state.recovery_codes_left })}
        {!has_any && t('second.off')}
      </p>
      <div className="form-acts">
        {!state.on && <Button onClick={begin}>{t('second.set_up')}</Button>}
        {has_any && <Button onClick={renew}>{t('second.renew')}</Button>}
        {state.on && (!state.required || state.passkeys > 0) && (
          <Button kind="danger" onClick={remove}>
            {t('second.remove')}
          </Button>
        )}
      </div>
      {begun && (
        <Dialog title={t('second.set_up')} onClose={() => setBegun(null)}>
          <SetUpCode
            begun={begun}
            onCodes={(made) => {
              setBegun(null);
              setCodes(made);
            }}
          />
        </Dialog>
      )}
      {codes && (
        <Dialog title={t('second.codes')} onClose={null}>
          <Codes
            codes={codes}
            onDone={() => {
              setCodes(null);
              changed();
            }}
          />
        </Dialog>
      )}
    </section>
  );
}
