import { ArrowLeft, Check, PanelRight, RotateCcw } from 'lucide-react';
import { called } from '../contacts/called';
import { dateTime } from '../i18n/format';
import { t } from '../i18n/t';
import { channel_icons } from '../inbox/ConversationRow';
import { setStatus } from '../state/acts';
import type { Row } from '../state/rows';
import { Button, IconButton } from '../ui/Button';
import { Tip } from '../ui/Tip';
import { AssignMenu } from './AssignMenu';
import { togglePanel, usePanel } from './panel';
import { SnoozeMenu } from './SnoozeMenu';
import { Subject } from './Subject';
import { TagsButton } from './TagsButton';

interface Props {
  id: string;
  row: Row;
  onBack: () => void;
  onClose: () => void;
}

export function ThreadHead({ id, row, onBack, onClose }: Props) {
  const contact_panel = usePanel();
  const Icon = channel_icons[row.channel.kind];
  return (
    <header className="thread-head">
      <IconButton className="thread-back" icon={ArrowLeft} label={t('thread.back')} does="list.back" onClick={onBack} />
      <div className="thread-title">
        <Subject key={id} row={row} />
        <p className="muted small cut thread-under">
          <Icon size={14} aria-hidden />
          <span className="cut">
            {t('thread.under', {
              contact: called(row.contact),
              channel: row.channel.name,
              number: String(row.number),
            })}
          </span>
          {row.status !== 'open' && (
            <span className="status-word">
              {row.status === 'closed'
                ? t('status.closed')
                : t('status.snoozed_until', { when: row.snoozed_until ? dateTime(row.snoozed_until) : '' })}
            </span>
          )}
        </p>
      </div>
      <div className="thread-acts">
        <TagsButton id={id} row={row} />
        <SnoozeMenu id={id} />
        <AssignMenu id={id} row={row} />
        {row.status === 'open' ? (
          <Tip text={t('key.close')} id="conversation.close">
            <Button kind="plain" icon={Check} onClick={onClose}>
              {t('thread.close')}
            </Button>
          </Tip>
        ) : (
          <Tip text={t('key.reopen')} id="conversation.reopen">
            <Button kind="plain" icon={RotateCcw} onClick={() => void setStatus(id, 'open')}>
              {t('thread.reopen')}
            </Button>
          </Tip>
        )}
        <IconButton
          icon={PanelRight}
          label={t('key.panel')}
          does="conversation.panel"
          aria-pressed={contact_panel}
          onClick={togglePanel}
        />
      </div>
    </header>
  );
}
