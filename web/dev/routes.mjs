// The contract's resources, in memory: [method, path pattern, handler(request) -> body or [status, body]].
import {
  Refusal,
  sessionOf,
  actor,
  conversation,
  whole,
  addMessage,
  setMessage,
  leave,
  write,
  locate,
  forward,
  fold,
  uploads,
  search,
  contactWhole,
} from './acts.mjs';
import { account_routes } from './account_routes.mjs';
import { all, findUser, page, settings_routes } from './settings_routes.mjs';
import { as_contact, as_user, channels, contacts, conversations, messages, newId, users } from './data.mjs';
import { allItems, changed, drafts, emit, flags, inView, log, pretended, seq, tellPresence } from './state.mjs';

export const routes = [
  [
    'POST',
    '/session',
    ({ body, signIn }) => {
      const user = users.find((one) => one.email === body.email && one.state === 'active');
      if (!user || body.password !== 'inbox')
        throw new Refusal(401, 'invalid_credentials', 'That email and password do not match.');
      signIn(user);
      return sessionOf(user);
    },
  ],
  ['GET', '/session', ({ user }) => sessionOf(user)],
  ['DELETE', '/session', () => [204]],
  ['DELETE', '/sessions', () => [204]],
  [
    'GET',
    '/sessions',
    () =>
      all(
        [
          ['Chrome', true],
          ['Firefox', false],
        ].map(([name, current]) => ({
          id: newId(),
          created_at: new Date(Date.now() - 9e7).toISOString(),
          last_seen_at: new Date(Date.now() - 60_000).toISOString(),
          user_agent: `Mozilla/5.0 (X11; Linux) ${name}/156`,
          address: '192.0.2.7',
          current,
        })),
      ),
  ],
  ['DELETE', '/sessions/:id', () => [204]],
  ['GET', '/devices', () => all([])],
  ['DELETE', '/devices/:id', () => [204]],
  ['POST', '/me/password', () => [204]],
  ['PATCH', '/me', ({ user, body }) => Object.assign(user, body)],
  [
    'GET',
    '/setup',
    () => ({
      first_run: false,
      steps: [
        { key: 'administrator', done: true },
        { key: 'channel_email', done: true },
        { key: 'channel_webchat', done: true },
        { key: 'colleagues', done: false },
        { key: 'first_conversation', done: false },
      ],
    }),
  ],
  [
    'GET',
    '/conversations/counts',
    ({ user }) =>
      Object.fromEntries(
        ['mine', 'unassigned', 'all', 'snoozed', 'closed'].map((view) => [
          view,
          allItems().filter((one) => inView(view, one, user)).length,
        ]),
      ),
  ],
  [
    'GET',
    '/conversations',
    ({ query, user }) => {
      const has = (name, test) => !query.get(name) || test(query.get(name));
      const found = allItems().filter(
        (one) =>
          inView(query.get('view') ?? 'all', one, user) &&
          has('channel', (v) => one.channel.id === v) &&
          has('tag', (v) => one.tags.includes(v)) &&
          has('assignee', (v) => (v === 'none' ? !one.assignee : one.assignee?.id === v)),
      );
      return { ...page(found, query), seq: seq() };
    },
  ],
  [
    'POST',
    '/conversations',
    ({ body, user }) => {
      const contact = {
        id: newId(),
        name: '',
        identities: [{ kind: 'email', address: body.to, verified: false }],
        created_at: new Date().toISOString(),
        note: null,
        shows_quotes: false,
      };
      contacts.set(contact.id, contact);
      const channel = channels.find((one) => one.id === body.channel_id);
      const made = {
        id: newId(),
        number: 99_000,
        subject: body.subject,
        status: 'open',
        snoozed_until: null,
        channel: { id: channel.id, kind: channel.kind, name: channel.name },
        contact: { id: contact.id, name: body.to, address: body.to },
        assignee: { id: user.id, name: user.name },
        unread: false,
        tags: [],
        version: 1,
        undelivered: null,
        suggested_join: null,
        created_at: new Date().toISOString(),
      };
      conversations.set(made.id, made);
      messages.set(made.id, []);
      addMessage(made, 'outbound', as_user(user), body.text);
      return [201, whole(made, user)];
    },
  ],
  ['GET', '/conversations/:id', ({ id, user }) => whole(conversation(id), user)],
  [
    'GET',
    '/conversations/:id/messages',
    ({ id, query }) => {
      const list = messages.get(conversation(id).id);
      const to = Number(query.get('cursor') ?? list.length);
      const from = Math.max(0, to - 50);
      return {
        items: list.slice(from, to),
        total: list.length,
        total_is_exact: true,
        next_cursor: from > 0 ? String(from) : null,
      };
    },
  ],
  ['POST', '/conversations/:id/messages', write],
  [
    'PATCH',
    '/conversations/:id',
    ({ id, body, user }) => {
      const patch = { ...body };
      if ('assignee' in body)
        patch.assignee = body.assignee ? { id: body.assignee, name: findUser(body.assignee).name } : null;
      return changed(conversation(id), patch, actor(user));
    },
  ],
  [
    'POST',
    '/conversations/:id/take',
    ({ id, user }) => {
      const found = conversation(id);
      if (found.assignee && found.assignee.id !== user.id)
        throw new Refusal(409, 'already_assigned', 'Somebody else has taken it.');
      return changed(found, { assignee: { id: user.id, name: user.name } }, actor(user));
    },
  ],
  [
    'POST',
    '/conversations/:id/read',
    ({ id, body, user }) => [204, changed(conversation(id), { unread: body.unread }, actor(user)) && undefined],
  ],
  [
    'PUT',
    '/conversations/:id/tags',
    ({ id, body, user }) => changed(conversation(id), { tags: body.tags }, actor(user)),
  ],
  [
    'GET',
    '/tags',
    () =>
      [...new Set([...conversations.values()].flatMap((one) => one.tags))].map((tag) => ({
        tag,
        count: [...conversations.values()].filter((one) => one.tags.includes(tag)).length,
      })),
  ],
  [
    'PUT',
    '/conversations/:id/draft',
    ({ id, body, user }) => {
      const updated_at = new Date().toISOString();
      drafts.set(`${user.id} ${id}`, { ...body, updated_at });
      emit('draft_changed', actor(user), conversation(id));
      return { updated_at };
    },
  ],
  ['DELETE', '/conversations/:id/draft', ({ id, user }) => [204, drafts.delete(`${user.id} ${id}`) && undefined]],
  ['POST', '/messages/:id/forward', forward],
  ['PUT', '/messages/:id/folding', fold],
  [
    'POST',
    '/messages/:id/undo',
    ({ id }) => {
      const { found, made } = locate(id);
      if (made.state !== 'queued') throw new Refusal(409, 'too_late', 'It has already left.');
      return setMessage(found, made, { state: 'cancelled', undo_until: null });
    },
  ],
  [
    'POST',
    '/messages/:id/retry',
    ({ id }) => {
      const { found, made } = locate(id);
      const queued = setMessage(found, made, { state: 'queued', state_detail: null });
      leave(found, made, 1_500);
      return queued;
    },
  ],
  [
    'POST',
    '/uploads',
    ({ query, raw }) => {
      const made = {
        id: newId(),
        filename: query.get('filename'),
        content_type: query.get('content_type'),
        size: raw.length,
        sha256: '0',
      };
      uploads.set(made.id, made);
      return [201, made];
    },
  ],
  [
    'GET',
    '/contacts',
    ({ query }) => {
      const q = (query.get('q') ?? '').toLowerCase();
      return page(
        [...contacts.values()].filter(
          (one) => !q || `${one.name} ${one.identities[0].address}`.toLowerCase().includes(q),
        ),
        query,
      );
    },
  ],
  ['GET', '/contacts/:id', ({ id }) => contactWhole(contacts.get(id))],
  ['PATCH', '/contacts/:id', ({ id, body }) => contactWhole(Object.assign(contacts.get(id), body))],
  ['GET', '/search', search],
  [
    'GET',
    '/events',
    ({ query }) => ({
      events: log.filter((one) => one.seq > Number(query.get('after'))).slice(0, 500),
      last_seq: seq(),
      behind: false,
    }),
  ],
  ...settings_routes,
  ...account_routes,
  // What only this development server has: days on demand.
  [
    'POST',
    '/dev/inbound',
    ({ body }) => {
      const found = body.conversation
        ? conversation(body.conversation)
        : [...conversations.values()][Math.floor(Math.random() * conversations.size)];
      return addMessage(
        found,
        'inbound',
        as_contact(contacts.get(found.contact.id)),
        body.text ?? 'Hello again. Is there any news?',
      );
    },
  ],
  [
    'POST',
    '/dev/colleague',
    ({ body }) =>
      addMessage(
        conversation(body.conversation),
        'outbound',
        as_user(users[1]),
        'I have answered this already. Best, Théo',
        { state: 'sent' },
      ),
  ],
  [
    'POST',
    '/dev/presence',
    ({ body }) => {
      pretended.set(body.conversation, [{ user: { id: users[1].id, name: users[1].name }, state: body.state }]);
      tellPresence(body.conversation);
      return {};
    },
  ],
  ['POST', '/dev/flags', ({ body }) => Object.assign(flags, body)],
];
