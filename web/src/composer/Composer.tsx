// Where one writes: a reply to the customer, or a note to the team. The two have texts of their own.
import { NotebookPen, Reply, SendHorizontal } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { flushSync } from 'react-dom';
import { serverNow } from '../api/client';
import { t } from '../i18n/t';
import { useCommands } from '../keys/commands';
import { say } from '../live/announce';
import { sendPresence } from '../live/connection';
import { draft, editDraft, isEmpty, useDraft, type Kind } from '../state/drafts';
import { collision, send, useOutgoing } from '../state/outgoing';
import type { Row } from '../state/rows';
import { useHidesPersonal, useMailAddresses, useMe } from '../state/session';
import { useThread } from '../state/threads';
import { Button } from '../ui/Button';
import { classes } from '../ui/classes';
import { Keys } from '../ui/Keys';
import { AttachButton } from './AttachButton';
import { Collision } from './Collision';
import { DraftState } from './DraftState';
import { FileList } from './FileList';
import { withoutMark } from './pictures';
import { QuoteFold, useQuoted } from './QuoteFold';
import { isToThirdParties, recipientOf, recipientsOf } from './recipient';
import { ReplyRecipients, recipientsProblem } from './ReplyRecipients';
import { SendMenu } from './SendMenu';
import { SuspensionNotice, useSuspension } from './SuspensionNotice';
import { usePictures } from './usePictures';
import { useUploads } from './useUploads';

interface Props {
  id: string;
  row: Row;
  onSentAndClosed: () => void;
}

const typing_ms = 3_000;
const unread_ms = 20_000;

function useTyping(id: string): () => void {
  const told_at = useRef(0);
  const still = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(still.current), []);
  return () => {
    clearTimeout(still.current);
    still.current = setTimeout(() => {
      told_at.current = 0;
      sendPresence(id, 'viewing');
    }, typing_ms * 2);
    if (Date.now() - told_at.current < typing_ms) return;
    told_at.current = Date.now();
    sendPresence(id, 'typing');
  };
}

/** Why what is written cannot leave yet; it says so in place of the key that sends. */
function waitsFor(loaded: boolean, uploading: number): string | null {
  if (!loaded) return t('composer.waits_thread');
  return uploading > 0 ? t('composer.waits_files', { count: uploading }) : null;
}

export function Composer({ id, row, onSentAndClosed }: Props) {
  const text_box = useRef<HTMLTextAreaElement>(null);
  const now = useDraft(id);
  const user = useMe();
  const begun_at = useRef(serverNow()); // a message that comes after may not have been read
  const thread = useThread(id);
  const outgoing = useOutgoing(id);
  const collided = collision.use() === id;
  const suspension = useSuspension();
  const uploads = useUploads((done) => editDraft(id, { attachments: [...draft(id).attachments, done] }));
  const pictures = usePictures(id, text_box, uploads);
  const typing = useTyping(id);
  const kind = now.kind;
  const text = now[kind];
  const own = useMailAddresses();
  const hides = useHidesPersonal();
  // Who does not see addresses chooses none: the server answers who wrote.
  const chooses = kind === 'reply' && row.channel.kind === 'email' && !hides;
  const recipients = chooses ? recipientsOf(row, thread, own, now) : null;
  const quoted = useQuoted(row, thread, recipients);
  const empty = !text.trim() && now.attachments.length === 0;
  const waits = waitsFor(thread?.state === 'ready', uploads.busy);
  const hint_id = useId();

  // At once, not in the next frame: the letters that follow the key are text, and must not be taken for keys.
  const write = (next: Kind) => {
    flushSync(() => editDraft(id, { kind: next }));
    const box = text_box.current;
    box?.focus();
    box?.setSelectionRange(box.value.length, box.value.length);
  };
  const sendIt = (close: boolean, anyway = false) => {
    if (waits) return say(waits);
    if (empty || !thread || (recipients && recipientsProblem(recipients, own))) return;
    const last = thread.messages.at(-1);
    const came_at = last && last.author.id !== user.id ? Date.parse(last.created_at) : 0;
    const just_now = came_at > begun_at.current && serverNow() - came_at < unread_ms;
    if (kind === 'reply' && just_now && !anyway) {
      collision.set(id);
      return;
    }
    const chosen = { to: now.to, cc: now.cc, bcc: now.bcc };
    const { attachments, quote } = now;
    send(id, { kind, text: text.trim(), attachments, quote, close, ...recipients, chosen });
    if (close) onSentAndClosed();
    else text_box.current?.focus();
  };
  const is_here = suspension === null || kind === 'note';
  useCommands({
    'conversation.reply': () => write('reply'),
    'conversation.note': () => write('note'),
    'writing.send': is_here ? () => sendIt(false) : undefined,
    'writing.send_close': is_here && kind === 'reply' ? () => sendIt(true) : undefined,
  });
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    event.stopPropagation();
    document.getElementById('thread')?.focus();
  };
  const to_third = recipients !== null && isToThirdParties(recipients, thread, row);
  const to_name = to_third ? recipients.to.join(', ') : recipientOf(row, thread).name;
  const label = kind === 'note' ? t('composer.note_label') : t('composer.reply_label', { name: to_name });
  return (
    <section
      className={classes('composer', kind, to_third && 'to-third-party')}
      aria-label={t('composer.label')}
      {...uploads.dropping}
    >
      {collided && <Collision id={id} onAnyway={() => sendIt(false, true)} />}
      <div className="composer-head">
        <div className="kinds" role="group" aria-label={t('composer.kind')}>
          <button type="button" aria-pressed={kind === 'reply'} onClick={() => write('reply')}>
            <Reply size={16} aria-hidden />
            {t('composer.reply')}
          </button>
          <button type="button" aria-pressed={kind === 'note'} onClick={() => write('note')}>
            <NotebookPen size={16} aria-hidden />
            {t('composer.note')}
          </button>
        </div>
        {!recipients && (
          <span className="composer-to muted small cut">
            {kind === 'note' ? t('composer.only_team') : t('composer.to', { name: to_name, channel: row.channel.name })}
          </span>
        )}
        <DraftState draft={now} quiet={isEmpty(now) || outgoing.length > 0} />
      </div>
      {recipients && !suspension && <ReplyRecipients key={id} id={id} row={row} thread={thread} draft={now} />}
      {kind === 'reply' && suspension ? (
        <SuspensionNotice suspension={suspension} />
      ) : (
        <>
          {now.was_exposed && (
            <p className="notice warn" role="note">
              {t('draft.was_exposed')}
            </p>
          )}
          <textarea
            ref={text_box}
            className="composer-text"
            dir="auto"
            aria-label={label}
            placeholder={label}
            value={text}
            rows={3}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              if (!text) begun_at.current = serverNow();
              editDraft(id, { [kind]: event.target.value });
              typing();
            }}
            onPaste={recipients ? pictures.onPaste : uploads.onPaste}
            onDrop={recipients ? pictures.onDrop : undefined}
          />
          {kind === 'reply' && quoted && (
            <QuoteFold message={quoted} kept={now.quote} onKeep={(quote) => editDraft(id, { quote })} />
          )}
          <FileList
            files={now.attachments}
            running={uploads.running}
            text={text}
            onPlace={recipients ? pictures.putMark : undefined}
            onRemove={(file) => {
              const gone = now.attachments.find((one) => one.id === file);
              editDraft(id, {
                attachments: now.attachments.filter((one) => one !== gone),
                reply: gone ? withoutMark(now.reply, gone.filename) : now.reply,
              });
            }}
          />
          <div className="composer-foot">
            <AttachButton onFiles={uploads.add} />
            <span id={hint_id} className={classes('muted small composer-hint', waits && 'waits')}>
              {waits ?? (
                <>
                  <Keys keys="Mod+Enter" /> {kind === 'note' ? t('composer.hint_note') : t('composer.hint')}
                </>
              )}
            </span>
            <span className="split-button">
              <Button
                kind="first"
                icon={kind === 'note' ? NotebookPen : SendHorizontal}
                aria-disabled={empty || waits !== null}
                aria-describedby={waits ? hint_id : undefined}
                onClick={() => sendIt(false)}
              >
                {kind === 'note' ? t('composer.add_note') : t('composer.send')}
              </Button>
              {kind === 'reply' && <SendMenu disabled={empty || waits !== null} onSendClose={() => sendIt(true)} />}
            </span>
          </div>
        </>
      )}
    </section>
  );
}
