// What the customer wrote goes along below a reply by mail, where the channel does so. It is folded here, and can be
// left out.
import { Ellipsis, X } from 'lucide-react';
import { useId, useState } from 'react';
import type { Channel, Message, Page } from '../api/types';
import { called } from '../contacts/called';
import { t } from '../i18n/t';
import type { Row } from '../state/rows';
import type { ThreadState } from '../state/threads';
import { IconButton } from '../ui/Button';
import { useResource } from '../ui/useResource';
import { isAmong } from './addresses';
import { isToThirdParties, type Recipients } from './recipient';

/** The message that a reply to these would repeat, as the server decides (conversations/dispatch_reply.cpp): what that
 *  side wrote last, if all who get the reply have seen it. */
export function useQuoted(row: Row, thread: ThreadState | undefined, recipients: Recipients | null): Message | null {
  const { data } = useResource<Page<Channel>>(row.channel.kind === 'email' ? '/channels' : null, 'channels');
  const channel = data?.items.find((one) => one.id === row.channel.id);
  if (!channel?.quotes_replies || !recipients) return null;
  const third_party = isToThirdParties(recipients, thread, row);
  const last = thread?.messages.findLast(
    (one) => one.direction === 'inbound' && !one.auto_submitted && one.third_party === third_party,
  );
  if (!last?.reply_text.trim()) return null;
  const knows_it = [last.from_address ?? '', ...last.to, ...last.cc];
  const all = [...recipients.to, ...recipients.cc, ...recipients.bcc];
  return all.every((one) => isAmong(knows_it, one)) ? last : null;
}

interface Props {
  message: Message;
  kept: boolean;
  onKeep: (kept: boolean) => void;
}

export function QuoteFold({ message, kept, onKeep }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const name = called({ name: message.author.name, address: message.from_address ?? '' });
  if (!kept) {
    return (
      <div className="quote-fold">
        <button type="button" className="fold" onClick={() => onKeep(true)}>
          {t('composer.quote_again', { name })}
        </button>
      </div>
    );
  }
  return (
    <div className="quote-fold">
      <button
        type="button"
        className="fold quote-dots"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={t(open ? 'composer.quote_hide' : 'composer.quote_show', { name })}
        onClick={() => setOpen(!open)}
      >
        <Ellipsis size={16} aria-hidden />
      </button>
      <span className="muted small cut">{t('composer.quote', { name })}</span>
      <IconButton icon={X} size={14} label={t('composer.quote_remove')} onClick={() => onKeep(false)} />
      {open && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
        <blockquote id={id} dir="auto" tabIndex={0}>
          {message.reply_text.trim()}
        </blockquote>
      )}
    </div>
  );
}
