import { route } from '../app/route';
import { list, listKey } from '../state/lists';

/** The conversation to open after this one is done: the one below it in the list, or else the one above. */
export function nextInList(id: string): string | null {
  const now = route.get();
  if (now.at !== 'inbox') return null;
  const ids = list(listKey(now.filter))?.shown ?? [];
  const at = ids.indexOf(id);
  return at < 0 ? null : (ids[at + 1] ?? ids[at - 1] ?? null);
}
