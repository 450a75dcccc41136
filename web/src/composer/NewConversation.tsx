// An agent writes first; by mail only, for a visitor of a web chat cannot be called.
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { api, ApiError } from '../api/client';
import type { Channel, Conversation, Page, Upload } from '../api/types';
import { go } from '../app/route';
import { t } from '../i18n/t';
import { failureText } from '../state/acts';
import { begunMessage, forgetMessage, keepMessage } from '../state/new_message';
import { seen_channels } from '../state/rows';
import { acceptSnapshot } from '../state/threads';
import { toast } from '../state/toasts';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Choice, Field, TextField } from '../ui/Field';
import { Problem } from '../ui/Problem';
import { useMailAddresses } from '../state/session';
import { AddressField } from './AddressField';
import { addressProblem } from './addresses';
import { AttachButton } from './AttachButton';
import { FileList } from './FileList';
import { useUploads } from './useUploads';

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
  const form = useRef<HTMLFormElement>(null);
  const [begun] = useState(begunMessage);
  const [written, setWritten] = useState(begun !== null);
  const [channel, setChannel] = useState(begun?.channel ?? null);
  const from = senders.find((one) => one.id === channel) ?? senders[0];
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const [files, setFiles] = useState<Upload[]>(begun?.attachments ?? []);
  const [trouble, setTrouble] = useState<string | null>(null);
  const uploads = useUploads((done) => setFiles((old) => [...old, done]), setTrouble);
  const own = useMailAddresses();
  const [copies, setCopies] = useState<{ cc: string[]; bcc: string[] } | null>(begun?.copies ?? null);
  const [key] = useState(() => begun?.key ?? crypto.randomUUID());
  const warned = problem?.code === 'content_warning'; // the button then says that it goes all the same
  const said = (name: string) => {
    const value = form.current && new FormData(form.current).get(name);
    return typeof value === 'string' ? value : '';
  };
  const keep = () => {
    const texts = { to: said('to'), subject: said('subject'), text: said('text') };
    setWritten(keepMessage({ key, channel, ...texts, attachments: files, copies }));
  };
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the fields of the form say themselves that they changed
  useEffect(keep, [channel, files, copies]);
  const leave = () => {
    if (written) toast(t('compose.kept'));
    onClose();
  };
  const discard = () => {
    forgetMessage();
    onClose();
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wrong = copies && [...copies.cc, ...copies.bcc].some((one) => addressProblem(one, own));
    if (busy || uploads.busy > 0 || wrong) return;
    setBusy(true);
    try {
      const made = await api.post<Conversation>(
        '/conversations',
        {
          channel_id: from?.id,
          to: said('to').trim(),
          subject: said('subject').trim(),
          text: said('text').trim(),
          attachments: files.map((file) => file.id),
          ...copies,
          ...(warned ? { confirm_warnings: true } : {}),
        },
        key,
      );
      if (made.messages) acceptSnapshot(made);
      discard();
      go({ at: 'inbox', filter: { view: 'all' }, conversation: made.id });
    } catch (error) {
      const failure = error as ApiError;
      setProblem(failure);
      setTrouble(failure.problem?.errors?.length ? null : failureText(error));
      setBusy(false);
    }
  };
  const about = (field: string) => problem?.problem.errors?.find((one) => one.field === field)?.detail;
  return (
    <Dialog title={t('compose.title')} onClose={leave} wide>
      <form ref={form} className="form" onInput={keep} onSubmit={(event) => void submit(event)} {...uploads.dropping}>
        <Problem text={trouble} />
        {senders.length === 0 && <p className="notice">{t('compose.no_channel')}</p>}
        <Choice
          label={t('compose.from')}
          required
          value={from?.id}
          onChange={(event) => setChannel(event.target.value)}
          error={about('channel_id')}
        >
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
          defaultValue={begun?.to}
          autoComplete="off"
          error={about('to')}
          data-first
        />
        {copies ? (
          <>
            <AddressField
              label={t('recipients.cc_label')}
              value={copies.cc}
              first
              error={about('cc')}
              onChange={(cc) => setCopies({ ...copies, cc })}
            />
            <AddressField
              label={t('recipients.bcc_label')}
              value={copies.bcc}
              error={about('bcc')}
              onChange={(bcc) => setCopies({ ...copies, bcc })}
            />
          </>
        ) : (
          <button type="button" className="fold" onClick={() => setCopies({ cc: [], bcc: [] })}>
            {t('compose.copies')}
          </button>
        )}
        <Field
          label={t('compose.subject')}
          name="subject"
          required
          defaultValue={begun?.subject}
          maxLength={500}
          dir="auto"
          error={about('subject')}
        />
        <TextField
          label={t('compose.text')}
          name="text"
          required={files.length === 0}
          defaultValue={begun?.text}
          rows={8}
          dir="auto"
          error={about('text')}
          onPaste={uploads.onPaste}
        />
        <FileList
          files={files}
          running={uploads.running}
          onRemove={(id) => setFiles((old) => old.filter((one) => one.id !== id))}
        />
        <div className="form-acts">
          <AttachButton worded onFiles={uploads.add} />
          <Button kind="quiet" onClick={discard}>
            {t(written ? 'compose.discard' : 'ui.cancel')}
          </Button>
          <Button kind="first" type="submit" busy={busy || uploads.busy > 0 || senders.length === 0}>
            {t(warned ? 'state.send_anyway' : 'composer.send')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
