// Where one writes: a reply to the customer, or a note to the team. The two have texts of their own.
import { NotebookPen, Reply, SendHorizontal } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { serverNow } from '../api/client';
import { called } from '../contacts/called';
import { t } from '../i18n/t';
import { useCommands } from '../keys/commands';
import { sendPresence } from '../live/connection';
import { draft, editDraft, isEmpty, useDraft, type Kind } from '../state/drafts';
import { collision, send, useOutgoing } from '../state/outgoing';
import type { Row } from '../state/rows';
import { useMe } from '../state/session';
import { useThread } from '../state/threads';
import { Button } from '../ui/Button';
import { classes } from '../ui/classes';
import { Keys } from '../ui/Keys';
import { AttachButton } from './AttachButton';
import { addressesOf, wrongAddress } from './cc';
import { CcLine } from './CcLine';
import { Collision } from './Collision';
import { DraftState } from './DraftState';
import { FileList } from './FileList';
import { recipientOf } from './recipient';
import { SendMenu } from './SendMenu';
import { SuspensionNotice, useSuspension } from './SuspensionNotice';
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
  const typing = useTyping(id);
  const kind = now.kind;
  const text = now[kind];
  const can_copy = kind === 'reply' && row.channel.kind === 'email';
  const cc = can_copy ? now.cc : null;
  const empty = !text.trim() && now.attachments.length === 0;

  const write = (next: Kind) => {
    editDraft(id, { kind: next });
    requestAnimationFrame(() => {
      const box = text_box.current;
      box?.focus();
      box?.setSelectionRange(box.value.length, box.value.length);
    });
  };
  const sendIt = (close: boolean, anyway = false) => {
    if (empty || uploads.busy > 0 || thread?.state !== 'ready' || (cc !== null && wrongAddress(cc))) return;
    const last = thread.messages.at(-1);
    const came_at = last && last.author.id !== user.id ? Date.parse(last.created_at) : 0;
    const just_now = came_at > begun_at.current && serverNow() - came_at < unread_ms;
    if (kind === 'reply' && just_now && !anyway) {
      collision.set(id);
      return;
    }
    send(id, { kind, text: text.trim(), attachments: now.attachments, cc: addressesOf(cc), close });
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
  const to = recipientOf(row, thread);
  const label = kind === 'note' ? t('composer.note_label') : t('composer.reply_label', { name: to.name });
  return (
    <section className={classes('composer', kind)} aria-label={t('composer.label')} {...uploads.dropping}>
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
        <span className="composer-to muted small cut">
          {kind === 'note'
            ? t('composer.only_team')
            : t('composer.to', {
                name: called({ name: to.address }),
                channel: row.channel.name,
              })}
        </span>
        {can_copy && cc === null && (
          <button type="button" className="fold" onClick={() => editDraft(id, { cc: '' })}>
            {t('composer.cc')}
          </button>
        )}
        <DraftState draft={now} quiet={isEmpty(now) || outgoing.length > 0} />
      </div>
      {kind === 'reply' && suspension ? (
        <SuspensionNotice suspension={suspension} />
      ) : (
        <>
          {cc !== null && <CcLine value={cc} onChange={(next) => editDraft(id, { cc: next })} />}
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
            onPaste={uploads.onPaste}
          />
          <FileList
            files={now.attachments}
            running={uploads.running}
            onRemove={(file) => editDraft(id, { attachments: now.attachments.filter((one) => one.id !== file) })}
          />
          <div className="composer-foot">
            <AttachButton onFiles={uploads.add} />
            <span className="muted small composer-hint">
              <Keys keys="Mod+Enter" /> {kind === 'note' ? t('composer.hint_note') : t('composer.hint')}
            </span>
            <span className="split-button">
              <Button
                kind="first"
                icon={kind === 'note' ? NotebookPen : SendHorizontal}
                aria-disabled={empty || uploads.busy > 0}
                onClick={() => sendIt(false)}
              >
                {kind === 'note' ? t('composer.add_note') : t('composer.send')}
              </Button>
              {kind === 'reply' && <SendMenu disabled={empty} onSendClose={() => sendIt(true)} />}
            </span>
          </div>
        </>
      )}
    </section>
  );
}
