// What somebody writes is kept in this browser, so that neither a reload nor a lost connection loses it; but no longer
// than they are signed in, for the next person here may be another one (OWASP ASVS 5.0, 14.3.1).
import type { Id } from '../api/types';

const drafts = 'answerable.draft.';
const outgoing = 'answerable.outgoing.';

export const draftPlace = (user: Id, conversation: Id) => `${drafts}${user}.${conversation}`;
export const newMessagePlace = (user: Id) => `${drafts}new.${user}`;
export const outgoingPlace = (user: Id) => `${outgoing}${user}`;

/** Names of what is stored; none where the browser stores nothing. */
function names(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/** The conversations of which this browser keeps a draft of that person. */
export function keptDrafts(user: Id): Id[] {
  const start = draftPlace(user, '');
  return names().flatMap((name) => (name.startsWith(start) ? [name.slice(start.length)] : []));
}

/** How many messages that person has sent that the server has not accepted yet. */
export function keptMessages(user: Id): number {
  return countAt(outgoingPlace(user));
}

function countAt(name: string): number {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? '[]');
    return Array.isArray(kept) ? kept.length : 0;
  } catch {
    return 0;
  }
}

/** Deletes what everybody but `user` has left here, and says how many messages of it had not been sent. */
export function forgetKept(user: Id | null): number {
  const mine = user === null ? [] : [draftPlace(user, ''), newMessagePlace(user), outgoingPlace(user)];
  let lost = 0;
  for (const name of names()) {
    if (!name.startsWith(drafts) && !name.startsWith(outgoing)) continue;
    if (mine.some((start) => name.startsWith(start))) continue;
    if (name.startsWith(outgoing)) lost += countAt(name);
    localStorage.removeItem(name);
  }
  return lost;
}
