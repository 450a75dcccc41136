// An agent writes first; by mail only, for a visitor of a web chat cannot be called.
import { useEffect, useState, type FormEvent } from 'react';
import { api, ApiError } from '../api/client';
import type { Channel, Conversation, Page } from '../api/types';
import { go } from '../app/route';
import { t } from '../i18n/t';
import { seen_channels } from '../state/rows';
import { acceptSnapshot } from '../state/threads';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Choice, Field, TextField } from '../ui/Field';

interface Sender {
  id: string;
  name: string;
}

function useSenders(): Sender[] {
  const [found, setFound] = useState<Sender[]>(() => [...seen_channels.values()].filter((one) => one.kind === 'email'));
  useEffect(() => {
    api.get<Page<Channel>>('/channels').then(
      (page) => {
        const mail = page.items.filter((one) => one.kind === 'email' && one.state !== 'disabled');
        if (mail.length > 0) setFound(mail.map((one) => ({ id: one.id, name: `${one.name} · ${one.address}` })));
      },
      () => {},
    );
  }, []);
  return found;
}

export function NewConversation({ onClose }: { onClose: () => void }) {
  const senders = useSenders();
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = new FormData(event.currentTarget);
    const said = (name: string) => String(form.get(name) ?? '').trim();
    setBusy(true);
    try {
      const made = await api.post<Conversation>(
        '/conversations',
        { channel_id: said('channel'), to: said('to'), subject: said('subject'), text: said('text') },
        key,
      );
      if (made.messages) acceptSnapshot(made);
      onClose();
      go({ at: 'inbox', filter: { view: 'all' }, conversation: made.id });
    } catch (error) {
      setProblem(error as ApiError);
      setBusy(false);
    }
  };
  const about = (field: string) => problem?.problem.errors?.find((one) => one.field === field)?.detail;
  return (
    <Dialog title={t('compose.title')} onClose={onClose} wide>
      <form className="form" onSubmit={(event) => void submit(event)}>
        {problem && !problem.problem.errors?.length && (
          <p className="notice late" role="alert">
            {problem.code === 'offline' ? t('error.offline') : problem.message}
          </p>
        )}
        {senders.length === 0 && <p className="notice">{t('compose.no_channel')}</p>}
        <Choice label={t('compose.from')} name="channel" required>
          {senders.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </Choice>
        <Field
          label={t('compose.to')}
          name="to"
          type="email"
          required
          autoComplete="off"
          error={about('to')}
          autoFocus
        />
        <Field
          label={t('compose.subject')}
          name="subject"
          required
          maxLength={500}
          dir="auto"
          error={about('subject')}
        />
        <TextField label={t('compose.text')} name="text" required rows={8} dir="auto" error={about('text')} />
        <div className="form-acts">
          <Button kind="quiet" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="first" type="submit" busy={busy || senders.length === 0}>
            {t('composer.send')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
