// What one event of the workspace's log does to this page. Pure bookkeeping: no socket here.
import type { Id, LogEvent } from '../api/types';
import { changed, together } from '../state/keyed';
import { countSoon } from '../state/lists';
import { acceptItem, noteGone, noteJoined } from '../state/rows';
import { me, refreshSession, seesOnlyAssigned } from '../state/session';
import { applyToThread, loseThread } from '../state/threads';
import { settleEcho } from '../state/outgoing';
import { announce } from './announce';
import { notify, tellUnsent } from './notify';

type DraftWatcher = (conversation: Id) => void;
let on_draft: DraftWatcher = () => {};
export function whenDraftChanged(watcher: DraftWatcher) {
  on_draft = watcher;
}

const resources: Record<string, string> = {
  channel_changed: 'channels',
  user_changed: 'users',
  contact_changed: 'contacts',
  delivery_changed: 'deliveries',
  policy_changed: 'policy',
  suspension_changed: 'policy',
};

export function applyEvents(events: LogEvent[]) {
  const my_id = me()?.id;
  together(() => {
    for (const event of events) {
      const mine = event.actor?.kind === 'user' && event.actor.id === my_id;
      if (event.message && mine) settleEcho(event.message);
      applyToThread(event);
      if (event.message) tellUnsent(event.message);
      if (event.kind === 'conversation_joined' && event.conversation_id && event.message)
        noteJoined(event.conversation_id, event.message.conversation_id, event.seq);
      if (event.kind === 'assignment_ended' && mine && event.conversation_id && seesOnlyAssigned()) {
        noteGone(event.conversation_id);
        loseThread(event.conversation_id);
      }
      if (event.conversation) acceptItem(event.conversation, event.seq, mine);
      if (event.kind === 'draft_changed' && event.conversation_id && !mine) on_draft(event.conversation_id);
      if (event.kind === 'message_added' && event.message) announce(event.message);
      if (event.kind === 'message_added' && event.message && event.conversation)
        notify(event.message, event.conversation);
      if (['suspension_changed', 'channel_changed', 'user_changed'].includes(event.kind)) void refreshSession();
      const resource = resources[event.kind];
      if (resource) changed(`resource:${resource}`);
    }
    if (events.some((event) => event.conversation || event.kind === 'assignment_ended')) countSoon();
  });
}
