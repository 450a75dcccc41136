// Whom a reply goes to. The customer's side is answered; a third party (to whom something was forwarded, or sent in
// blind copy) only when one says so.
import type { Message } from '../api/types';
import { called } from '../contacts/called';
import type { LocalDraft } from '../state/drafts';
import type { Row } from '../state/rows';
import type { ThreadState } from '../state/threads';
import { isAmong, isOwn, isSame, withAddresses } from './addresses';

interface Recipient {
  name: string;
  address: string;
}
export interface Recipients {
  to: string[];
  cc: string[];
  bcc: string[];
}

/** The message that a reply answers, as the server decides (conversations/dispatch_reply.h): what the customer's side
 *  wrote last, robots aside. */
function answeredMessage(thread: ThreadState | undefined): Message | undefined {
  return thread?.messages.findLast(
    (one) =>
      one.direction === 'inbound' && one.from_address && !one.auto_submitted && !one.third_party && !one.withheld,
  );
}

/** Who wrote that; of a conversation in which nobody has written by mail, its contact. */
export function recipientOf(row: Row, thread: ThreadState | undefined): Recipient {
  const last = answeredMessage(thread);
  if (!last?.from_address) return { name: called(row.contact), address: row.contact.address || row.contact.name };
  return { name: called({ name: last.author.name, address: last.from_address }), address: last.from_address };
}

/** Whom these went to, but for us and `to`. */
function othersOf(messages: (Message | undefined)[], to: string, own: string[]): string[] {
  const all = withAddresses(
    [],
    messages.flatMap((one) => [...(one?.to ?? []), ...(one?.cc ?? [])]),
  );
  return all.filter((one) => one.includes('@') && !isSame(one, to) && !isOwn(own, one));
}

/** Whom the customer wrote to as well. */
export function alsoWrittenTo(to: string, thread: ThreadState | undefined, own: string[]): string[] {
  return othersOf([answeredMessage(thread)], to, own);
}

/** Who else gets a reply: those to whom the customer wrote as well, or what we have chosen since. */
export function copiesOf(to: string, thread: ThreadState | undefined, own: string[]): string[] {
  const answered = answeredMessage(thread);
  const ours = thread?.messages.findLast(
    (one) => one.direction === 'outbound' && one.state !== 'cancelled' && !one.third_party && isAmong(one.to, to),
  );
  const chosen = ours && (!answered || ours.created_at > answered.created_at) ? ours : answered;
  return othersOf([chosen], to, own);
}

/** What was chosen in the composer, or to whom one answers without a choice. */
export function recipientsOf(row: Row, thread: ThreadState | undefined, own: string[], draft: LocalDraft): Recipients {
  const to = draft.to ?? [recipientOf(row, thread).address];
  const cc = draft.cc ?? (draft.to ? [] : copiesOf(to[0] ?? '', thread, own));
  return { to, cc, bcc: draft.bcc };
}

/** Whether all of these are third parties, so that the customer's side does not get it. */
export function isToThirdParties({ to, cc }: Recipients, thread: ThreadState | undefined, row: Row): boolean {
  const addresses = (one: Message) => [one.from_address ?? '', ...one.to, ...one.cc];
  const said = thread?.messages.filter((one) => one.direction !== 'note' && one.state !== 'cancelled') ?? [];
  const third = said.flatMap((one) => [...(one.third_party ? addresses(one) : []), ...one.bcc]);
  const customer = [row.contact.address, ...said.flatMap((one) => (one.third_party ? [] : addresses(one)))];
  const is_third = (one: string) => isAmong(third, one) && !isAmong(customer, one);
  return to.length > 0 && to.every(is_third) && cc.every(is_third);
}
