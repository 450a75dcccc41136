// What became of a message, in words: what happened, what is kept, what can be done. Never "sent" before it is.
import { AlertTriangle, Check, CheckCheck, CircleSlash, Clock, Eye, HelpCircle, PauseCircle } from 'lucide-react';
import { useState } from 'react';
import { serverNow } from '../api/client';
import type { Message } from '../api/types';
import { clockSince } from '../i18n/format';
import { t } from '../i18n/t';
import { tellFailure } from '../state/acts';
import { retryMessage, undoSend } from '../state/outgoing';
import { mayActAs, useMe } from '../state/session';
import { Button } from '../ui/Button';
import { useNow } from '../ui/useNow';

/** "Sending in 9 s", counted down by the server's clock, and the way back. */
function Sending({ message, until }: { message: Message; until: number }) {
  const user = useMe();
  useNow(250);
  const [busy, setBusy] = useState(false);
  const left = Math.ceil((until - serverNow()) / 1000);
  const undo = () => {
    setBusy(true);
    undoSend(message).catch((error: unknown) => {
      setBusy(false);
      tellFailure(error);
    });
  };
  if (left <= 0)
    return (
      <p className="message-state">
        <Clock size={14} aria-hidden />
        {t('state.sending')}
      </p>
    );
  return (
    <p className="message-state">
      <Clock size={14} aria-hidden />
      <span className="figures">{t('state.sending_in', { count: left })}</span>
      {message.author.id === user.id && (
        <Button kind="quiet" className="undo" busy={busy} onClick={undo}>
          {t('act.undo')}
        </Button>
      )}
    </p>
  );
}

function Again({ message }: { message: Message }) {
  const user = useMe();
  const [busy, setBusy] = useState(false);
  if (message.author.id !== user.id && !mayActAs(user, 'supervisor')) return null;
  const again = () => {
    setBusy(true);
    retryMessage(message)
      .catch(tellFailure)
      .finally(() => setBusy(false));
  };
  return (
    <Button kind="quiet" busy={busy} onClick={again}>
      {t('ui.try_again')}
    </Button>
  );
}

/** Of a mail to several: who will not get it. When it has failed for all, the state says so already. */
function FailedRecipients({ message }: { message: Message }) {
  if (message.state === 'failed') return null;
  return message.failed_recipients.map(({ address, detail }) => (
    <p key={address} className="message-state late">
      <AlertTriangle size={14} aria-hidden />
      <span>{t('state.failed_recipient', { address, detail })}</span>
    </p>
  ));
}

export function MessageState({ message }: { message: Message }) {
  return (
    <>
      <WholeState message={message} />
      <FailedRecipients message={message} />
    </>
  );
}

function WholeState({ message }: { message: Message }) {
  const detail = message.state_detail ? ` ${message.state_detail}` : '';
  if (message.direction !== 'outbound') return null;
  switch (message.state) {
    case 'queued':
      if (message.undo_until) return <Sending message={message} until={Date.parse(message.undo_until)} />;
      return (
        <p className="message-state">
          <Clock size={14} aria-hidden />
          {t('state.queued')}
          {detail}
        </p>
      );
    case 'sending':
      return (
        <p className="message-state">
          <Clock size={14} aria-hidden />
          {t('state.sending')}
        </p>
      );
    case 'sent':
      return (
        <p className="message-state">
          <Check size={14} aria-hidden />
          {t('state.sent')}
        </p>
      );
    case 'delivered':
      if (message.seen_at)
        return (
          <p className="message-state">
            <Eye size={14} aria-hidden />
            {t('state.seen', { time: clockSince(message.created_at, message.seen_at) })}
          </p>
        );
      return (
        <p className="message-state">
          <CheckCheck size={14} aria-hidden />
          {t('state.delivered')}
        </p>
      );
    case 'held':
      return (
        <p className="message-state warn">
          <PauseCircle size={14} aria-hidden />
          {t(message.findings.some((one) => one.action === 'hold') ? 'state.in_review' : 'state.held')}
          {detail}
        </p>
      );
    case 'cancelled':
      return (
        <p className="message-state">
          <CircleSlash size={14} aria-hidden />
          {t('state.cancelled')}
        </p>
      );
    case 'unknown':
      return (
        <p className="message-state warn">
          <HelpCircle size={14} aria-hidden />
          {t('state.unknown')}
          {detail}
          <Again message={message} />
        </p>
      );
    case 'failed':
      return (
        <p className="message-state late">
          <AlertTriangle size={14} aria-hidden />
          {t('state.failed')}
          {detail}
          <Again message={message} />
        </p>
      );
    default:
      return null;
  }
}
