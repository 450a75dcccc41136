import { AlertTriangle, Clock, CloudOff } from 'lucide-react';
import { clock } from '../i18n/format';
import { t } from '../i18n/t';
import { useReasons } from '../policy/clause_titles';
import { sendAgain, takeBack, type Outgoing } from '../state/outgoing';
import { useMe } from '../state/session';
import { Button } from '../ui/Button';
import { classes } from '../ui/classes';
import { MessageText } from './MessageText';
import { NoteWord } from './MessageArticle';

/** A refusal by the policy names the clause by its id. */
function Refusal({ reason }: { reason: string }) {
  return <>{t('state.refused', { reason: useReasons()(reason) })}</>;
}

function State({ one }: { one: Outgoing }) {
  if (one.state === 'sending') {
    return (
      <p className="message-state">
        <Clock size={14} aria-hidden />
        {t(one.kind === 'note' ? 'state.saving_note' : 'state.handing_over')}
      </p>
    );
  }
  const waiting = one.state === 'waiting';
  return (
    <p className={classes('message-state', waiting ? 'warn' : 'late')}>
      {waiting ? <CloudOff size={14} aria-hidden /> : <AlertTriangle size={14} aria-hidden />}
      {waiting ? t('state.waits_for_connection') : <Refusal reason={one.reason ?? ''} />}
      <Button kind="quiet" onClick={() => sendAgain(one)}>
        {t(one.warned && !waiting ? 'state.send_anyway' : 'ui.try_again')}
      </Button>
      <Button kind="quiet" onClick={() => takeBack(one)}>
        {t('state.edit')}
      </Button>
    </p>
  );
}

/** A message that is still in this browser only. */
export function OutgoingArticle({ one, position, total }: { one: Outgoing; position: number; total: number }) {
  const user = useMe();
  return (
    <article
      className={classes('message', one.kind === 'note' ? 'note' : 'outbound', 'local')}
      tabIndex={-1}
      aria-posinset={position}
      aria-setsize={total}
      aria-label={t('message.label', { name: user.name, time: clock(one.created_at) })}
    >
      <header className="message-head">
        <span className="message-name">{user.name}</span>
        {one.kind === 'note' && <NoteWord />}
        <time className="muted" dateTime={one.created_at}>
          {clock(one.created_at)}
        </time>
      </header>
      <div className="bubble">
        <MessageText text={one.text} />
        {one.attachments.length > 0 && (
          <p className="muted small">{t('message.attachments', { count: one.attachments.length })}</p>
        )}
      </div>
      <State one={one} />
    </article>
  );
}
