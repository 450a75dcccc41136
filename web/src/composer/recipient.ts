import { called } from '../contacts/called';
import type { Row } from '../state/rows';
import type { ThreadState } from '../state/threads';

export interface Recipient {
  name: string;
  address: string;
}

/** Whom a reply goes to, as the server decides (conversations/dispatch_reply.h): who wrote last, robots aside; of a
 *  conversation in which nobody has written by mail, its contact. */
export function recipientOf(row: Row, thread: ThreadState | undefined): Recipient {
  const last = thread?.messages.findLast(
    (one) => one.direction === 'inbound' && one.from_address && !one.auto_submitted,
  );
  if (!last?.from_address) return { name: called(row.contact), address: row.contact.address || row.contact.name };
  return { name: called({ name: last.author.name, address: last.from_address }), address: last.from_address };
}
