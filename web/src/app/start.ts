// From "signed in" to "live": a first list is the snapshot, its sequence number is where the events go on.
import { api } from '../api/client';
import type { Conversation } from '../api/types';
import { whenDraftChanged } from '../live/apply';
import { startLive, stopLive, whenBack, whenResync } from '../live/connection';
import { followOtherTabs } from '../state/drafts';
import { changed } from '../state/keyed';
import { countNow, listKey, openList, refreshLists, type Filter } from '../state/lists';
import { loadOutgoing, sendWaiting } from '../state/outgoing';
import { loadPeople } from '../state/people';
import { acceptSnapshot, markAllStale, openThread, thread } from '../state/threads';
import { openConversation, route } from './route';

function currentFilter(): Filter {
  const now = route.get();
  return now.at === 'inbox' ? now.filter : { view: 'mine' };
}

/** Every screen as the server has it now: after a gap, or after signing in again. */
export async function afresh(): Promise<number | null> {
  markAllStale();
  await refreshLists(listKey(currentFilter()));
  const seq = await openList(currentFilter(), true);
  const open = openConversation(route.get());
  if (open) await openThread(open, true);
  for (const name of ['channels', 'users', 'contacts', 'deliveries', 'policy']) changed(`resource:${name}`);
  return seq;
}

let tries = 0;
async function begin() {
  const seq = await openList(currentFilter(), tries > 0);
  void countNow();
  if (seq !== null) {
    tries = 0;
    startLive(seq);
  } else setTimeout(() => void begin(), Math.min(15_000, 1_000 * 2 ** tries++));
}

export function startWork(): () => void {
  whenResync(afresh);
  whenBack(() => {
    sendWaiting();
    const open = openConversation(route.get());
    if (open && thread(open)?.state !== 'ready') void openThread(open, true);
  });
  whenDraftChanged((id) => {
    if (openConversation(route.get()) !== id) return;
    void api.get<Conversation>(`/conversations/${id}`).then(acceptSnapshot, () => {});
  });
  loadOutgoing();
  void loadPeople();
  void begin();
  const unfollow = followOtherTabs();
  return () => {
    unfollow();
    stopLive();
  };
}
