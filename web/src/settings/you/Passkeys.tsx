// One's own passkeys: several, each with a name.
import { KeyRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../../api/client';
import type { AddedPasskey, Passkey, PasskeyPage } from '../../api/types';
import { dateTime, since } from '../../i18n/format';
import { t } from '../../i18n/t';
import { problemOf } from '../../session/AccountCard';
import { hasPasskeys, isDeclined, makePasskey } from '../../session/passkey';
import { tellFailure } from '../../state/acts';
import { refreshSession } from '../../state/session';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Problem } from '../../ui/Problem';
import { useResource } from '../../ui/useResource';
import { Codes } from './SecondFactor';

const name_max = 120;

function passkeyProblem(error: unknown): string {
  if (isDeclined(error)) return t('passkey.declined');
  if (error instanceof ApiError && error.code === 'passkey_known') return t('passkey.known');
  return problemOf(error);
}

/** A name, then whatever the browser asks for. */
export function NewPasskey({ onMade }: { onMade: (made: AddedPasskey) => void }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    setBusy(true);
    setProblem('');
    try {
      onMade(await makePasskey(name));
    } catch (error) {
      setProblem(passkeyProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <p>{t('passkey.add_text')}</p>
      <Problem text={problem} />
      <Field label={t('passkey.name')} name="name" required maxLength={name_max} autoComplete="off" autoFocus />
      <div className="form-acts">
        <Button kind="first" type="submit" busy={busy}>
          {t('passkey.add_act')}
        </Button>
      </div>
    </form>
  );
}

function Rename({ passkey, onDone }: { passkey: Passkey; onDone: () => void }) {
  const [problem, setProblem] = useState('');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      await api.patch(`/me/passkeys/${passkey.id}`, { name: new FormData(event.currentTarget).get('name') });
      onDone();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <Problem text={problem} />
      <Field
        label={t('passkey.name')}
        name="name"
        required
        maxLength={name_max}
        defaultValue={passkey.name}
        autoComplete="off"
        autoFocus
      />
      <div className="form-acts">
        <Button kind="first" type="submit">
          {t('ui.save')}
        </Button>
      </div>
    </form>
  );
}

function Row({ passkey, onRename, onRemove }: { passkey: Passkey; onRename: () => void; onRemove: () => void }) {
  const { name, last_used_at } = passkey;
  return (
    <li>
      <div className="grow">
        <p>
          <strong dir="auto">{name}</strong>
        </p>
        <p className="muted small">
          {t('passkey.since', { begun: dateTime(passkey.created_at) })} ·{' '}
          {last_used_at ? t('passkey.used', { when: since(last_used_at) }) : t('passkey.never_used')}
        </p>
      </div>
      <div className="thing-acts">
        <Button aria-label={t('passkey.rename_of', { name })} onClick={onRename}>
          {t('passkey.rename')}
        </Button>
        <Button kind="danger" aria-label={t('passkey.remove_of', { name })} onClick={onRemove}>
          {t('passkey.remove')}
        </Button>
      </div>
    </li>
  );
}

export function Passkeys() {
  const found = useResource<PasskeyPage>('/me/passkeys');
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<Passkey | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  if (!found.data) return null;
  const changed = () => {
    found.reload();
    void refreshSession();
  };
  const made = ({ passkey, recovery_codes }: AddedPasskey) => {
    setAdding(false);
    setCodes(recovery_codes);
    toast(t('passkey.added', { name: passkey.name }));
    changed();
  };
  const remove = (id: string) => void api.remove(`/me/passkeys/${id}`).then(changed, tellFailure);
  return (
    <section className="card form" aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">{t('passkey.title')}</h2>
      <p className="muted">{t('passkey.text')}</p>
      {found.data.items.length > 0 && (
        <ul className="things">
          {found.data.items.map((one) => (
            <Row key={one.id} passkey={one} onRename={() => setRenaming(one)} onRemove={() => remove(one.id)} />
          ))}
        </ul>
      )}
      <div className="form-acts">
        {hasPasskeys() ? (
          <Button icon={KeyRound} onClick={() => setAdding(true)}>
            {t('passkey.add')}
          </Button>
        ) : (
          <p className="muted">{t('passkey.no_browser')}</p>
        )}
      </div>
      {adding && (
        <Dialog title={t('passkey.add')} onClose={() => setAdding(false)}>
          <NewPasskey onMade={made} />
        </Dialog>
      )}
      {renaming && (
        <Dialog title={t('passkey.rename_of', { name: renaming.name })} onClose={() => setRenaming(null)}>
          <Rename
            passkey={renaming}
            onDone={() => {
              setRenaming(null);
              changed();
            }}
          />
        </Dialog>
      )}
      {codes.length > 0 && (
        <Dialog title={t('second.codes')} onClose={null}>
          <Codes codes={codes} onDone={() => setCodes([])} />
        </Dialog>
      )}
    </section>
  );
}
