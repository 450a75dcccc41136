// What can be done with one message.
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import type { Message } from '../api/types';
import { called } from '../contacts/called';
import { t } from '../i18n/t';
import { AskDialog } from '../policy/AskDialog';
import { foldMessage, removeMessage, reportThing, restoreMessage } from '../state/acts';
import { editDraft } from '../state/drafts';
import { mayActAs, useMe } from '../state/session';
import { Choice } from '../ui/Field';
import { Menu, MenuItem, MenuLine } from '../ui/Menu';
import { Tip } from '../ui/Tip';

interface Props {
  message: Message;
  quoted: boolean; // some of it is folded
  onForward: (message: Message) => void;
  onFoldFrom: () => void;
}

function answerThirdParty(message: Message) {
  if (!message.from_address) return;
  editDraft(message.conversation_id, { kind: 'reply', to: [message.from_address], cc: [], bcc: [] });
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.composer-text')?.focus());
}

/** What is wrong: the message, all of the conversation, or the colleague who wrote it. */
function ReportDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const author = message.author.kind === 'user' ? message.author.id : null;
  const things = {
    message: `/messages/${message.id}`,
    conversation: `/conversations/${message.conversation_id}`,
    ...(author && { user: `/users/${author}` }),
  };
  return (
    <AskDialog
      title={t('report.title')}
      text={t('report.text')}
      label={t('report.why')}
      act={t('report.send')}
      max={500}
      onClose={onClose}
      onSend={(reason, form) => reportThing(things[String(form.get('about')) as keyof typeof things] ?? '', reason)}
    >
      <Choice label={t('report.about')} name="about">
        {Object.keys(things).map((kind) => (
          <option key={kind} value={kind}>
            {t(`report.about.${kind as keyof typeof things}`)}
          </option>
        ))}
      </Choice>
    </AskDialog>
  );
}

export function MessageMenu({ message, quoted, onForward, onFoldFrom }: Props) {
  const user = useMe();
  const [removing, setRemoving] = useState(false);
  const [reporting, setReporting] = useState(false);
  const may_remove = mayActAs(user, 'administrator');
  const is_inbound = message.direction === 'inbound';
  const can_forward = !message.withheld && (message.to[0]?.includes('@') ?? false);
  const can_show_all = is_inbound && quoted;
  const can_fold = is_inbound && message.text.trim().includes('\n');
  const can_recognise = message.shown_lines !== null;
  if (message.direction === 'note' || message.state === 'cancelled') return null;
  return (
    <>
      <Menu
        align={is_inbound ? 'start' : 'end'}
        trigger={
          <button
            type="button"
            className="message-more"
            aria-label={t('message.more', { name: called(message.author) })}
          >
            <Tip text={t('message.more_tip')}>
              <Ellipsis size={16} aria-hidden />
            </Tip>
          </button>
        }
      >
        {message.third_party && is_inbound && (
          <MenuItem onSelect={() => answerThirdParty(message)}>
            {t('message.answer_third', { name: called(message.author) })}
          </MenuItem>
        )}
        {can_forward && <MenuItem onSelect={() => onForward(message)}>{t('key.forward')}</MenuItem>}
        {can_forward && (can_show_all || can_fold || can_recognise) && <MenuLine />}
        {can_show_all && (
          <MenuItem onSelect={() => void foldMessage(message, 0)}>{t('message.show_all_here')}</MenuItem>
        )}
        {can_fold && <MenuItem onSelect={onFoldFrom}>{t('message.fold_from')}</MenuItem>}
        {can_recognise && (
          <MenuItem onSelect={() => void foldMessage(message, null)}>{t('message.as_recognised')}</MenuItem>
        )}
        {may_remove && message.withheld !== 'removed' && (
          <MenuItem onSelect={() => setRemoving(true)}>{t('removal.take_down')}</MenuItem>
        )}
        {may_remove && message.withheld === 'removed' && (
          <MenuItem onSelect={() => void restoreMessage(message)}>{t('removal.put_back')}</MenuItem>
        )}
        <MenuLine />
        <MenuItem onSelect={() => setReporting(true)}>{t('report.act')}</MenuItem>
      </Menu>
      {reporting && <ReportDialog message={message} onClose={() => setReporting(false)} />}
      {removing && (
        <AskDialog
          title={t('removal.title')}
          text={t('removal.text')}
          label={t('removal.why')}
          act={t('removal.act')}
          max={500}
          danger
          onClose={() => setRemoving(false)}
          onSend={(reason) => removeMessage(message, reason)}
        />
      )}
    </>
  );
}
