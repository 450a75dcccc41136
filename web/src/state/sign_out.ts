// Signing out deletes what one has written from this browser. What the server does not have either would be lost: then
// there is a question first.
import { api } from '../api/client';
import { tellFailure } from './acts';
import { settleDrafts } from './drafts';
import { cell } from './keyed';
import { forgetKept } from './kept';
import { begunMessage } from './new_message';
import { unsentCount } from './outgoing';
import { session } from './session';

interface Leaving {
  everywhere: boolean;
  messages: number; // that the server has not accepted
  drafts: number; // that it does not have as they are here
}
/** What the page asks about (session/SignOutQuestion.tsx); null: nothing. */
export const leaving = cell<Leaving | null>('leaving', null);

export async function signOut(everywhere: boolean) {
  const drafts = (await settleDrafts()) + (begunMessage() ? 1 : 0);
  const found = { everywhere, messages: unsentCount(), drafts };
  if (found.messages + found.drafts > 0) leaving.set(found);
  else await leave(everywhere);
}

export async function leave(everywhere: boolean) {
  try {
    await api.remove(everywhere ? '/sessions' : '/session');
  } catch (error) {
    tellFailure(error); // still signed in: nothing is deleted
    return;
  }
  session.set({ state: 'signed_out' }); // what is still under way has nobody to keep anything for
  forgetKept(null);
  location.assign('/');
}
