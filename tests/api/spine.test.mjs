// The API as a client meets it: sessions, conversations, replies, events, live screens, errors and limits.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { until } from '../lib/within.mjs';
import { openWebSocket } from './websocket.mjs';
import { seqOf, startProgram, waitForEvent } from './harness.mjs';

let program, admin, nora;

before(async () => {
  program = await startProgram();
  admin = await program.signedIn();
  nora = await program.signedIn('nora@demo.example');
});
after(() => program?.stop());

async function arrive(mail) {
  const after = await seqOf(admin);
  await program.deliver(mail);
  return (await waitForEvent(admin, after, (event) => event.kind === 'message_added')).conversation_id;
}

test('an unknown address and a wrong password get the same answer', async () => {
  const wrong = await program.client().post('/session', { email: 'nora@demo.example', password: 'wrong password' });
  const unknown = await program.client().post('/session', { email: 'nobody@demo.example', password: 'wrong password' });
  assert.equal(wrong.status, 401);
  assert.deepEqual({ ...wrong.body, request_id: '' }, { ...unknown.body, request_id: '' });
});

test('signing out ends the session, signing out everywhere ends them all', async () => {
  const [first, second, third] = await Promise.all([1, 2, 3].map(() => program.signedIn('theo@demo.example')));
  assert.equal((await first.remove('/session')).status, 204);
  assert.equal((await first.get('/session')).status, 401);
  assert.equal((await second.get('/sessions')).body.items.length, 2);
  assert.equal((await second.remove('/sessions')).status, 204);
  assert.equal((await third.get('/session')).status, 401);
});

test('a mail is in the list, is taken by one, answered and closed, and the answer is taken back', async () => {
  const id = await arrive({ from: 'lee@customer.example', subject: 'Broken lamp' });
  const list = await nora.get('/conversations?view=unassigned');
  const item = list.body.items.find((one) => one.id === id);
  assert.equal(item.subject, 'Broken lamp');
  assert.equal((await nora.post(`/conversations/${id}/take`)).body.assignee.name, 'Nora Lindqvist');
  assert.equal((await admin.post(`/conversations/${id}/take`)).status, 409);
  const reply = await nora.post(`/conversations/${id}/messages`, {
    text: 'We send a new one.',
    kind: 'reply',
    close: true,
  });
  assert.equal(reply.status, 201);
  assert.equal(reply.body.state, 'queued');
  const closed = await nora.get(`/conversations/${id}`);
  assert.equal(closed.body.status, 'closed');
  const undone = await nora.post(`/messages/${reply.body.id}/undo`);
  assert.equal(undone.body.state, 'cancelled');
  assert.equal((await nora.get(`/conversations/${id}`)).body.draft.text, 'We send a new one.');
  assert.equal((await nora.post(`/messages/${reply.body.id}/undo`)).status, 409);
});

test('a repeated request with the same key happens once', async () => {
  const id = await arrive({ from: 'mia@customer.example' });
  const headers = { 'Idempotency-Key': randomUUID() };
  const note = { text: 'Only once', kind: 'note' };
  const all = await Promise.all(
    [1, 2, 3, 4, 5].map(() => nora.post(`/conversations/${id}/messages`, note, { headers })),
  );
  assert.equal(new Set(all.map((one) => one.body.id)).size, 1);
  assert.equal(all.filter((one) => one.headers.get('idempotency-replayed') === 'true').length, 4);
  assert.equal((await nora.get(`/conversations/${id}`)).body.message_count, 2);
  const other = await nora.post(`/conversations/${id}/messages`, { ...note, text: 'Other' }, { headers });
  assert.equal(other.body.code, 'idempotency_mismatch');
});

test('a request of another site is refused, one of our own pages needs our mark', async () => {
  const target = `/conversations/${await arrive({ from: 'ned@customer.example' })}/read`;
  const send = (headers) => nora.post(target, { unread: false }, { headers, browser: false });
  assert.equal(
    (await send({ Origin: 'https://evil.example', 'X-Requested-With': 'answerable' })).body.code,
    'csrf_refused',
  );
  assert.equal(
    (await send({ 'Sec-Fetch-Site': 'cross-site', 'X-Requested-With': 'answerable' })).body.code,
    'csrf_refused',
  );
  assert.equal((await send({ Origin: program.url })).body.code, 'csrf_refused');
  assert.equal((await send({ Origin: program.url, 'X-Requested-With': 'answerable' })).status, 204);
  assert.equal((await send({ 'Content-Type': 'text/plain' })).status, 415);
  const signIn = await program
    .client()
    .post(
      '/session',
      { email: 'x@y.example', password: 'z' },
      { headers: { Origin: 'https://evil.example' }, browser: false },
    );
  assert.equal(signIn.body.code, 'csrf_refused');
});

test('a change names the version that it is based on', async () => {
  const id = await arrive({ from: 'ola@customer.example' });
  const etag = (await nora.get(`/conversations/${id}`)).headers.get('etag');
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const snoozed = await nora.patch(
    `/conversations/${id}`,
    { status: 'snoozed', snoozed_until: until },
    { headers: { 'If-Match': etag } },
  );
  assert.equal(snoozed.body.status, 'snoozed');
  assert.equal(
    (await nora.patch(`/conversations/${id}`, { status: 'open' }, { headers: { 'If-Match': etag } })).status,
    412,
  );
  assert.equal((await nora.patch(`/conversations/${id}`, { status: 'snoozed' })).status, 422);
});

test('an old list and the events after it give the fresh list', async () => {
  const before = (await nora.get('/conversations?limit=100')).body;
  const screen = new Map(before.items.map((item) => [item.id, item]));
  const id = await arrive({ from: 'pat@customer.example', subject: 'First' });
  await nora.post(`/conversations/${id}/take`);
  await nora.post(`/conversations/${id}/messages`, { text: 'A note', kind: 'note' });
  await nora.put(`/conversations/${id}/tags`, { tags: ['lamp', 'urgent'] });
  await nora.patch(`/conversations/${before.items[0].id}`, { subject: 'Another subject' });
  const events = (await nora.get(`/events?after=${before.seq}&wait=0`)).body;
  events.events.forEach((event, i) => assert.equal(event.seq, before.seq + 1 + i));
  for (const event of events.events) if (event.conversation) screen.set(event.conversation.id, event.conversation);
  const fresh = (await nora.get('/conversations?limit=100')).body;
  assert.equal(events.last_seq, fresh.seq);
  const order = (a, b) =>
    a.last_message_at < b.last_message_at ? 1 : a.last_message_at > b.last_message_at ? -1 : a.id < b.id ? 1 : -1;
  assert.deepEqual([...screen.values()].sort(order), fresh.items);
});

const live = (client, headers = {}) =>
  openWebSocket(`${program.url.replace('http', 'ws')}/api/v1/live`, {
    Cookie: [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    ...headers,
  });

test('a live screen gets what it missed and then every event, in order and once', async () => {
  const after = await seqOf(nora);
  await arrive({ from: 'quin@customer.example' });
  const screen = await live(nora);
  screen.send({ type: 'hello', after });
  await screen.next((frame) => frame.type === 'welcome');
  const missed = await screen.next((frame) => frame.type === 'events');
  assert.equal(missed.events[0].seq, after + 1);
  let seq = missed.seq;
  const id = await arrive({ from: 'rae@customer.example' });
  for (let found = false; !found;) {
    const frame = await screen.next((one) => one.type === 'events');
    for (const event of frame.events) assert.equal(event.seq, ++seq);
    found = frame.events.some((event) => event.conversation_id === id && event.kind === 'message_added');
  }
  screen.send({ type: 'ping' });
  await screen.next((frame) => frame.type === 'pong');
  screen.send({ type: 'presence', conversation: id, state: 'typing' });
  const presence = await screen.next((frame) => frame.type === 'presence' && frame.conversation === id);
  assert.deepEqual(
    presence.viewers.map((viewer) => [viewer.user.name, viewer.state]),
    [['Nora Lindqvist', 'typing']],
  );
  screen.sendText('{not json');
  assert.equal((await screen.next((frame) => frame.type === 'error')).code, 'bad_json');
  await screen.close();
});

test('a live screen whose session ends is closed with 4401, and strangers get none', async () => {
  const theo = await program.signedIn('theo@demo.example');
  const screen = await live(theo);
  screen.send({ type: 'hello', after: -1 });
  await screen.next((frame) => frame.type === 'welcome');
  await theo.remove('/session');
  assert.equal(await screen.closed, 4401);
  await assert.rejects(live(program.client()), { status: 401 });
  await assert.rejects(live(nora, { Origin: 'https://evil.example' }), { status: 403 });
});

test('who waits for events and has signed out meanwhile gets none', async () => {
  const theo = await program.signedIn('theo@demo.example');
  const waiting = theo.get(`/events?after=${await seqOf(theo)}&wait=25`);
  await new Promise((resolve) => setTimeout(resolve, 200)); // the wait has begun before the session ends
  await theo.remove('/session');
  await arrive({ from: 'uma@customer.example' });
  assert.equal((await waiting).status, 401);
});

test('bad cursors, ids, numbers and bodies are 400 or 422 with a code that says which', async () => {
  const id = await arrive({ from: 'sam@customer.example' });
  for (const [target, code] of [
    ['/conversations?cursor=x', 'bad_cursor'],
    ['/conversations?limit=0', 'bad_query'],
    ['/conversations?limit=101', 'bad_query'],
    ['/conversations?vue=mine', 'bad_query'],
    ['/conversations/1', 'bad_id'],
    ['/search?q=a&cursor=%00', 'bad_cursor'],
    [`/conversations/${id}/messages?cursor=AAAA`, 'bad_cursor'],
    ['/contacts?cursor=%F0%9F%92%A9', 'bad_cursor'],
    ['/deliveries?state=x', 'bad_query'],
    ['/events?after=1e9', 'bad_query'],
  ]) {
    const answer = await admin.get(target);
    assert.equal(answer.status, 400, target);
    assert.equal(answer.body.code, code, target);
  }
  const post = (body) => nora.post(`/conversations/${id}/messages`, body);
  for (const body of ['', '{', '[]', 'null', '"x"', `${'['.repeat(5000)}`, '{"text":"\\ud800"}'])
    assert.ok([400, 415, 422].includes((await post(body)).status), body.slice(0, 40));
  const latin1 = await nora.send('POST', `/conversations/${id}/messages`, {
    raw: Buffer.from('{"text":"\xff"}', 'latin1'),
    headers: { 'Content-Type': 'application/json' },
  });
  assert.equal(latin1.body.code, 'bad_json');
  const unknown = await post({ text: 'x', kind: 'note', atachments: [] });
  assert.equal(unknown.status, 422);
  assert.match(unknown.body.errors[0].detail, /attachments/);
  assert.equal((await post({ text: 'x'.repeat(1 << 20), kind: 'note' })).status, 201);
  assert.equal((await post({ text: 'x'.repeat((1 << 20) + 1), kind: 'note' })).status, 422);
  assert.equal((await post({ text: 'x'.repeat(3 << 20), kind: 'note' })).status, 413);
});

test('a file goes up, leaves with a note, and comes down inert', async () => {
  const id = await arrive({ from: 'tia@customer.example' });
  const bytes = '<script>alert(1)</script>';
  const up = await nora.send('POST', '/uploads?filename=%C3%A9vil.html&content_type=text/html', { raw: bytes });
  assert.equal(up.status, 201);
  assert.equal(up.body.sha256, createHash('sha256').update(bytes).digest('hex'));
  const note = await nora.post(`/conversations/${id}/messages`, {
    text: 'See file',
    kind: 'note',
    attachments: [up.body.id],
  });
  assert.equal(note.body.attachments[0].filename, 'évil.html');
  const down = await admin.get(`/attachments/${up.body.id}`);
  assert.equal(down.body, bytes);
  assert.equal(down.headers.get('content-type'), 'application/octet-stream');
  assert.match(down.headers.get('content-disposition'), /^attachment; /);
  assert.match(down.headers.get('content-security-policy'), /^sandbox/);
  assert.equal(down.headers.get('x-content-type-options'), 'nosniff');
});

test('a new conversation takes its files along, and needs no text beside them', async () => {
  const channels = (await nora.get('/channels')).body.items;
  const start = (body) =>
    nora.post('/conversations', {
      channel_id: channels.find((one) => one.kind === 'email').id,
      to: 'tom@customer.example',
      subject: 'Your invoice',
      ...body,
    });
  const up = await nora.send('POST', '/uploads?filename=invoice.pdf&content_type=application/pdf', { raw: '%PDF-1.7' });
  const made = await start({ attachments: [up.body.id] });
  assert.equal(made.status, 201);
  assert.equal(made.body.preview, 'invoice.pdf');
  assert.deepEqual(
    made.body.messages[0].attachments.map(({ id, filename, size }) => ({ id, filename, size })),
    [{ id: up.body.id, filename: 'invoice.pdf', size: 8 }],
  );
  assert.equal((await start({ attachments: [up.body.id] })).body.code, 'no_attachment');
  assert.deepEqual((await start({ attachments: ['x'] })).body.errors[0].field, 'attachments.0');
  assert.deepEqual(
    (await start({})).body.errors.map(({ field }) => field),
    ['text'],
  );
});

test('search finds the word, marks it, and says whether the index is complete', async () => {
  await arrive({ from: 'uma@customer.example', text: 'The zymurgy <b>kit</b> arrived broken' });
  let body;
  await until('the index is complete', async () => {
    ({ body } = await nora.get('/search?q=zymurgy'));
    return body.complete;
  });
  assert.equal(body.total, 1);
  assert.match(body.items[0].snippet, /<mark>zymurgy<\/mark>/);
  assert.doesNotMatch(body.items[0].snippet, /<b>/);
});

test('administrators see the ledger, and it is whole', async () => {
  const ledger = await admin.get('/ledger?limit=5');
  assert.equal(ledger.body.items.length, 5);
  const older = await admin.get(`/ledger?limit=5&cursor=${ledger.body.next_cursor}`);
  assert.equal(older.body.items[0].seq, ledger.body.items[4].seq - 1);
  const verdict = await admin.get('/ledger/verify');
  assert.deepEqual([verdict.body.ok, verdict.body.first_bad], [true, null]);
  assert.equal(verdict.body.entries >= ledger.body.total, true);
});

test('a person is added with a password that is shown once, and is disabled at once', async () => {
  const made = await admin.post('/users', { name: 'Vic', email: 'vic@demo.example', role: 'agent' });
  assert.equal(made.status, 201);
  const vic = await program.client().signIn('vic@demo.example', made.body.temporary_password);
  const changed = await vic.post('/me/password', { current: made.body.temporary_password, new: 'a'.repeat(16) });
  assert.equal(changed.body.code, 'password_too_common');
  assert.equal((await vic.get('/conversations')).body.code, 'password_change_required');
  assert.equal(
    (await vic.post('/me/password', { current: made.body.temporary_password, new: 'nine green 4 bottles' })).status,
    204,
  );
  assert.equal((await vic.get('/conversations')).status, 200);
  assert.equal((await admin.patch(`/users/${made.body.user.id}`, { state: 'disabled' })).status, 200);
  assert.equal((await vic.get('/session')).status, 401);
  assert.equal((await admin.post('/users', { name: 'Vic', email: 'VIC@demo.example' })).body.code, 'email_taken');
  const me = (await admin.get('/session')).body.user;
  assert.equal((await admin.patch(`/users/${me.id}`, { role: 'agent' })).body.code, 'last_administrator');
});

test('channels keep their secrets to themselves', async () => {
  const made = await admin.post('/channels', {
    kind: 'webchat',
    name: 'Shop',
    config: { allowed_origins: ['https://shop.example'] },
  });
  assert.equal(made.status, 201);
  assert.ok(made.body.config.identity_secret.length >= 32);
  assert.match(made.body.snippet, /^<script src=".*\/widget\.js" data-channel="[0-9a-f-]{36}" async><\/script>$/);
  const listed = (await admin.get('/channels')).body.items.find((one) => one.id === made.body.id);
  assert.equal(listed.config.identity_secret, undefined);
  assert.equal(
    (await admin.patch(`/channels/${made.body.id}`, { config: { colour: 'x' } })).body.errors[0].field,
    'config.colour',
  );
  assert.equal((await admin.remove(`/channels/${made.body.id}`)).body.state, 'disabled');
});

test('the description is served as it is', async () => {
  const answer = await fetch(`${program.url}/api/v1/openapi.json`);
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).openapi, '3.1.0');
});
