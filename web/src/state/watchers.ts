// Which colleagues look at which conversation: told by presence frames, shown in the list and in the conversation.
import type { Id, Viewer } from '../api/types';
import { changed, useKeyed } from './keyed';
import { me } from './session';

const names = new Map<Id, string>();

export function acceptWatchers(id: Id, viewers: Viewer[]) {
  const my_id = me()?.id;
  const others = viewers
    .filter((one) => one.user.id !== my_id)
    .map((one) => one.user.name.split(' ')[0])
    .join(', ');
  if ((names.get(id) ?? '') === others) return;
  if (others) names.set(id, others);
  else names.delete(id);
  changed(`watchers:${id}`);
}

/** First names, joined; empty when nobody else looks. */
export function useViewers(id: Id): string {
  return useKeyed(`watchers:${id}`, () => names.get(id) ?? '');
}
