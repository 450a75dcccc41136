import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../api/client';
import type { Channel, ChannelKind, MailServer } from '../api/types';
import { t } from '../i18n/t';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Choice, Field, Switch, TextField } from '../ui/Field';
import { AcknowledgementFields } from './AcknowledgementFields';
import { configOf } from './channel_form';

interface Props {
  channel: Channel | null;
  kind: ChannelKind;
  onClose: () => void;
  /** With the secret that signs visitors' identities, shown only when a web chat is made. */
  onSaved: (secret: string | null) => void;
}
type About = (field: string) => string | undefined;

const ports = { imap: 993, smtp: 587 };

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

function Server({ name, now, about }: { name: 'imap' | 'smtp'; now: MailServer | undefined; about: About }) {
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
        defaultValue={now?.security ?? (name === 'imap' ? 'tls' : 'starttls')}
      >
        <option value="tls">TLS</option>
        <option value="starttls">STARTTLS</option>
        <option value="none">{t('channels.security_none')}</option>
      </Choice>
      <Field label={t('channels.user')} name={`${name}.user`} defaultValue={now?.user} autoComplete="off" />
      <Field
        label={t('channels.password')}
        name={`${name}.password`}
        type="password"
        autoComplete="new-password"
        error={about(`config.${name}.password`)}
        hint={now ? t('channels.password_kept') : undefined}
      />
      {name === 'imap' && <Folders now={now} about={about} />}
    </fieldset>
  );
}

function MailFields({ channel, about }: { channel: Channel | null; about: About }) {
  const config = channel?.config ?? {};
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
      <Server name="imap" now={config.imap} about={about} />
      <Server name="smtp" now={config.smtp} about={about} />
      <AcknowledgementFields now={config.acknowledgement} about={about} />
    </>
  );
}

function ChatFields({ channel, about }: { channel: Channel | null; about: About }) {
  const config = channel?.config ?? {};
  return (
    <>
      <TextField label={t('channels.greeting')} name="greeting" rows={2} defaultValue={config.greeting} dir="auto" />
      <TextField
        label={t('channels.origins')}
        name="allowed_origins"
        rows={2}
        defaultValue={config.allowed_origins?.join('\n')}
        hint={t('channels.origins_hint')}
        error={about('config.allowed_origins')}
      />
      <div className="pair">
        <Field label={t('channels.color')} name="color" type="color" defaultValue={config.color ?? '#7a2a5e'} />
        <Choice label={t('profile.language')} name="language" defaultValue={config.language ?? 'en'}>
          <option value="en" lang="en">
            English
          </option>
          <option value="fr" lang="fr">
            Français
          </option>
          <option value="ar" lang="ar">
            العربية
          </option>
        </Choice>
      </div>
      <Switch
        label={t('channels.identity')}
        hint={t('channels.identity_hint')}
        name="require_identity"
        defaultChecked={config.require_identity ?? false}
      />
    </>
  );
}

export function ChannelDialog({ channel, kind, onClose, onSaved }: Props) {
  const [problem, setProblem] = useState<ApiError | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const address = String(form.get('address') ?? '').trim();
    const body = {
      name: String(form.get('name')).trim(),
      ...(address ? { address } : {}),
      config: configOf(kind, form, channel?.config ?? {}),
    };
    try {
      const saved = channel
        ? await api.patch<Channel>(`/channels/${channel.id}`, body)
        : await api.post<Channel>('/channels', { kind, ...body });
      const secret = saved.config?.identity_secret ?? null;
      onSaved(channel ? null : secret);
    } catch (error) {
      setProblem(error as ApiError);
    }
  };
  const about: About = (field) => problem?.problem.errors?.find((one) => one.field === field)?.detail;
  const title = channel
    ? t('channels.edit_of', { name: channel.name })
    : t(kind === 'email' ? 'channels.add_mail' : 'channels.add_chat');
  return (
    <Dialog title={title} onClose={onClose} wide>
      <form className="form" onSubmit={(event) => void submit(event)}>
        {problem && (
          <p className="notice late" role="alert">
            {problem.code === 'offline' ? t('error.offline') : problem.message}
          </p>
        )}
        <Field
          label={t('channels.name')}
          name="name"
          required
          maxLength={100}
          defaultValue={channel?.name}
          error={about('name')}
          dir="auto"
          autoFocus
        />
        {kind === 'email' && (
          <Field
            label={t('channels.address')}
            name="address"
            type="email"
            required
            defaultValue={channel?.address}
            hint={t('channels.address_hint')}
            error={about('address')}
          />
        )}
        {kind === 'email' && <MailFields channel={channel} about={about} />}
        {kind === 'webchat' && <ChatFields channel={channel} about={about} />}
        <div className="form-acts">
          <Button kind="quiet" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="first" type="submit">
            {t('ui.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
