import type { ChannelConfig } from '../../api/types';
import { t } from '../../i18n/t';
import { Field } from '../../ui/Field';
import type { About } from './channel_form';
import { CopyText } from '../../ui/Secret';

interface Props {
  provider: string;
  now: ChannelConfig['oauth'];
  redirect: string;
  about: About;
}

/** Who we are to the provider that grants access to the mailbox. */
export function OAuthFields({ provider, now, redirect, about }: Props) {
  const field = (name: 'client_id' | 'authorisation_url' | 'token_url' | 'scope' | 'tenant', hint?: string) => (
    <Field
      label={t(`channels.${name}`)}
      name={`oauth.${name}`}
      defaultValue={now?.[name]}
      autoComplete="off"
      hint={hint}
      error={about(`config.oauth.${name}`)}
    />
  );
  const secret = (name: 'client_secret' | 'refresh_token', hint?: string) => (
    <Field
      label={t(`channels.${name}`)}
      name={`oauth.${name}`}
      type="password"
      autoComplete="new-password"
      hint={hint}
      error={about(`config.oauth.${name}`)}
    />
  );
  return (
    <fieldset className="group">
      <legend>{t('channels.oauth')}</legend>
      <p className="field-hint">{t('channels.oauth_hint')}</p>
      <CopyText text={redirect} label={t('channels.redirect')} />
      {field('client_id')}
      {secret('client_secret', now ? t('channels.password_kept') : undefined)}
      {provider === 'microsoft' && field('tenant', t('channels.tenant_hint'))}
      {provider === 'other' && (
        <>
          {field('authorisation_url')}
          {field('token_url')}
          {field('scope')}
        </>
      )}
      {secret('refresh_token', t('channels.refresh_token_hint'))}
    </fieldset>
  );
}
