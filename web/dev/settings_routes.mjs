// What administrators see: people, keys, channels, deliveries, quarantine, ledger. Same form as routes.mjs.
import { channels, conversations, newId, users } from './data.mjs';

const tls = (host) => ({ host, port: 993, security: 'tls' });
const starttls = (host) => ({ host, port: 587, security: 'starttls' });
const providers = {
  redirect_url: 'http://localhost:8080/oauth/callback',
  items: [
    { id: 'google', name: 'Google', imap: tls('imap.gmail.com'), smtp: starttls('smtp.gmail.com') },
    { id: 'microsoft', name: 'Microsoft', imap: tls('outlook.office365.com'), smtp: starttls('smtp.office365.com') },
  ],
};

export const all = (items) => ({ items, total: items.length, total_is_exact: true, next_cursor: null });
export function page(items, query, size = 50) {
  const from = Number(query.get('cursor') ?? 0);
  const limit = Math.min(100, Number(query.get('limit') ?? size));
  const shown = items.slice(from, from + limit);
  return {
    items: shown,
    total: items.length,
    total_is_exact: true,
    next_cursor: from + limit < items.length ? String(from + limit) : null,
  };
}
const deliveries = ['dead', 'unknown', 'failed'].map((state, index) => ({
  id: newId(),
  message_id: newId(),
  conversation_id: [...conversations.keys()][0],
  channel: { id: channels[0].id, name: channels[0].name },
  recipient: `customer${index}@example.org`,
  state,
  attempts: 3,
  next_attempt_at: state === 'failed' ? new Date(Date.now() + 600_000).toISOString() : null,
  last_error:
    state === 'unknown' ? 'The connection was lost after the message was handed over.' : '550 5.2.2 mailbox is full',
  created_at: new Date(Date.now() - 7_200_000).toISOString(),
  attempt_log: [1, 2, 3].map((n) => ({
    at: new Date(Date.now() - n * 900_000).toISOString(),
    result: 'failed',
    detail: '451 try again later',
  })),
}));
const delay = { count: 214, p50_ms: 512, p95_ms: 2048, p99_ms: 8192 };
const completeness = {
  sources: [
    {
      source: 'INBOX',
      checked_at: new Date().toISOString(),
      at_source: 214,
      stored: 212,
      quarantined: 1,
      skipped: 1,
      waiting: 0,
      missing: 0,
      missing_uids: null,
      gone: 3,
      is_complete: true,
    },
  ],
  days: [],
  delays: { days: 7, to_stored: delay, to_visible: delay },
  is_done: true,
};
const quarantine = [
  {
    id: newId(),
    channel: { id: channels[0].id, name: channels[0].name },
    received_at: new Date(Date.now() - 4e6).toISOString(),
    size: 18_442,
    reason: 'unreadable',
    detail: 'The header ends inside an encoded word.',
    from: 'someone@example.net',
    subject: '=?utf-8?Q?Broken',
  },
];
const acts = ['session.sign_in', 'message.reply', 'conversation.assign', 'channel.update', 'message.receive'];
const ledger = Array.from({ length: 120 }, (_, index) => ({
  seq: 120 - index,
  at: new Date(Date.now() - index * 500_000).toISOString(),
  actor: { kind: 'user', id: users[index % 4].id, name: users[index % 4].name },
  action: acts[index % 5],
  object: { kind: 'conversation', id: newId() },
  details: index % 5 === 3 ? { field: 'smtp.host' } : {},
  leaf_hash: newId().replaceAll('-', '').repeat(2),
}));
const keys = [
  {
    id: newId(),
    name: 'Nightly export',
    prefix: 'ak_7fQ2',
    scopes: ['read'],
    role: 'agent',
    role_id: null,
    created_at: '2026-09-01T08:00:00.000Z',
    expires_at: '2027-01-01T00:00:00.000Z',
    last_used_at: new Date(Date.now() - 3e7).toISOString(),
  },
];
const secret = () => `ak_${newId().replaceAll('-', '')}`;
export const findUser = (id) => users.find((one) => one.id === id);
const put = (list, id, patch) => Object.assign(list.find((one) => one.id === id) ?? {}, patch);

export const settings_routes = [
  ['GET', '/users', () => all(users)],
  [
    'POST',
    '/users',
    ({ body }) => {
      const made = {
        id: newId(),
        state: 'active',
        language: 'en',
        created_at: new Date().toISOString(),
        last_seen_at: null,
        ...body,
      };
      users.push(made);
      return [201, { user: made, temporary_password: 'brisk-lantern-42-otter' }];
    },
  ],
  ['PATCH', '/users/:id', ({ id, body }) => Object.assign(findUser(id), body)],
  ['POST', '/users/:id/reset-password', () => ({ temporary_password: 'quiet-harbour-17-maple' })],
  ['GET', '/api-keys', () => all(keys)],
  [
    'POST',
    '/api-keys',
    ({ body }) => {
      const made = {
        id: newId(),
        name: body.name,
        prefix: 'ak_9xLm',
        scopes: body.scopes,
        role: body.role ?? 'agent',
        role_id: body.role_id ?? null,
        created_at: new Date().toISOString(),
        expires_at: body.expires_at ?? null,
        last_used_at: null,
      };
      keys.push(made);
      return [201, { api_key: made, secret: secret() }];
    },
  ],
  [
    'DELETE',
    '/api-keys/:id',
    ({ id }) => [
      204,
      keys.splice(
        keys.findIndex((one) => one.id === id),
        1,
      ) && undefined,
    ],
  ],
  ['GET', '/channels', () => all(channels)],
  ['GET', '/mail-providers', () => providers],
  ['POST', '/channels/:id/authorisation', () => ({ url: '/oauth/callback?state=s&code=c' })],
  ['POST', '/oauth/callback', () => ({ channel_id: channels[0].id, name: channels[0].name })],
  [
    'POST',
    '/channels',
    ({ body }) => [
      201,
      channels.push({
        id: newId(),
        state: 'active',
        state_detail: null,
        stats: {
          received: 0,
          quarantined: 0,
          last_received_at: null,
          pending_deliveries: 0,
          failed_deliveries: 0,
          lag_ms: null,
        },
        ...body,
      }) && channels.at(-1),
    ],
  ],
  ['PATCH', '/channels/:id', ({ id, body }) => put(channels, id, body)],
  [
    'POST',
    '/channels/:id/test',
    ({ id }) =>
      channels.find((one) => one.id === id)?.state === 'failing'
        ? { ok: false, detail: 'The mail server refused the password.' }
        : { ok: true, detail: 'Connected. 214 messages found.' },
  ],
  ['DELETE', '/channels/:id', ({ id }) => [204, put(channels, id, { state: 'disabled' }) && undefined]],
  [
    'GET',
    '/deliveries',
    ({ query }) => {
      const inState = (state) => deliveries.filter((one) => one.state === state);
      const open = ['queued', 'sending', 'held', 'failed', 'unknown', 'dead'];
      const counts = Object.fromEntries(open.map((state) => [state, inState(state).length]));
      return { ...all(inState(query.get('state'))), counts };
    },
  ],
  ['POST', '/deliveries/:id/retry', ({ id }) => put(deliveries, id, { state: 'queued' })],
  ['POST', '/deliveries/:id/resolve', ({ id, body }) => put(deliveries, id, { state: body.as })],
  ['GET', '/channels/:id/completeness', () => completeness],
  ['POST', '/channels/:id/reconcile', () => completeness],
  ['GET', '/quarantine', () => all(quarantine)],
  ['POST', '/quarantine/replay', () => ({ replayed: quarantine.splice(0).length, next_cursor: null })],
  ['POST', '/quarantine/:id/replay', () => [200, quarantine.splice(0, 1)[0]]],
  ['GET', '/ledger', ({ query }) => page(ledger, query)],
  [
    'GET',
    '/ledger/checkpoint',
    () => ({
      key: 'localhost+7bc7f9b7+AStKDoF5INzp2XqR90S/HvriMF1SMfMA5gn3BkTUp4AI',
      epoch: 2,
      note: 'localhost/ledger/0/2\n48211\nyZZjri2Rgf7mKqdE9b7KTN14ClGUALJIfEk3P2Z52kw=\n',
      size: 48_211,
      anchored_size: 48_190,
      holders: [
        { name: 'file', note: 'localhost/ledger/0\n412\n', held_at: new Date().toISOString(), problem: null },
        {
          name: 'witness witness.example/w1',
          note: null,
          held_at: null,
          problem: 'The witness does not answer now; it is asked again (status 503).',
        },
      ],
    }),
  ],
  ['GET', '/ledger/verify', () => ({ ok: true, entries: 48_211, root: newId().replaceAll('-', '').repeat(2) })],
];
