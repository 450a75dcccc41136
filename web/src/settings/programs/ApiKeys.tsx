import { KeyRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import type { ApiKey, Application, ComposedRole, Page, RolePage } from '../../api/types';
import { dateTime, day, since } from '../../i18n/format';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice, Field } from '../../ui/Field';
import { FormActs } from '../../ui/FormActs';
import { useResource } from '../../ui/useResource';
import { Applications } from './Applications';
import { Listing } from '../../ui/Listing';
import { chosen, RoleOptions } from '../people/RoleOptions';
import { SecretDialog } from '../../ui/Secret';

const day_ms = 86_400_000;
const lifetimes_days = [30, 90, 365];

function AddKey({ onClose, onAdded }: { onClose: () => void; onAdded: (secret: string) => void }) {
  const known = useResource<Page<Application>>('/applications').data?.items ?? [];
  const own = useResource<RolePage>('/roles', 'roles').data?.items ?? [];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = Number(form.get('days'));
    const body = {
      name: String(form.get('name')).trim(),
      ...(form.get('application') ? { application: String(form.get('application')) } : {}),
      scopes: form.get('scope') === 'read' ? ['read'] : ['read', 'write'],
      ...chosen(String(form.get('role'))),
      ...(days > 0 ? { expires_at: new Date(Date.now() + days * day_ms).toISOString() } : {}),
    };
    api.post<{ secret: string | null }>('/api-keys', body).then((made) => onAdded(made.secret ?? ''), tellFailure);
  };
  return (
    <Dialog title={t('keys.add')} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field
          label={t('keys.name')}
          name="name"
          required
          maxLength={100}
          hint={t('keys.name_hint')}
          autoComplete="off"
          autoFocus
        />
        <Choice label={t('keys.application')} name="application">
          <option value="">{t('keys.own_application')}</option>
          {known.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </Choice>
        <Choice label={t('keys.role')} hint={t('keys.role_hint')} name="role">
          <RoleOptions own={own.filter((one) => !one.only_assigned)} />
        </Choice>
        <Choice label={t('keys.scope')} name="scope">
          <option value="read">{t('keys.read')}</option>
          <option value="write">{t('keys.write')}</option>
        </Choice>
        <Choice label={t('keys.life')} name="days" defaultValue="90">
          {lifetimes_days.map((days) => (
            <option key={days} value={days}>
              {t('keys.days', { count: days })}
            </option>
          ))}
          <option value="0">{t('keys.forever')}</option>
        </Choice>
        <FormActs act={t('keys.add_act')} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function roleName(key: ApiKey, own: ComposedRole[]): string {
  if (!key.role_id) return t(`role.${key.role}`);
  return own.find((one) => one.id === key.role_id)?.name ?? t('roles.own');
}

export function ApiKeys() {
  const own = useResource<RolePage>('/roles', 'roles').data?.items ?? [];
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const again = () => setRound((old) => old + 1);
  return (
    <>
      <div className="page-acts">
        <Button kind="first" icon={KeyRound} onClick={() => setAdding(true)}>
          {t('keys.add')}
        </Button>
      </div>
      <section className="card">
        <Listing<ApiKey> key={round} path="/api-keys" whole empty={t('keys.none')} empty_text={t('keys.none_text')}>
          {(items) => (
            <ul className="things">
              {items.map((one) => (
                <li key={one.id}>
                  <div className="grow">
                    <p>
                      <strong dir="auto">{one.name}</strong> <code>{one.prefix}…</code>
                    </p>
                    <p className="muted small">
                      {roleName(one, own)} · {t(one.scopes.includes('write') ? 'keys.write' : 'keys.read')} ·{' '}
                      {t('keys.made', { day: day(one.created_at) })} ·{' '}
                      {one.expires_at ? t('keys.until', { when: dateTime(one.expires_at) }) : t('keys.forever')} ·{' '}
                      {one.last_used_at ? t('keys.used', { when: since(one.last_used_at) }) : t('keys.unused')}
                    </p>
                  </div>
                  <Button
                    aria-label={t('keys.revoke_of', { name: one.name })}
                    onClick={() => void api.remove(`/api-keys/${one.id}`).then(again, tellFailure)}
                  >
                    {t('keys.revoke')}
                  </Button>
                </li>
              ))}
            </ul>
          )}
        </Listing>
      </section>
      <Applications key={`applications ${round}`} onChanged={again} />
      {adding && (
        <AddKey
          onClose={() => setAdding(false)}
          onAdded={(made) => {
            setAdding(false);
            setSecret(made);
            again();
          }}
        />
      )}
      {secret && (
        <SecretDialog
          title={t('keys.secret')}
          text={t('keys.secret_text')}
          secret={secret}
          onClose={() => setSecret(null)}
        />
      )}
    </>
  );
}
