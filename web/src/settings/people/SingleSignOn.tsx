// How a workspace's people come in by their company's own sign-in.
import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../../api/client';
import type { SingleSignOn as Settings } from '../../api/types';
import { t } from '../../i18n/t';
import { problemOf } from '../../session/AccountCard';
import { people as everybody } from '../../state/people';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Choice, Field, Switch, TextField } from '../../ui/Field';
import { Problem } from '../../ui/Problem';
import { useResource } from '../../ui/useResource';
import { CopyText } from '../../ui/Secret';

function wantedOf(form: FormData) {
  const secret = String(form.get('client_secret'));
  const break_glass = String(form.get('break_glass_user_id'));
  return {
    issuer: String(form.get('issuer')).trim(),
    client_id: String(form.get('client_id')).trim(),
    ...(secret ? { client_secret: secret } : {}),
    domains: String(form.get('domains'))
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
    acr_values: String(form.get('acr_values'))
      .split(/[\s,]+/)
      .filter(Boolean),
    on: form.get('on') === 'on',
    enforced: form.get('enforced') === 'on',
    ...(break_glass ? { break_glass_user_id: break_glass } : {}),
  };
}

function Form({ settings, onSaved }: { settings: Settings; onSaved: () => void }) {
  const [error, setError] = useState<ApiError | null>(null);
  const people = everybody.use().filter((one) => one.role === 'administrator');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setError(null);
    try {
      await api.put('/single-sign-on', wantedOf(new FormData(event.currentTarget)));
      toast(t('sso.saved'));
      onSaved();
    } catch (cause) {
      setError(cause as ApiError);
    }
  };
  const about = (field: string) => error?.problem.errors?.find((one) => one.field === field)?.detail;
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      {error && !error.problem.errors?.length && <Problem text={problemOf(error)} />}
      <Field
        label={t('sso.issuer')}
        hint={t('sso.issuer_hint')}
        name="issuer"
        type="url"
        required
        maxLength={300}
        defaultValue={settings.issuer}
        error={about('issuer')}
      />
      <Field
        label={t('sso.client_id')}
        name="client_id"
        required
        maxLength={300}
        autoComplete="off"
        defaultValue={settings.client_id}
        error={about('client_id')}
      />
      <Field
        label={t('sso.client_secret')}
        hint={t(settings.has_secret ? 'sso.secret_kept' : 'sso.secret_hint')}
        name="client_secret"
        type="password"
        maxLength={500}
        autoComplete="off"
        error={about('client_secret')}
      />
      <TextField
        label={t('sso.domains')}
        hint={t('sso.domains_hint')}
        name="domains"
        defaultValue={settings.domains.join('\n')}
        error={about('domains')}
      />
      <TextField
        label={t('sso.acr')}
        hint={t('sso.acr_hint')}
        name="acr_values"
        defaultValue={settings.acr_values.join('\n')}
        error={about('acr_values')}
      />
      <Switch label={t('sso.on')} hint={t('sso.on_hint')} name="on" defaultChecked={settings.on} />
      <Switch
        label={t('sso.enforced')}
        hint={t('sso.enforced_hint')}
        name="enforced"
        defaultChecked={settings.enforced}
      />
      <Choice
        label={t('sso.break_glass')}
        hint={t('sso.break_glass_hint')}
        name="break_glass_user_id"
        defaultValue={settings.break_glass_user_id ?? ''}
      >
        <option value="">{t('sso.nobody')}</option>
        {people.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </Choice>
      <div className="form-acts">
        <Button kind="first" type="submit">
          {t('ui.save')}
        </Button>
      </div>
    </form>
  );
}

export function SingleSignOn() {
  const found = useResource<Settings>('/single-sign-on');
  if (!found.data) return null;
  return (
    <section className="card form" aria-labelledby="sso-title">
      <h2 id="sso-title">{t('sso.settings')}</h2>
      <p className="muted">{t('sso.text')}</p>
      <CopyText text={found.data.redirect_url} label={t('sso.redirect_url')} />
      <p className="muted">{t('sso.logout_text')}</p>
      <CopyText text={found.data.logout_url} label={t('sso.logout_url')} />
      <Form key={JSON.stringify(found.data)} settings={found.data} onSaved={found.reload} />
    </section>
  );
}
