// The conversations opened on this page with their newest messages; the last 40 stay, so that going back is instant.
import { api, ApiError, query } from '../api/client';
import type { Conversation, Draft, Id, LogEvent, Message, Named, Page, Viewer } from '../api/types';
import { changed, together, useKeyed } from './keyed';
import { acceptItem, noteJoined } from './rows';
import { acceptWatchers } from './watchers';

export interface ThreadState {
  state: 'loading' | 'ready' | 'failed' | 'missing';
  messages: Message[];
  cursor: string | null;
  total: number;
  viewers: Viewer[];
  drafts_of_others: { user: Named; updated_at: string }[];
  draft: Draft | null;
  contact_shows_quotes: boolean;
  seq: number;
  stale: boolean;
  loading_older: boolean;
  contact_typing_at: number;
  error: ApiError | null;
}

const kept_threads_max = 40;
const threads = new Map<Id, ThreadState>();
const message_seq = new Map<Id, number>();
const empty: ThreadState = {
  state: 'loading',
  messages: [],
  cursor: null,
  total: 0,
  viewers: [],
  drafts_of_others: [],
  draft: null,
  contact_shows_quotes: false,
  seq: 0,
  stale: false,
  loading_older: false,
  contact_typing_at: 0,
  error: null,
};

export function thread(id: Id): ThreadState | undefined {
  return threads.get(id);
}

export function useThread(id: Id): ThreadState | undefined {
  return useKeyed(`thread:${id}`, () => threads.get(id));
}

function put(id: Id, patch: Partial<ThreadState>) {
  const next = { ...(threads.get(id) ?? empty), ...patch };
  threads.delete(id);
  threads.set(id, next);
  changed(`thread:${id}`);
}

function oldestFirst(a: Message, b: Message): number {
  return a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : a.id < b.id ? -1 : 1;
}

function withMessages(old: Message[], fresh: Message[]): Message[] {
  const all = new Map(old.map((message) => [message.id, message]));
  for (const message of fresh) all.set(message.id, message);
  return [...all.values()].sort(oldestFirst);
}

function dropOldest() {
  for (const id of threads.keys()) {
    if (threads.size <= kept_threads_max) return;
    threads.delete(id);
  }
}

/** `reason`: why, where the server asks for one (reason_required). */
export async function openThread(id: Id, again = false, reason = '') {
  const old = threads.get(id);
  if (old && !old.stale && !again && (old.state === 'ready' || (old.state === 'loading' && !old.error))) return;
  put(id, { stale: false, error: null, ...(old?.state === 'ready' ? {} : { state: 'loading' as const }) });
  try {
    const found = await api.getFor<Conversation>(`/conversations/${id}`, reason);
    together(() => {
      if (found.id !== id) noteJoined(id, found.id, found.seq);
      acceptSnapshot(found);
    });
    dropOldest();
  } catch (error) {
    const problem = error as ApiError;
    const state = problem.problem?.status === 404 ? 'missing' : threads.get(id)?.messages.length ? 'ready' : 'failed';
    put(id, { state, error: problem, stale: true });
  }
}

export function acceptSnapshot(found: Conversation) {
  const { messages, next_cursor, total_messages, viewers, draft, drafts_of_others, seq, ...rest } = found;
  const { contact_shows_quotes, ...item } = rest;
  acceptItem(item, seq);
  acceptWatchers(found.id, viewers);
  const newer = (threads.get(found.id)?.messages ?? []).filter((message) => (message_seq.get(message.id) ?? 0) > seq);
  for (const message of messages) message_seq.set(message.id, Math.max(seq, message_seq.get(message.id) ?? 0));
  put(found.id, {
    state: 'ready',
    messages: withMessages(messages, newer),
    cursor: next_cursor,
    total: total_messages,
    viewers,
    draft,
    drafts_of_others,
    contact_shows_quotes,
    seq,
    stale: false,
    error: null,
  });
}

export async function loadOlder(id: Id) {
  const now = threads.get(id);
  if (!now || !now.cursor || now.loading_older) return;
  put(id, { loading_older: true });
  try {
    const page = await api.get<Page<Message>>(
      `/conversations/${id}/messages${query({ cursor: now.cursor, limit: 50 })}`,
    );
    const current = threads.get(id) ?? empty;
    put(id, { messages: withMessages(page.items, current.messages), cursor: page.next_cursor, loading_older: false });
  } catch {
    put(id, { loading_older: false });
  }
}

/** Events shorten long messages: what this page has already is kept, and what it has not is read whole. */
function withContent(message: Message, old: Message | undefined): Message {
  if (!message.is_cut) return message;
  if (old && !old.is_cut) {
    const { text, reply_text, html } = old;
    return { ...message, text, reply_text, html, is_cut: false };
  }
  void openThread(message.conversation_id, true);
  return message;
}

/** Up to which event a message is known here; 0 when it is not. */
export function messageSeq(id: Id): number {
  return message_seq.get(id) ?? 0;
}

/** A message as of an event. */
export function acceptMessage(message: Message, seq: number) {
  if (seq <= messageSeq(message.id)) return;
  message_seq.set(message.id, seq);
  putMessage(message);
}

/** The answer to a request of this page, begun when the message was known up to `since`: what an event has told
 *  meanwhile is newer and stays. */
export function acceptAnswer(message: Message, since: number) {
  if (messageSeq(message.id) <= since) putMessage(message);
}

function putMessage(message: Message) {
  const now = threads.get(message.conversation_id);
  if (!now || now.state !== 'ready') return;
  const old = now.messages.find((one) => one.id === message.id);
  put(message.conversation_id, {
    messages: withMessages(now.messages, [withContent(message, old)]),
    total: now.total + (old ? 0 : 1),
    contact_typing_at: message.direction === 'inbound' ? 0 : now.contact_typing_at,
  });
}

/** It is not for this person any more. */
export function loseThread(id: Id) {
  if (threads.has(id)) put(id, { ...empty, state: 'missing' });
}

export function applyToThread(event: LogEvent) {
  if (event.message) acceptMessage(event.message, event.seq);
}

export function acceptViewers(id: Id, viewers: Viewer[]) {
  acceptWatchers(id, viewers);
  if (threads.has(id)) put(id, { viewers });
}

export function acceptTyping(id: Id, at: number) {
  if (threads.has(id)) put(id, { contact_typing_at: at });
}

export function markAllStale() {
  for (const [id, now] of threads) threads.set(id, { ...now, stale: true });
}

export function forgetThreads() {
  threads.clear();
  message_seq.clear();
}
