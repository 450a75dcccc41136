import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../../api/client';
import type { Channel, ChannelKind } from '../../api/types';
import { t } from '../../i18n/t';
import { Dialog } from '../../ui/Dialog';
import { Choice, Field, Switch, TextField } from '../../ui/Field';
import { FormActs } from '../../ui/FormActs';
import { Problem } from '../../ui/Problem';
import { MailFields } from './MailFields';
import { configOf, type About } from './channel_form';

interface Props {
  channel: Channel | null;
  kind: ChannelKind;
  onClose: () => void;
  /** With the secret that signs visitors' identities, shown only when a web chat is made. */
  onSaved: (secret: string | null) => void;
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
      <div className="pair alike">
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
      config: configOf(kind, form),
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
        <Problem text={problem && (problem.code === 'offline' ? t('error.offline') : problem.message)} />
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
        <FormActs act={t('ui.save')} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
