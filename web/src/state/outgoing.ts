// What this agent has sent and the server has not yet accepted. Never shown as sent: it is "sending", "waiting for the
// connection" or "not sent". The same Idempotency-Key goes with every attempt, so a lost answer cannot double a
// message.
import { api, ApiError } from '../api/client';
import type { Id, Message, Upload } from '../api/types';
import { t } from '../i18n/t';
import { forgetUndoOf, tell, tellFailure } from './acts';
import { clearDraft, restoreDraft, type Kind, type LocalDraft } from './drafts';
import { cell, changed, useKeyed } from './keyed';
import { keep, kept, keptMessages, outgoingPlace } from './kept';
import { patchRow, row } from './rows';
import { me, refreshSession } from './session';
import { acceptAnswer, messageSeq, openThread, thread } from './threads';

type Chosen = Pick<LocalDraft, 'to' | 'cc' | 'bcc'>;
export interface Outgoing {
  key: string;
  conversation_id: Id;
  kind: Kind;
  text: string;
  attachments: Upload[];
  /** Where the channel has addresses: whom this goes to, as the composer said. */
  to: string[] | null;
  cc: string[] | null;
  bcc: string[];
  /** What of that was the agent's choice: it is chosen again when the text comes back. */
  chosen: Chosen;
  quote?: boolean;
  close: boolean;
  if_last_message: Id | null;
  created_at: string;
  state: 'sending' | 'waiting' | 'refused';
  reason: string | null;
  /** A rule on content asks to look again; sent all the same, it is confirmed. */
  warned?: boolean;
}
type Sent = Pick<Outgoing, 'text' | 'attachments' | 'chosen' | 'quote'>;

const none: Outgoing[] = [];
const queues = new Map<Id, Outgoing[]>();
const sent = new Map<Id, Sent>();
export const waiting_count = cell<number>('outgoing', 0);
/** Conversation in which somebody wrote while this agent was writing. */
export const collision = cell<Id | null>('collision', null);
/** Conversation whose text has just come back to be written on: the page goes there. */
export const taken_back = cell<Id | null>('taken_back', null);

const place = () => outgoingPlace(me()?.id ?? '');

/** Messages of mine that the server has not accepted; those of before this page was loaded, too. */
export function unsentCount(): number {
  return Math.max([...queues.values()].flat().length, keptMessages(me()?.id ?? ''));
}

function put(id: Id, next: Outgoing[]) {
  if (next.length > 0) queues.set(id, next);
  else queues.delete(id);
  const all = [...queues.values()].flat();
  waiting_count.set(all.filter((one) => one.state === 'waiting').length);
  try {
    if (me()) keep(place(), all);
  } catch {
    // Without storage the message waits in this page only.
  }
  changed(`outgoing:${id}`);
}

export function useOutgoing(id: Id): Outgoing[] {
  return useKeyed(`outgoing:${id}`, () => queues.get(id) ?? none);
}

function replace(one: Outgoing, patch: Partial<Outgoing> | null) {
  const rest = queues.get(one.conversation_id) ?? none;
  put(
    one.conversation_id,
    rest.flatMap((old) => (old.key !== one.key ? [old] : patch ? [{ ...old, ...patch }] : [])),
  );
}

const nobody = { to: null, cc: null, bcc: [], chosen: { to: null, cc: null, bcc: [] } };
type Written = Pick<Outgoing, 'kind' | 'text' | 'attachments' | 'close' | 'quote'> &
  Partial<Chosen & { chosen: Chosen }>;
export function send(conversation_id: Id, what: Written) {
  const last = thread(conversation_id)?.messages.at(-1)?.id ?? null;
  const one: Outgoing = {
    ...nobody,
    ...what,
    key: crypto.randomUUID(),
    conversation_id,
    if_last_message: what.kind === 'reply' ? last : null,
    created_at: new Date().toISOString(),
    state: 'sending',
    reason: null,
  };
  put(conversation_id, [...(queues.get(conversation_id) ?? none), one]);
  clearDraft(conversation_id, what.kind);
  collision.set(null);
  void attempt(one);
}

async function attempt(one: Outgoing) {
  const end_patch = one.close ? patchRow(one.conversation_id, { status: 'closed' }) : null;
  try {
    const message = await api.post<Message>(
      `/conversations/${one.conversation_id}/messages`,
      {
        text: one.text,
        kind: one.kind,
        attachments: one.attachments.map((file) => file.id),
        ...(one.to ? { to: one.to } : {}),
        ...(one.cc?.length ? { cc: one.cc } : {}),
        ...(one.bcc.length > 0 ? { bcc: one.bcc } : {}),
        ...(one.kind === 'reply' && one.quote === false ? { quote: false } : {}),
        ...(one.close ? { close: true } : {}),
        ...(one.warned ? { confirm_warnings: true } : {}),
        ...(one.if_last_message ? { if_last_message: one.if_last_message } : {}),
      },
      one.key,
    );
    sent.set(message.id, one);
    replace(one, null);
    acceptAnswer(message, 0);
    const now = row(one.conversation_id);
    end_patch?.(now ? { ...now, status: 'closed' } : undefined);
    // In view, the message has its own way back; who has closed the conversation too is elsewhere by now.
    if (message.undo_until)
      tell(one.close ? t('act.sent_closed') : null, () => void undoSend(message).catch(tellFailure), message.id);
  } catch (error) {
    end_patch?.();
    refuse(one, error as ApiError);
  }
}

function refuse(one: Outgoing, error: ApiError) {
  if (error.is_passing) replace(one, { state: 'waiting' });
  else if (error.code === 'newer_message') {
    replace(one, null);
    restoreDraft(one.conversation_id, one.kind, one);
    collision.set(one.conversation_id);
    void openThread(one.conversation_id, true);
  } else if (error.code === 'suspended') {
    replace(one, null);
    restoreDraft(one.conversation_id, one.kind, one);
    void refreshSession(); // says why
  } else if (error.code === 'content_warning') {
    replace(one, { state: 'refused', reason: error.message, warned: true });
  } else replace(one, { state: 'refused', warned: false, reason: error.message || error.code });
}

/** My own message came back as an event before the answer to my request: its stand-in goes now, not twice on screen. */
export function settleEcho(message: Message) {
  const queue = queues.get(message.conversation_id);
  const same = queue?.find((one) => one.state !== 'refused' && one.kind === message.kind && one.text === message.text);
  if (same && !thread(message.conversation_id)?.messages.some((known) => known.id === message.id)) {
    sent.set(message.id, same);
    replace(same, null);
  }
}

export function sendAgain(one: Outgoing) {
  replace(one, { state: 'sending', reason: null });
  void attempt({ ...one, if_last_message: null });
}

export function takeBack(one: Outgoing) {
  replace(one, null);
  restoreDraft(one.conversation_id, one.kind, one);
  taken_back.set(one.conversation_id);
}

export function sendWaiting() {
  for (const one of [...queues.values()].flat()) {
    if (one.state !== 'waiting') continue;
    replace(one, { state: 'sending' });
    void attempt(one);
  }
}

export function loadOutgoing() {
  queues.clear();
  for (const one of kept<Outgoing[]>(place()) ?? none) {
    const state = one.state === 'refused' ? 'refused' : 'waiting';
    put(one.conversation_id, [...(queues.get(one.conversation_id) ?? none), { ...nobody, ...one, state }]);
  }
  sendWaiting();
}

/** Stops a message that the server still holds, and gives its text back to the composer. */
export async function undoSend(message: Message): Promise<void> {
  const since = messageSeq(message.id);
  acceptAnswer(await api.post<Message>(`/messages/${message.id}/undo`), since);
  forgetUndoOf(message.id);
  if (message.kind === 'forward') return; // its words were no answer
  const { text, to, cc, bcc } = message;
  const was = sent.get(message.id) ?? { text, attachments: [], chosen: { to, cc, bcc } };
  restoreDraft(message.conversation_id, message.kind, was);
  taken_back.set(message.conversation_id);
}

export async function retryMessage(message: Message): Promise<void> {
  const since = messageSeq(message.id);
  acceptAnswer(await api.post<Message>(`/messages/${message.id}/retry`), since);
}
