// Small true-to-contract values for the tests of the store.
import type { Conversation, ConversationItem, LogEvent, Message, User } from '../api/types';
import { setKeptKey } from '../state/kept';
import { session } from '../state/session';

export const nora: User = {
  id: 'u-nora',
  name: 'Nora',
  email: 'nora@example.org',
  role: 'administrator',
  role_id: null,
  state: 'active',
  language: 'en',
  theme: 'system',
  shortcuts: true,
  must_change_password: false,
  invited: false,
  second_factor: false,
  created_at: '2026-01-01T00:00:00.000Z',
  last_seen_at: null,
};

export const browser_key = btoa('k'.repeat(32));

export function signedIn() {
  setKeptKey(browser_key);
  session.set({
    state: 'in',
    expired: false,
    session: {
      user: nora,
      workspace: { id: 'w', name: 'Shop', suspension: null, suspensions: [], mail_addresses: ['help@shop.example'] },
      must_set_second_factor: false,
      permissions: [],
      only_assigned: false,
      hides_personal: false,
      browser_key,
      csrf: null,
    },
  });
}

export function item(id: string, patch: Partial<ConversationItem> = {}): ConversationItem {
  return {
    id,
    number: 1,
    subject: id,
    status: 'open',
    snoozed_until: null,
    channel: { id: 'c', kind: 'email', name: 'Mail' },
    contact: { id: 'p', name: 'Sami', address: 'sami@example.org' },
    assignee: { id: nora.id, name: nora.name },
    preview: '',
    last_message_at: '2026-11-24T10:00:00.000Z',
    last_message_direction: 'inbound',
    undelivered: null,
    unread: false,
    message_count: 1,
    tags: [],
    version: 1,
    suggested_join: null,
    ...patch,
  };
}

/** A conversation as it is loaded, with one message, m1. */
export function snapshot(id: string): Conversation {
  return {
    ...item(id),
    messages: [message('m1', id)],
    next_cursor: null,
    total_messages: 1,
    viewers: [],
    draft: null,
    drafts_of_others: [],
    created_at: '2026-11-24T09:00:00.000Z',
    contact_shows_quotes: false,
    seq: 10,
  };
}

export function message(id: string, conversation_id: string, patch: Partial<Message> = {}): Message {
  return {
    id,
    conversation_id,
    direction: 'inbound',
    kind: 'reply',
    author: { kind: 'contact', id: 'p', name: 'Sami' },
    text: id,
    reply_text: id,
    html: null,
    subject: '',
    sent_at: '2026-11-24T10:00:00.000Z',
    created_at: '2026-11-24T10:00:00.000Z',
    state: 'received',
    state_detail: null,
    failed_recipients: [],
    undo_until: null,
    seen_at: null,
    attachments: [],
    external_id: null,
    from_address: null,
    to: [],
    cc: [],
    bcc: [],
    third_party: false,
    forwarded_message_id: null,
    shown_lines: null,
    auto_submitted: false,
    withheld: null,
    findings: [],
    is_cut: false,
    ...patch,
  };
}

export function event(seq: number, patch: Partial<LogEvent>): LogEvent {
  return {
    seq,
    kind: 'conversation_changed',
    at: '2026-11-24T10:00:00.000Z',
    conversation_id: null,
    message_id: null,
    actor: { kind: 'system', id: null },
    conversation: null,
    message: null,
    ...patch,
  };
}

/** A stand-in for the network: answers by "METHOD path", remembers what was asked. */
export function network(answers: Record<string, (body: unknown) => [number, unknown] | Promise<[number, unknown]>>) {
  const asked: { call: string; body: unknown; headers: Headers }[] = [];
  globalThis.fetch = (async (input: string, init: RequestInit = {}) => {
    const path = String(input).replace('/api/v1', '').split('?')[0];
    const call = `${init.method ?? 'GET'} ${path}`;
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : null;
    asked.push({ call, body, headers: new Headers(init.headers) });
    const run = answers[call];
    if (!run) throw new TypeError('no network');
    const [status, value] = await run(body);
    return new Response(status === 204 ? null : JSON.stringify(value), { status });
  }) as typeof fetch;
  return asked;
}
