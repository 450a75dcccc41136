// One conversation: what was said, by whom, and the place to answer.
import { useEffect, useState } from 'react';
import type { Message } from '../api/types';
import { go, route, withConversation } from '../app/route';
import { Composer } from '../composer/Composer';
import { ForwardDialog } from '../composer/ForwardDialog';
import { called } from '../contacts/called';
import { t } from '../i18n/t';
import { LoadingRows } from '../ui/LoadingRows';
import { useCommands } from '../keys/commands';
import { sendPresence } from '../live/connection';
import { setStatus, setUnread, take } from '../state/acts';
import { adoptServerDraft } from '../state/drafts';
import { row as rowNow, useJoinedInto, useRow } from '../state/rows';
import { openThread, useThread } from '../state/threads';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { AskReason } from './AskReason';
import { ContactPanel } from './ContactPanel';
import { Messages } from './Messages';
import { nextInList } from './next';
import { closePanelOver, togglePanel, usePanel } from './panel';
import { PresenceLine } from './PresenceLine';
import { SuggestedJoin } from './SuggestedJoin';
import { ThreadHead } from './ThreadHead';
import { useFolding } from './useFolding';

const heartbeat_ms = 15_000;
const read_after_ms = 700;

function usePresence(id: string) {
  useEffect(() => {
    sendPresence(id, 'viewing');
    const timer = setInterval(() => sendPresence(id, 'viewing'), heartbeat_ms);
    return () => {
      clearInterval(timer);
      sendPresence(id, 'left');
    };
  }, [id]);
}

/** Read when it has been looked at for a moment, not when one passes by with the arrow keys. */
function useMarkRead(id: string, ready: boolean, last: string | undefined) {
  useEffect(() => {
    if (!ready) return;
    const timer = setTimeout(() => {
      if (document.visibilityState === 'visible' && rowNow(id)?.unread) void setUnread(id, false);
    }, read_after_ms);
    return () => clearTimeout(timer);
  }, [id, ready, last]);
}

export function ThreadPane({ id }: { id: string }) {
  const thread = useThread(id);
  const row = useRow(id);
  const into = useJoinedInto(id);
  const contact_panel = usePanel();
  const [quotes, setQuotes] = useState(false);
  const folding = useFolding(row, thread?.contact_shows_quotes ?? false);
  const [forwarding, setForwarding] = useState<Message | null>(null);
  useEffect(() => void openThread(id), [id]);
  useEffect(closePanelOver, [id]);
  usePresence(id);
  useEffect(() => {
    if (into) go(withConversation(route.get(), into), 'replace');
  }, [into]);
  const ready = thread?.state === 'ready';
  useMarkRead(id, ready, thread?.messages.at(-1)?.id);
  useEffect(() => {
    if (ready && thread.draft) adoptServerDraft(id, thread.draft);
  }, [id, ready, thread?.draft]);

  const leave = () => go(withConversation(route.get(), null));
  const closeAndNext = () => {
    const next = nextInList(id);
    void setStatus(id, 'closed');
    go(withConversation(route.get(), next), 'replace');
  };
  const markUnread = () => {
    void setUnread(id, true);
    leave();
  };
  // The message that has the focus, or the newest.
  const forwardOne = () => {
    const said = thread?.messages.filter((one) => one.direction !== 'note' && one.state !== 'cancelled') ?? [];
    const focused = document.activeElement?.closest<HTMLElement>('article')?.dataset.message;
    setForwarding(said.find((one) => one.id === focused) ?? said.at(-1) ?? null);
  };
  const is_closed = row?.status === 'closed';
  useCommands({
    'list.back': leave,
    'conversation.close': row && !is_closed ? closeAndNext : undefined,
    'conversation.reopen': row && row.status !== 'open' ? () => void setStatus(id, 'open') : undefined,
    'conversation.take': row ? () => void take(id) : undefined,
    'conversation.unread': row ? markUnread : undefined,
    'conversation.quotes': () => setQuotes((old) => !old),
    'conversation.whole': row ? folding.toggle : undefined,
    'conversation.forward': ready && row?.channel.kind === 'email' ? forwardOne : undefined,
    'conversation.panel': togglePanel,
  });
  if (thread?.state === 'missing') {
    return (
      <Empty title={t('thread.missing')} text={t('thread.missing_text')}>
        <Button onClick={leave}>{t('thread.back')}</Button>
      </Empty>
    );
  }
  if (thread?.state === 'failed' && ['reason_required', 'bad_reason'].includes(thread.error?.code ?? ''))
    return <AskReason id={id} why={thread.error?.message ?? ''} onLeave={leave} />;
  if (thread?.state === 'failed') {
    return (
      <Empty
        title={t('thread.failed')}
        text={thread.error?.code === 'offline' ? t('error.offline') : thread.error?.message}
        role="alert"
      >
        <Button onClick={() => void openThread(id, true)}>{t('ui.try_again')}</Button>
        <Button kind="quiet" onClick={leave}>
          {t('thread.back')}
        </Button>
      </Empty>
    );
  }
  return (
    <>
      <div className="thread" aria-busy={!ready}>
        {row && <ThreadHead id={id} row={row} onBack={leave} onClose={closeAndNext} />}
        {thread && <PresenceLine thread={thread} contact={row ? called(row.contact) : ''} />}
        {row?.suggested_join && <SuggestedJoin id={id} />}
        {ready && row && (
          <Messages id={id} thread={thread} quotes={quotes} folding={folding} onForward={setForwarding} />
        )}
        {!ready && (
          <div className="messages">
            <LoadingRows />
          </div>
        )}
        {row && (
          <Composer
            id={id}
            row={row}
            onSentAndClosed={() => go(withConversation(route.get(), nextInList(id)), 'replace')}
          />
        )}
      </div>
      {row && contact_panel && <ContactPanel row={row} />}
      {forwarding && thread && (
        <ForwardDialog message={forwarding} thread={thread} onClose={() => setForwarding(null)} />
      )}
    </>
  );
}
