// The programs that may use the interface of this workspace: what each is for, who answers for it, until when.
import { AppWindow } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import type { Application } from '../../api/types';
import { dateTime } from '../../i18n/format';
import { t } from '../../i18n/t';
import { tellFailure } from '../../state/acts';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice, Field, TextField } from '../../ui/Field';
import { FormActs } from '../../ui/FormActs';
import { Listing } from '../../ui/Listing';

const day_ms = 86_400_000;

function Register({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = Number(form.get('days'));
    const said = (name: string) => String(form.get(name)).trim();
    const body = {
      name: said('name'),
      purpose: said('purpose'),
      contact: said('contact'),
      scope: said('scope'),
      ...(days > 0 ? { expires_at: new Date(Date.now() + days * day_ms).toISOString() } : {}),
    };
    api.post('/applications', body).then(onDone, tellFailure);
  };
  return (
    <Dialog title={t('applications.add')} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Field label={t('keys.name')} name="name" required maxLength={100} autoComplete="off" autoFocus />
        <TextField label={t('applications.purpose')} name="purpose" required maxLength={900} />
        <Field label={t('applications.contact')} name="contact" type="email" autoComplete="off" />
        <Choice label={t('keys.scope')} name="scope">
          <option value="read">{t('keys.read')}</option>
          <option value="write">{t('keys.write')}</option>
        </Choice>
        <Choice label={t('keys.life')} name="days" defaultValue="365">
          <option value="90">{t('keys.days', { count: 90 })}</option>
          <option value="365">{t('keys.days', { count: 365 })}</option>
          <option value="0">{t('keys.forever')}</option>
        </Choice>
        <FormActs act={t('applications.add_act')} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

export function ApplicationLines({ one }: { one: Application }) {
  return (
    <div className="grow">
      <p>
        <strong dir="auto">{one.name}</strong>{' '}
        <span className="state-word">{t(`applications.state.${one.state}`)}</span>
      </p>
      {one.purpose && <p dir="auto">{one.purpose}</p>}
      <p className="muted small">
        {t(one.scopes.includes('write') ? 'keys.write' : 'keys.read')} ·{' '}
        {one.expires_at ? t('keys.until', { when: dateTime(one.expires_at) }) : t('keys.forever')}
        {one.owner && ` · ${one.owner}`}
        {one.contact && ` · ${one.contact}`}
      </p>
    </div>
  );
}

export function Applications({ onChanged }: { onChanged: () => void }) {
  const [adding, setAdding] = useState(false);
  const [round, setRound] = useState(0);
  const again = () => {
    setRound((old) => old + 1);
    onChanged();
  };
  return (
    <section className="card">
      <h2>{t('applications.title')}</h2>
      <p className="muted">{t('applications.text')}</p>
      <Listing<Application> key={round} path="/applications" whole empty={t('applications.none')}>
        {(items) => (
          <ul className="things">
            {items.map((one) => (
              <li key={one.id}>
                <ApplicationLines one={one} />
                <Button
                  aria-label={t('applications.end_of', { name: one.name })}
                  onClick={() => void api.remove(`/applications/${one.id}`).then(again, tellFailure)}
                >
                  {t('applications.end')}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Listing>
      <Button icon={AppWindow} onClick={() => setAdding(true)}>
        {t('applications.add')}
      </Button>
      {adding && (
        <Register
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            again();
          }}
        />
      )}
    </section>
  );
}
