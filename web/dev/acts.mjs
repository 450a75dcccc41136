// What the routes do to the shop: write, undo, search, and the refusals of the contract.
import { readFileSync } from 'node:fs';
import { page } from './settings_routes.mjs';
import { as_user, conversations, message, messages, users, workspace } from './data.mjs';
import { allItems, changed, drafts, flags, item, seq, viewers } from './state.mjs';

export class Refusal extends Error {
  constructor(status, code, detail, errors) {
    super(detail);
    Object.assign(this, { status, code, errors });
  }
}
export const suspension = {
  id: '0196a1b0-0000-7000-8000-000000000001',
  scope: 'sending',
  cause: 'unwanted_mail',
  reason: 'More than 5 % of last week’s mail was refused as unwanted. Write to the operator to object.',
  since: new Date().toISOString(),
  until: null,
  imposed_by: 'operator',
};
const catalogue = JSON.parse(readFileSync(new URL('../src/i18n/en.json', import.meta.url), 'utf8'));
const permissions = Object.keys(catalogue)
  .filter((key) => key.startsWith('may.'))
  .map((key) => key.slice('may.'.length));
export const sessionOf = (user) => ({
  user,
  workspace: { ...workspace, suspension: flags.suspended ? suspension : null, suspensions: [], mail_addresses: [] },
  must_set_second_factor: false,
  permissions,
  only_assigned: false,
  hides_personal: false,
  browser_key: Buffer.from(user.id.padEnd(32, '.')).subarray(0, 32).toString('base64'),
  csrf: null,
});
export const actor = (user) => ({ kind: 'user', id: user.id });

export function conversation(id) {
  const found = conversations.get(id);
  if (!found) throw new Refusal(404, 'not_found', 'There is no such conversation.');
  return found;
}

export function whole(found, user) {
  const list = messages.get(found.id);
  const from = Math.max(0, list.length - 50);
  return {
    ...item(found),
    created_at: found.created_at,
    messages: list.slice(from),
    next_cursor: from > 0 ? String(from) : null,
    total_messages: list.length,
    viewers: viewers(found.id),
    draft: drafts.get(`${user.id} ${found.id}`) ?? null,
    contact_shows_quotes: false,
    seq: seq(),
    drafts_of_others: users
      .filter((one) => one.id !== user.id && drafts.has(`${one.id} ${found.id}`))
      .map((one) => ({
        user: { id: one.id, name: one.name },
        updated_at: drafts.get(`${one.id} ${found.id}`).updated_at,
      })),
  };
}

export function addMessage(found, direction, author, text, more = {}) {
  const waits = direction === 'outbound' ? { state: 'queued' } : {};
  const made = message(found, direction, author, text, new Date().toISOString(), { ...waits, ...more });
  const patch = direction === 'inbound' ? { unread: true, status: 'open', snoozed_until: null } : {};
  changed(
    found,
    patch,
    author.kind === 'user' ? { kind: 'user', id: author.id } : { kind: 'contact', id: author.id },
    'message_added',
    made,
  );
  return made;
}

export function setMessage(found, made, patch) {
  const list = messages.get(found.id);
  const at = list.findIndex((one) => one.id === made.id);
  list[at] = { ...list[at], ...patch };
  changed(found, {}, { kind: 'system', id: null }, 'message_changed', list[at]);
  return list[at];
}

export function leave(found, made, wait_ms) {
  setTimeout(() => {
    const now = messages.get(found.id).find((one) => one.id === made.id);
    if (now?.state !== 'queued') return;
    setMessage(found, made, { state: 'sending', undo_until: null });
    setTimeout(() => setMessage(found, made, { state: 'sent', sent_at: new Date().toISOString() }), 600);
  }, wait_ms).unref();
}

export const repeated = new Map();
export function write({ user, id, body, headers }) {
  const key = headers['idempotency-key'];
  if (key && repeated.has(key)) return [201, repeated.get(key)];
  const found = conversation(id);
  const list = messages.get(found.id);
  if (!body.text?.trim() && !body.attachments?.length) throw new Refusal(422, 'invalid', 'The message is empty.');
  if (body.if_last_message && list.at(-1)?.id !== body.if_last_message)
    throw new Refusal(409, 'newer_message', 'Somebody wrote meanwhile.');
  const seconds = body.kind === 'note' ? 0 : (body.undo_seconds ?? (found.channel.kind === 'email' ? 10 : 0));
  const undo_until = seconds > 0 ? new Date(Date.now() + seconds * 1000).toISOString() : null;
  const files = (body.attachments ?? []).map((file) => ({
    id: file,
    filename: uploads.get(file)?.filename ?? 'file',
    content_type: uploads.get(file)?.content_type ?? '',
    size: uploads.get(file)?.size ?? 0,
    inline: false,
    content_id: null,
    url: `/api/v1/attachments/${file}`,
  }));
  const made = addMessage(found, body.kind === 'note' ? 'note' : 'outbound', as_user(user), body.text, {
    undo_until,
    attachments: files,
    to: body.to ?? [],
    cc: body.cc ?? [],
    bcc: body.bcc ?? [],
  });
  if (key) repeated.set(key, made);
  if (body.kind !== 'note') leave(found, made, seconds * 1000 + 50);
  if (body.close) changed(found, { status: 'closed' }, actor(user));
  return [201, made];
}

export function forward({ user, id, body }) {
  const { found, made } = locate(id);
  const text = `${body.text ?? ''}\n\n---------- Forwarded message ----------\n\n${made.reply_text}`.trim();
  const more = {
    kind: 'forward',
    third_party: true,
    forwarded_message_id: id,
    to: body.to,
    reply_text: body.text ?? '',
  };
  const sent = addMessage(found, 'outbound', as_user(user), text, { ...more, attachments: made.attachments });
  leave(found, sent, 50);
  return [201, sent];
}

export function fold({ id, body }) {
  const { found, made } = locate(id);
  const { shown_lines } = body;
  const recognised = made.recognised ?? made.reply_text;
  const lines = made.text.split('\n');
  const reply_text = shown_lines === null ? recognised : lines.slice(0, shown_lines || lines.length).join('\n');
  return [200, setMessage(found, made, { shown_lines, reply_text, recognised })];
}

export function locate(id) {
  for (const [conversation_id, list] of messages) {
    const made = list.find((one) => one.id === id);
    if (made) return { found: conversations.get(conversation_id), made };
  }
  throw new Refusal(404, 'not_found', 'There is no such message.');
}

export const uploads = new Map();
export const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
export function search({ query }) {
  const words = (query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const hits = [];
  for (const one of allItems()) {
    for (const made of messages.get(one.id).toReversed()) {
      const text = `${made.reply_text}`;
      const low = `${one.subject} ${text} ${one.contact.name}`.toLowerCase();
      if (!words.every((word) => low.includes(word))) continue;
      const at = Math.max(0, text.toLowerCase().indexOf(words[0] ?? '') - 40);
      const pattern = new RegExp(
        `(${words.map((word) => escape(word).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`,
        'gi',
      );
      const snippet = (at > 0 ? '… ' : '') + escape(text.slice(at, at + 160)).replace(pattern, '<mark>$1</mark>');
      hits.push({
        conversation: one,
        message: {
          id: made.id,
          direction: made.direction,
          author: made.author,
          sent_at: made.sent_at ?? made.created_at,
        },
        snippet,
      });
      break;
    }
    if (hits.length >= 500) break;
  }
  return {
    ...page(hits, query, 25),
    total_is_exact: hits.length < 500,
    complete: flags.lagging === 0,
    lag_messages: flags.lagging,
  };
}

export const contactWhole = (one) => {
  const own = allItems().filter((c) => c.contact.id === one.id);
  return { ...one, conversations: own.slice(0, 20), conversation_count: own.length };
};
