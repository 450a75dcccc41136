import { AlertTriangle, Mail, Merge, MessageCircle, type LucideIcon } from 'lucide-react';
import { memo } from 'react';
import type { ChannelKind } from '../api/types';
import { called } from '../contacts/called';
import { ago, ahead, waited } from '../i18n/format';
import { t } from '../i18n/t';
import { useRow, type Row } from '../state/rows';
import { useViewers } from '../state/watchers';
import { Avatar } from '../ui/Avatar';
import { classes } from '../ui/classes';
import { subjectOf } from './subject';

export const channel_icons: Record<ChannelKind, LucideIcon> = { email: Mail, webchat: MessageCircle };

interface Props {
  id: string;
  top: number;
  position: number;
  size: number;
  is_open: boolean;
  is_active: boolean;
  onOpen: (id: string) => void;
}

/** Waiting means: the customer spoke last and the conversation is open. The rail at the edge says it by shape, this
 *  by word. */
function isWaiting(row: Row): boolean {
  return row.status === 'open' && row.last_message_direction === 'inbound';
}

function When({ row }: { row: Row }) {
  if (row.status === 'snoozed' && row.snoozed_until)
    return <span className="row-when">{t('row.back', { when: ahead(row.snoozed_until) })}</span>;
  const words = isWaiting(row) ? t('row.waiting', { when: waited(row.last_message_at) }) : ago(row.last_message_at);
  return (
    <time className="row-when" dateTime={row.last_message_at}>
      {words}
    </time>
  );
}

/** The last of our messages did not leave, or nobody knows: whoever sees it has to look. */
function Undelivered({ row }: { row: Row }) {
  if (!row.undelivered) return null;
  return (
    <span className="row-undelivered">
      <AlertTriangle size={14} aria-hidden />
      {t(`row.${row.undelivered}`)}
    </span>
  );
}

export const ConversationRow = memo(function ConversationRow({
  id,
  top,
  position,
  size,
  is_open,
  is_active,
  onOpen,
}: Props) {
  const row = useRow(id);
  const others = useViewers(id);
  if (!row) return null;
  const Icon = channel_icons[row.channel.kind];
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={`row-${id}`}
      role="option"
      aria-selected={is_open}
      aria-posinset={position}
      aria-setsize={size}
      className={classes(
        'row',
        is_open && 'open',
        is_active && 'active',
        row.unread && 'unread',
        isWaiting(row) && 'waiting',
        row.pending && 'pending',
      )}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onOpen(id)}
    >
      <div className="row-line">
        <span className="row-name cut" dir="auto">
          {called(row.contact)}
        </span>
        {row.unread && <span className="said">{t('row.unread')}</span>}
        <Undelivered row={row} />
        <When row={row} />
      </div>
      <div className="row-line">
        <span className="row-subject cut" dir="auto">
          {subjectOf(row)}
        </span>
        {row.suggested_join && (
          <span title={t('row.suggested')}>
            <Merge size={14} aria-hidden />
            <span className="said">{t('row.suggested')}</span>
          </span>
        )}
        {row.unread && <span className="row-dot" aria-hidden />}
      </div>
      <div className="row-line row-last">
        <Icon size={14} aria-hidden />
        <span className="said">{row.channel.name}</span>
        <span className="row-preview cut" dir="auto">
          {others.length > 0 ? <em className="row-watch">{t('row.watching', { names: others })}</em> : row.preview}
        </span>
        {row.tags.slice(0, 1).map((tag) => (
          <span key={tag} className="tag small cut">
            {tag}
          </span>
        ))}
        {row.assignee && (
          <>
            <span className="said">{t('row.assigned', { name: row.assignee.name })}</span>
            <Avatar name={row.assignee.name} small />
          </>
        )}
      </div>
    </div>
  );
});
