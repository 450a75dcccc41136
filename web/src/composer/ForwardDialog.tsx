// A message goes on to somebody outside, with its files: what goes and to whom is chosen here and shown before it goes.
import { Paperclip } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { api, ApiError } from '../api/client';
import type { Message } from '../api/types';
import { called } from '../contacts/called';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { failureText } from '../state/acts';
import { useMailAddresses } from '../state/session';
import { acceptAnswer, type ThreadState } from '../state/threads';
import { quotedPart } from '../thread/quoted';
import { Dialog } from '../ui/Dialog';
import { Switch, TextField } from '../ui/Field';
import { FormActs } from '../ui/FormActs';
import { Problem } from '../ui/Problem';
import { AddressField } from './AddressField';
import { addressProblem } from './addresses';

interface Props {
  message: Message;
  thread: ThreadState;
  onClose: () => void;
}

/** What goes on: the message, or what the customer's side and we wrote up to it. Notes never do. */
function chosenOf(thread: ThreadState, message: Message, with_earlier: boolean): Message[] {
  if (!with_earlier) return [message];
  return thread.messages.filter(
    (one) =>
      one.created_at <= message.created_at &&
      one.direction !== 'note' &&
      one.state !== 'cancelled' &&
      (!one.third_party || one.id === message.id),
  );
}

function WhatGoes({ chosen, more }: { chosen: Message[]; more: boolean }) {
  const files = chosen.flatMap((one) => one.attachments);
  return (
    <div className="what-goes">
      <p className="muted small">{t('forward.what', { count: chosen.length })}</p>
      <ul>
        {chosen.map((one) => (
          <li key={one.id}>
            <span className="muted small">
              {called(one.author)}, {dateTime(one.sent_at)}
            </span>
            <span className="cut" dir="auto">
              {one.reply_text.trim() || one.text.trim() || '–'}
            </span>
          </li>
        ))}
      </ul>
      {more && <p className="muted small">{t('forward.older')}</p>}
      {files.length > 0 && (
        <p className="muted small">
          <Paperclip size={14} aria-hidden /> {files.map((file) => file.filename).join(', ')}
        </p>
      )}
    </div>
  );
}

export function ForwardDialog({ message, thread, onClose }: Props) {
  const own = useMailAddresses();
  const [to, setTo] = useState<string[]>([]);
  const [with_earlier, setEarlier] = useState(false);
  const [with_quotes, setQuotes] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [key] = useState(() => crypto.randomUUID());
  const [warned, setWarned] = useState(false); // the button then says that it goes all the same
  const chosen = chosenOf(thread, message, with_earlier);
  const has_quotes = chosen.some((one) => quotedPart(one.text, one.reply_text));
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy || to.some((one) => addressProblem(one, own))) return;
    if (to.length === 0) {
      setTrouble(t('recipients.nobody'));
      return;
    }
    const text = String(new FormData(event.currentTarget).get('text') ?? '').trim();
    setBusy(true);
    try {
      const body = { to, text, with_earlier, with_quotes: has_quotes && with_quotes, confirm_warnings: warned };
      acceptAnswer(await api.post<Message>(`/messages/${message.id}/forward`, body, key), 0);
      onClose();
    } catch (error) {
      const problem = (error as ApiError).problem;
      setWarned(problem?.code === 'content_warning');
      setTrouble(problem?.errors?.[0]?.detail ?? failureText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t('forward.title')} onClose={onClose} wide>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Problem text={trouble} />
        <AddressField label={t('recipients.to_label')} value={to} onChange={setTo} first />
        <TextField label={t('forward.text')} name="text" rows={4} dir="auto" />
        <Switch
          label={t('forward.earlier')}
          hint={t('forward.earlier_hint')}
          checked={with_earlier}
          onChange={(event) => setEarlier(event.target.checked)}
        />
        {has_quotes && (
          <Switch
            label={t('forward.quotes')}
            checked={with_quotes}
            onChange={(event) => setQuotes(event.target.checked)}
          />
        )}
        <WhatGoes chosen={chosen} more={with_earlier && thread.cursor !== null} />
        <FormActs act={t(warned ? 'state.send_anyway' : 'forward.send')} busy={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
