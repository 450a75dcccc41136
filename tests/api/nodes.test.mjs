// Two nodes on one PostgreSQL: what is done at one holds at the other within a second, what only one may do is done
// once, and when one dies the other goes on with all that it had. script/test starts the database and says where in
// ANSWERABLE_TEST_POSTGRES.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, deliver } from './harness.mjs';
import { answered, conversationOf, did, measured, movedTo, screenOf } from './two_nodes.mjs';
import { openWebSocket } from './websocket.mjs';
import { Dovecot } from '../lib/dovecot.mjs';
import { command, freePort, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';
import { SmtpSink } from '../lib/smtp_sink.mjs';
import { until } from '../lib/within.mjs';

const address = process.env.ANSWERABLE_TEST_POSTGRES;
const skip = address ? false : 'ANSWERABLE_TEST_POSTGRES is not set: tests/lib/postgres.sh run node --test …';
const name = `nodes_${process.pid}`;
// The program's own role may make no databases.
const owner = address?.replace('//answerable@', '//owner@');
const psql = (statement, database = owner) =>
  execFileSync('psql', ['-q', '-X', '-A', '-t', database, '-c', statement], { encoding: 'utf8' }).trim();
const inDatabase = (statement) => psql(statement, owner.replace('/answerable?', `/${name}?`));

const operators = ['op@host.example', 'op2@host.example'];
let root, account, sink, dovecot, env, a, b;

const folderOf = (node) => join(root, node);
const start = (node) => Server.start(folderOf(node), { env });
const signedIn = (server, email = account.email) => new Client(server.url).signIn(email, account.password);

before(async () => {
  if (skip) return;
  psql(`create database ${name} owner answerable`);
  [root, sink, dovecot] = [await makeDataFolder(), await SmtpSink.start(), await Dovecot.start()];
  const blobs = join(root, 'blobs');
  mkdirSync(blobs, { mode: 0o700 });
  writeFileSync(join(root, 'postgres-url'), address.replace('/answerable?', `/${name}?`));
  env = {
    ANSWERABLE_DATABASE_ENGINE: 'postgres',
    ANSWERABLE_DATABASE_URL_FILE: join(root, 'postgres-url'),
    ANSWERABLE_SERVER_BLOBS_DIR: blobs,
    ANSWERABLE_MAIL_PRIVATE_SERVERS: 'true',
    ...sink.asRelay,
  };
  account = await initDemo(folderOf('a'), env);
  for (const email of operators) {
    const args = ['user', 'add', email, '--role', 'operator', '--password-stdin'];
    const { status, stderr } = await command(folderOf('a'), args, { env, input: `${account.password}\n` });
    assert.equal(status, 0, stderr);
  }
  mkdirSync(folderOf('b'));
  cpSync(join(folderOf('a'), 'keys'), join(folderOf('b'), 'keys'), { recursive: true });
  [a, b] = [await start('a'), await start('b')];
});
after(async () => {
  if (skip) return;
  await Promise.all([a?.kill(), b?.kill()]);
  await Promise.all([sink.stop(), dovecot.stop()]);
  psql(`drop database ${name} with (force)`);
  await removeFolder(root);
});

const nameOf = (node) => readFileSync(join(folderOf(node), 'node'), 'utf8').split(' ')[0];
const hasDuty = (node) => inDatabase("select holder from leases where name = 'duty'") === nameOf(node);

test('a node with other keys, or with files of its own, does not start', { skip }, async () => {
  const init = await command(folderOf('c'), ['init', '--demo'], { env });
  assert.match(init.stderr, /keys_of_another_installation/);
  const { status, stderr } = await command(folderOf('c'), ['serve'], { env });
  assert.notEqual(status, 0);
  assert.match(stderr, /copy that folder from the first one/);
  cpSync(join(folderOf('a'), 'keys'), join(folderOf('c'), 'keys'), { recursive: true });
  const alone = { ...env, ANSWERABLE_SERVER_BLOBS_DIR: '' };
  const own = await command(folderOf('c'), ['serve'], { env: alone });
  assert.notEqual(own.status, 0);
  assert.match(own.stderr, /blobs_not_shared/);
});

test('a session that is made at one node holds at the other, and ends there within a second', { skip }, async (t) => {
  const here = await signedIn(a);
  const there = movedTo(b, here);
  assert.equal((await there.get('/session')).status, 200);
  const live = await screenOf(there);
  const end = () => did(here, 'DELETE', '/session', undefined, 204);
  await measured(t, 'an ended session is refused', end, () => answered(there, '/session', 401));
  assert.equal(await live.closed, 4401);
});

test('a changed role holds at the other node within a second', { skip }, async (t) => {
  const admin = await signedIn(a);
  const nora = await signedIn(b, 'nora@demo.example');
  const { id } = (await admin.get('/users')).body.items.find(({ email }) => email === 'nora@demo.example');
  const path = `/users/${id}/sessions`;
  assert.equal((await nora.get(path)).status, 403);
  const change = (role) => () => did(admin, 'PATCH', `/users/${id}`, { role }, 200);
  await measured(t, 'a higher role counts', change('administrator'), () => answered(nora, path, 200));
  await measured(t, 'a lower role counts', change('agent'), () => answered(nora, path, 403));
});

test('a mail that one node takes is on the screens of the other, which answers it once', { skip }, async (t) => {
  const there = await signedIn(b);
  const live = await screenOf(there);
  let event;
  await measured(
    t,
    'a mail is on the screen',
    () => deliver(a, { from: 'pia@customer.example', subject: 'Chandelier', text: 'It tinkles.' }),
    async () => (event = await live.event('message_added')),
  );
  await live.close();
  const before = sink.messages.length;
  const path = `/conversations/${event.conversation_id}/messages`;
  await did(there, 'POST', path, { kind: 'reply', text: 'Chandeliers do.', undo_seconds: 0 }, 201);
  const many = Array.from({ length: 20 }, (_, i) => i);
  const subjects = many.map((i) => `Twenty ${i}`);
  await Promise.all(subjects.map((subject, i) => deliver(i % 2 ? a : b, { from: `c${i}@customer.example`, subject })));
  for (const subject of subjects) {
    const { id } = await conversationOf(there, subject);
    await did(there, 'POST', `/conversations/${id}/messages`, { kind: 'reply', text: subject, undo_seconds: 0 }, 201);
  }
  await sink.waitFor(before + 1 + many.length);
  await until('nothing is left to send', async () => {
    const left = inDatabase('select state, attempts, begun, last_error, lease_holder from deliveries where state < 10');
    return left === '' || left;
  });
  const left = sink.messages.slice(before).map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw)[1]);
  assert.deepEqual(left.sort(), ['Chandelier', ...subjects].map((one) => `Re: ${one}`).sort(), 'each left once');
});

test('a chat at one node is answered at the other, and both see each other live', { skip }, async (t) => {
  const there = await signedIn(b);
  const { id } = (await there.get('/channels')).body.items.find(({ kind }) => kind === 'webchat');
  const opened = await fetch(`${a.url}/webchat/v1/${id}/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  const { token } = await opened.json();
  const chat = await openWebSocket(`${a.url.replace('http', 'ws')}/webchat/v1/${id}/live`);
  chat.send({ type: 'hello', token, after: 0 });
  await chat.next(({ type }) => type === 'welcome');
  const live = await screenOf(there);
  let event;
  await measured(
    t,
    "a visitor's line is on the screen",
    async () => chat.send({ type: 'message', client_id: 'c1', text: 'Is anybody there?' }),
    async () => (event = await live.event('message_added')),
  );
  const conversation = event.conversation_id;
  await measured(
    t,
    'the reader is seen by the visitor',
    () => did(there, 'POST', `/conversations/${conversation}/read`, {}, 204),
    () => chat.next(({ type }) => type === 'seen'),
  );
  await measured(
    t,
    'the answer is in the chat',
    () =>
      did(
        there,
        'POST',
        `/conversations/${conversation}/messages`,
        { kind: 'reply', text: 'I am.', undo_seconds: 0 },
        201,
      ),
    () => chat.next(({ type, text, message }) => type === 'message' && (text ?? message?.text) === 'I am.'),
  );
  // Who looks at a conversation at one node is seen at the other.
  const nora = await screenOf(await signedIn(a, 'nora@demo.example'));
  await measured(
    t,
    'a colleague who looks is seen',
    async () => nora.send({ type: 'presence', conversation, state: 'viewing' }),
    () => live.next(({ type, viewers }) => type === 'presence' && viewers.length === 1),
  );
  // A connection between the nodes that was lost makes the visitor come again: a line may have been missed.
  psql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'answerable notifications'");
  assert.equal(await chat.closed, 1013);
  await Promise.all([nora.close(), live.close()]);
});

test('a rule and a channel that are made at one node hold at the other', { skip }, async (t) => {
  const admin = await signedIn(a);
  const channel = { kind: 'email', name: 'Sales', address: 'sales@demo.example', config: {} };
  await did(admin, 'POST', '/channels', channel, 201);
  await measured(
    t,
    'a new channel takes mail',
    async () => {},
    () =>
      until('the address is known', async () => {
        const args = ['mail', 'deliver', '--to', channel.address, '--from', 'x@customer.example'];
        const lmtp = { ...env, ANSWERABLE_MAIL_LMTP_LISTEN: `127.0.0.1:${b.lmtpPort}` };
        const raw = 'From: x@customer.example\nSubject: To sales\nMessage-ID: <sales@customer.example>\n\nHello.\n';
        return (await command(folderOf('b'), args, { env: lmtp, input: raw })).status === 0;
      }),
  );
  const { id } = await conversationOf(admin, 'To sales');
  // Both have judged by the rules as they were, and keep them in memory.
  const there = await signedIn(b);
  const answer = (client, text) => client.post(`/conversations/${id}/messages`, { kind: 'reply', text });
  for (const client of [admin, there]) assert.equal((await answer(client, 'A tulip.')).status, 201);
  const rule = { name: 'Tulips', kind: 'words', direction: 'outbound', action: 'refuse', values: ['tulip'] };
  await did(admin, 'POST', '/content-rules', rule, 201);
  assert.equal((await answer(there, 'A tulip.')).body.code, 'content_refused');
});

test('one node asks a mailbox, and the other when that one has stopped', { skip }, async (t) => {
  const admin = await signedIn(a);
  dovecot.save('zoe', 'From: z@example.com\r\nSubject: Boxed 1\r\nMessage-ID: <box.1@example.com>\r\n\r\nHello\r\n');
  const imap = { host: '127.0.0.1', port: dovecot.port, security: 'none', user: 'zoe', password: 'secret' };
  const made = { kind: 'email', name: 'Box', address: 'box@demo.example', config: { imap } };
  const { id } = await did(admin, 'POST', '/channels', made, 201);
  await conversationOf(admin, 'Boxed 1');
  assert.ok(hasDuty('a'), 'who came first has the duty');
  const checks = async (server) =>
    (await did(await signedIn(server), 'POST', `/channels/${id}/reconcile`, undefined, 200)).is_done;
  assert.deepEqual([await checks(a), await checks(b)], [true, false], 'one of them asks the mailbox');
  const began = performance.now();
  assert.deepEqual(await a.stop(), { code: 0, signal: null }, a.log);
  dovecot.save('zoe', 'From: z@example.com\r\nSubject: Boxed 2\r\nMessage-ID: <box.2@example.com>\r\n\r\nHello\r\n');
  await conversationOf(await signedIn(b), 'Boxed 2');
  t.diagnostic(`the other node asked ${Math.round(performance.now() - began)} ms after the stop began`);
  assert.ok(hasDuty('b'));
  a = await start('a');
});

test('a workspace that is suspended at one node is refused at the other within a second', { skip }, async (t) => {
  const [op, second] = [await signedIn(a, operators[0]), await signedIn(a, operators[1])];
  const admin = await signedIn(b);
  const nora = await signedIn(b, 'nora@demo.example');
  const [live, noras] = [await screenOf(admin), await screenOf(nora)];
  const { id } = await conversationOf(admin, 'Chandelier');
  const workspace = (await op.get('/workspaces')).body.items[0].id;
  const agreement = {
    signed_at: '2026-01-05T00:00:00Z',
    signatory: 'Ada',
    seats: null,
    channels: null,
    messages: null,
  };
  const terms = [{ clause: 'no_bulk', name: 'ladder', value: '1 suspend everything' }];
  const about = `/oversight/workspaces/${workspace}`;
  await did(op, 'PUT', `${about}/agreement`, { ...agreement, period_days: 30, terms }, 204);
  const facts = 'Sixty identical replies within an hour.';
  const violate = () => did(op, 'POST', `${about}/violations`, { clause: 'no_bulk', facts }, 201);
  const told = [
    ['a screen is told of a suspension', () => live.event('suspension_changed')],
    ["an agent's screen is closed", () => noras.closed],
    ["an agent's request is refused", () => answered(nora, `/conversations/${id}`, 403)],
  ];
  let act;
  await Promise.all(told.map(([what, happens]) => measured(t, what, () => (act ??= violate()), happens)));
  assert.equal(await noras.closed, 1008);
  const reply = await admin.post(`/conversations/${id}/messages`, { kind: 'reply', text: 'No.', undo_seconds: 0 });
  assert.deepEqual([reply.status, reply.body.code], [403, 'suspended'], JSON.stringify(reply.body));
  // It is lifted as it came, so that the next test has something to do.
  const [measure] = (await admin.get('/policy/measures')).body.items;
  await did(admin, 'POST', `/policy/measures/${measure.id}/appeal`, { text: 'One campaign, agreed with you.' }, 201);
  const [waiting] = (await second.get('/oversight/appeals')).body.items;
  const decision = { outcome: 'reversed', answer: 'It was agreed.' };
  await did(second, 'POST', `/oversight/appeals/${waiting.measure.appeal.id}/decide`, decision, 200);
  const [request] = (await op.get('/oversight/requests')).body.items;
  await measured(
    t,
    'it is told that it ended',
    () => did(op, 'POST', `/oversight/requests/${request.id}/confirm`, undefined, 204),
    () => live.event('suspension_changed'),
  );
  await live.close();
});

test('a reported code is refused at the other node within a second', { skip }, async (t) => {
  const admin = await signedIn(a);
  const nora = await signedIn(b, 'nora@demo.example');
  const { id } = (await admin.get('/users')).body.items.find(({ email }) => email === 'nora@demo.example');
  const live = await screenOf(nora);
  const report = () => did(admin, 'POST', `/users/${id}/exposed`, undefined, 204);
  await measured(t, 'an exposed code is refused', report, () => answered(nora, '/session', 401));
  assert.equal(await live.closed, 4401);
});

test('what a killed node had taken and not understood, the other takes over, once', { skip }, async (t) => {
  assert.deepEqual(await a.stop(), { code: 0, signal: null }, a.log);
  // With a scanner that is not there, everything waits in its spool.
  const scanner = { ANSWERABLE_MALWARE_CLAMD: `127.0.0.1:${freePort()}` };
  a = await Server.start(folderOf('a'), { env: { ...env, ...scanner } });
  const subjects = Array.from({ length: 20 }, (_, i) => `Left ${i}`);
  const large = 'y'.repeat(90_000).replace(/.{70}/g, '$&\r\n');
  for (const [i, subject] of subjects.entries())
    await deliver(a, { from: `left${i}@customer.example`, subject, text: i === 0 ? large : subject });
  const waiting = () => inDatabase(`select count(*) from spool_pending where node = '${nameOf('a')}'`);
  assert.equal(waiting(), String(subjects.length));
  const began = performance.now();
  await a.kill();
  const there = await signedIn(b);
  for (const subject of subjects) await conversationOf(there, subject);
  t.diagnostic(`taken over ${Math.round(performance.now() - began)} ms after the kill`);
  assert.equal(inDatabase('select count(*) from spool_pending'), '0');
  // It comes back, and finds nothing to do.
  a = await Server.start(folderOf('a'), { env: { ...env, ...scanner } });
  assert.equal(inDatabase("select count(*) from conversations where subject like 'Left %'"), String(subjects.length));
});

test('what a killed node was sending, the other sends when its lease is over, once', { skip }, async () => {
  await Promise.all([a.kill(), b.kill()]);
  a = await start('a');
  const here = await signedIn(a);
  const { id } = await conversationOf(here, 'Chandelier');
  let isAsked;
  const asked = new Promise((resolve) => (isAsked = resolve));
  const isReply = ({ to }) => to.includes('pia@customer.example'); // letters about accounts leave this way too
  sink.behaviour = (step, session) => {
    if (step !== 'received' || !isReply(session)) return undefined;
    isAsked();
    return { wait: new Promise(() => {}) };
  };
  const replies = () => sink.messages.filter(isReply);
  const before = replies().length;
  await did(here, 'POST', `/conversations/${id}/messages`, { kind: 'reply', text: 'Cut off.', undo_seconds: 0 }, 201);
  await asked;
  await a.kill();
  sink.behaviour = undefined;
  b = await start('b');
  const there = await signedIn(b);
  const holder = inDatabase('select lease_holder from deliveries where state = 1');
  assert.equal(holder, nameOf('a'), 'it is not sent while its lease lasts');
  inDatabase('update deliveries set lease_until = 1 where state = 1'); // five minutes later
  await until('it is sent', async () => {
    const { items } = (await there.get(`/conversations/${id}/messages`)).body;
    const state = items.find(({ text }) => text === 'Cut off.').state;
    return state === 'sent' || state;
  });
  assert.equal(replies().length, before + 1);
  assert.match(replies().at(-1).raw.toString(), /Cut off\./);
});

test('the ledger that both have written and sealed is intact', { skip }, async () => {
  a = await start('a');
  for (const node of ['a', 'b']) {
    const verify = await command(folderOf(node), ['audit', 'verify'], { env });
    assert.match(verify.stdout, /intact/, verify.stdout + verify.stderr);
  }
  assert.equal((await (await signedIn(a)).get('/ledger/verify')).body.ok, true);
});

test('two idle nodes ask the database little', { skip }, async (t) => {
  const counted = `select xact_commit + xact_rollback from pg_stat_database where datname = '${name}'`;
  const transactions = () => Number(psql(counted));
  const [first, began] = [transactions(), performance.now()];
  psql('select pg_sleep(10)'); // what is measured is a rate
  const each = (transactions() - first) / 2 / ((performance.now() - began) / 1_000);
  t.diagnostic(`${each.toFixed(1)} transactions a second and node`);
  assert.ok(each < 25, `${each} transactions a second`);
  for (const server of [a, b]) assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.log);
});
