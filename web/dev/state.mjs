// The shop's state: conversations as items, the event log, who looks at what. One file that both HTTP and sockets use.
import { conversations, messages } from './data.mjs';

export const log = [];
export const peers = new Map(); // peer -> { user, conversation, state }
export const drafts = new Map(); // "user conversation" -> draft
export const flags = { offline: false, suspended: false, lagging: 0 };
const first_seq = 1_000;

export function seq() {
  return first_seq + log.length;
}

export function item(conversation) {
  const list = messages.get(conversation.id);
  const last = list.at(-1);
  const { created_at: _created_at, ...rest } = conversation;
  return {
    ...rest,
    preview: (last?.reply_text ?? '').replace(/\s+/g, ' ').slice(0, 140),
    last_message_at: last?.created_at ?? conversation.created_at,
    last_message_direction: list.findLast((one) => one.direction !== 'note')?.direction ?? 'inbound',
    message_count: list.length,
  };
}

export function emit(kind, actor, conversation, message = null) {
  const event = {
    seq: seq() + 1,
    kind,
    at: new Date().toISOString(),
    conversation_id: conversation?.id ?? null,
    message_id: message?.id ?? null,
    actor,
    conversation: conversation ? item(conversation) : null,
    message,
  };
  log.push(event);
  for (const peer of peers.keys()) peer.send({ type: 'events', events: [event], seq: event.seq });
}

export function changed(conversation, patch, actor, kind = 'conversation_changed', message = null) {
  Object.assign(conversation, patch);
  conversation.version += 1;
  emit(kind, actor, conversation, message);
  return item(conversation);
}

export function viewers(id) {
  const found = new Map();
  for (const { user, conversation, state } of peers.values()) {
    if (conversation === id && state !== 'left') found.set(user.id, { user: { id: user.id, name: user.name }, state });
  }
  return [...found.values(), ...(pretended.get(id) ?? [])];
}

export const pretended = new Map();
export function tellPresence(id) {
  const now = viewers(id);
  for (const peer of peers.keys()) peer.send({ type: 'presence', conversation: id, viewers: now });
}

let sorted = null;
let sorted_at = -1;
/** Every conversation as an item, newest first; made again only when something has happened. */
export function allItems() {
  if (sorted_at !== log.length || !sorted) {
    sorted = [...conversations.values()]
      .map(item)
      .sort((a, b) =>
        a.last_message_at < b.last_message_at ? 1 : a.last_message_at > b.last_message_at ? -1 : a.id < b.id ? 1 : -1,
      );
    sorted_at = log.length;
  }
  return sorted;
}

export function inView(view, one, user) {
  if (view === 'mine') return one.status === 'open' && one.assignee?.id === user.id;
  if (view === 'unassigned') return one.status === 'open' && !one.assignee;
  return view === 'all' || one.status === view;
}
