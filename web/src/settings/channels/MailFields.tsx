// What a mail channel's dialog asks: its addresses, how its servers are signed in to, and the servers.
import { useState } from 'react';
import type { Channel, ChannelConfig, MailProviders, MailServer } from '../../api/types';
import { t } from '../../i18n/t';
import { Choice, Field, Switch, TextField } from '../../ui/Field';
import { useResource } from '../../ui/useResource';
import type { About } from './channel_form';
import { AcknowledgementFields } from './AcknowledgementFields';
import { OAuthFields } from './OAuthFields';
import { Signing } from './Signing';
import { Trusted } from './Trusted';

const ports = { imap: 993, pop3: 995, smtp: 587 };
type ServerName = keyof typeof ports;
type FetchedBy = 'imap' | 'pop3';
type Now = Omit<MailServer, 'after_storing'> & { after_storing?: string };

function Folders({ now, about }: { now: MailServer | undefined; about: About }) {
  return (
    <>
      <TextField
        label={t('channels.folders')}
        name="imap.folders"
        rows={2}
        defaultValue={[now?.folder ?? 'INBOX', ...(now?.further_folders ?? [])].join('\n')}
        hint={t('channels.folders_hint')}
        error={about('config.imap.further_folders')}
      />
      <div className="pair">
        <Choice
          label={t('channels.after_storing')}
          name="imap.after_storing"
          defaultValue={now?.after_storing ?? 'leave'}
        >
          <option value="leave">{t('channels.after_leave')}</option>
          <option value="seen">{t('channels.after_seen')}</option>
          <option value="move">{t('channels.after_move')}</option>
        </Choice>
        <Field
          label={t('channels.move_to')}
          name="imap.move_to"
          defaultValue={now?.move_to}
          error={about('config.imap.move_to')}
        />
      </div>
    </>
  );
}

function AfterPop3({ now }: { now: Now | undefined }) {
  return (
    <Choice
      label={t('channels.after_storing')}
      name="pop3.after_storing"
      defaultValue={now?.after_storing ?? 'leave'}
      hint={t('channels.after_delete_hint')}
    >
      <option value="leave">{t('channels.after_leave')}</option>
      <option value="delete">{t('channels.after_delete')}</option>
    </Choice>
  );
}

interface ServerProps {
  name: ServerName;
  now: Now | undefined;
  provided: boolean;
  about: About;
}

function Server({ name, now, provided, about }: ServerProps) {
  const [ticked, setTicked] = useState(now?.sign_in !== 'password');
  return (
    <fieldset className="group">
      <legend>{t(`channels.${name}`)}</legend>
      <p className="field-hint">{t(`channels.${name}_hint`)}</p>
      <div className="pair">
        <Field
          label={t('channels.host')}
          name={`${name}.host`}
          defaultValue={now?.host}
          autoComplete="off"
          error={about(`config.${name}.host`)}
        />
        <Field
          label={t('channels.port')}
          name={`${name}.port`}
          type="number"
          min={1}
          max={65535}
          defaultValue={now?.port ?? ports[name]}
          error={about(`config.${name}.port`)}
        />
      </div>
      <Choice
        label={t('channels.security')}
        name={`${name}.security`}
        defaultValue={now?.security ?? (name === 'smtp' ? 'starttls' : 'tls')}
      >
        <option value="tls">TLS</option>
        <option value="starttls">STARTTLS</option>
        <option value="none">{t('channels.security_none')}</option>
      </Choice>
      <Field label={t('channels.user')} name={`${name}.user`} defaultValue={now?.user} autoComplete="off" />
      {provided && (
        <Switch
          label={t('channels.sign_in_oauth')}
          name={`${name}.oauth`}
          checked={ticked}
          onChange={(event) => setTicked(event.target.checked)}
        />
      )}
      {!(provided && ticked) && (
        <Field
          label={t('channels.password')}
          name={`${name}.password`}
          type="password"
          autoComplete="new-password"
          error={about(`config.${name}.password`)}
          hint={now ? t('channels.password_kept') : undefined}
        />
      )}
      {name === 'imap' && <Folders now={now as MailServer | undefined} about={about} />}
      {name === 'pop3' && <AfterPop3 now={now} />}
    </fieldset>
  );
}

interface FetchingProps {
  way: FetchedBy;
  onWay: (way: FetchedBy) => void;
  now: Now | undefined;
  provided: boolean;
  about: About;
}

/** How mail comes in beside LMTP: the form says which of the two servers it means. */
function Fetching({ way, onWay, now, provided, about }: FetchingProps) {
  return (
    <>
      <Choice
        label={t('channels.fetch_by')}
        name="fetch_by"
        value={way}
        onChange={(event) => onWay(event.target.value as FetchedBy)}
        error={about('config.pop3')}
      >
        <option value="imap">IMAP</option>
        <option value="pop3">POP3</option>
      </Choice>
      <Server key={way} name={way} now={now} provided={provided} about={about} />
    </>
  );
}

export function MailFields({ channel, about }: { channel: Channel | null; about: About }) {
  const config: ChannelConfig = channel?.config ?? {};
  const known = useResource<MailProviders>('/mail-providers').data;
  const [way, setWay] = useState<FetchedBy>(config.pop3 ? 'pop3' : 'imap');
  const [provider, setProvider] = useState(config.oauth?.provider ?? '');
  const preset = provider === config.oauth?.provider ? undefined : known?.items.find((one) => one.id === provider);
  const now = (name: ServerName): Now | undefined =>
    preset ? ({ ...config[name], ...preset[name] } as Now) : config[name];
  return (
    <>
      <Field
        label={t('channels.from_name')}
        name="from_name"
        defaultValue={config.from_name}
        hint={t('channels.from_name_hint')}
      />
      <TextField
        label={t('channels.lmtp')}
        name="lmtp_addresses"
        rows={2}
        defaultValue={config.lmtp_addresses?.join('\n')}
        hint={t('channels.lmtp_hint')}
        error={about('config.lmtp_addresses')}
      />
      <Choice
        label={t('channels.provider')}
        name="oauth.provider"
        value={provider}
        onChange={(event) => setProvider(event.target.value)}
      >
        <option value="">{t('channels.provider_password')}</option>
        {known?.items.map((one) => (
          <option key={one.id} value={one.id}>
            {t('channels.provider_known', { provider: one.name })}
          </option>
        ))}
        <option value="other">{t('channels.provider_other')}</option>
      </Choice>
      {provider && (
        <OAuthFields provider={provider} now={config.oauth} redirect={known?.redirect_url ?? ''} about={about} />
      )}
      <Fetching
        key={`fetch ${preset?.id}`}
        way={way}
        onWay={setWay}
        now={now(way)}
        provided={provider !== ''}
        about={about}
      />
      <Server key={`smtp ${preset?.id}`} name="smtp" now={now('smtp')} provided={provider !== ''} about={about} />
      <Trusted now={config} about={about} />
      <Switch
        label={t('channels.quote')}
        hint={t('channels.quote_hint')}
        name="quote_replies"
        defaultChecked={config.quote_replies ?? true}
      />
      <Signing channel={channel} about={about} />
      <AcknowledgementFields now={config.acknowledgement} about={about} />
    </>
  );
}
