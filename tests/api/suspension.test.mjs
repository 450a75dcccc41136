// A workspace is suspended and reinstated in the middle of its work: mail and chats arrive, replies leave. Nothing is
// lost, nothing leaves meanwhile, all leaves in order afterwards, and whoever looks is told within a second.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';
import { SmtpSink } from '../lib/smtp_sink.mjs';
import { Client, deliver, seqOf, waitForEvent } from './harness.mjs';
import { openWebSocket } from './websocket.mjs';

const customers = ['ann', 'ben', 'cyd', 'dan'];
const operators = ['op@host.example', 'op2@host.example'];
// An event is there within a second; this much more is for a machine on which everything else runs, too.
const told_within_ms = 2_500;
let data, sink, server, account, admin, nora, op, second;

before(async () => {
  [data, sink] = [await makeDataFolder(), await SmtpSink.start()];
  const env = sink.asRelay;
  account = await initDemo(data, env);
  for (const email of operators) {
    const args = ['user', 'add', email, '--role', 'operator', '--password-stdin'];
    const { status, stderr } = await command(data, args, { env, input: `${account.password}\n` });
    assert.equal(status, 0, stderr);
  }
  server = await Server.start(data, { env });
  const signedIn = (email) => new Client(server.url).signIn(email, account.password);
  [admin, nora] = [await signedIn(account.email), await signedIn('nora@demo.example')];
  [op, second] = [await signedIn(operators[0]), await signedIn(operators[1])];
});
after(async () => {
  assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.log);
  await Promise.all([sink.stop(), removeFolder(data)]);
});

async function did(client, method, path, body, status) {
  const answer = await client.send(method, path, { body });
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** What arrives goes on until it is told to stop; resolves with what was taken. */
function arriving(send) {
  const taken = [];
  const waiting = []; // for one more
  let isOver = false;
  const done = (async () => {
    for (let i = 0; !isOver; ++i) {
      await send(i);
      taken.push(i);
      for (const go of waiting.splice(0)) go();
    }
  })();
  const past = async (count) => {
    while (taken.length < count) await Promise.race([done, new Promise((go) => waiting.push(go))]);
  };
  return { taken, past, stop: () => ((isOver = true), done) };
}

async function visitor() {
  const { items } = (await admin.get('/channels')).body;
  const { id } = items.find(({ kind }) => kind === 'webchat');
  const post = (path, token, body) =>
    fetch(`${server.url}/webchat/v1/${id}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
  const { token } = await (await post('/sessions', '', {})).json();
  return async (i) => {
    // The bucket of a visitor is small: what it puts off is not taken, and said again.
    for (let status = 429; status === 429;)
      ({ status } = await post('/messages', token, { client_id: `c${i}`, text: `Chat ${i}.` }));
  };
}

async function screen() {
  const Cookie = [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const line = await openWebSocket(`${server.url.replace('http', 'ws')}/api/v1/live`, { Cookie });
  line.send({ type: 'hello', after: await seqOf(admin) });
  await line.next(({ type }) => type === 'welcome');
  const told = async () => {
    const has = ({ type, events }) => type === 'events' && events.some(({ kind }) => kind === 'suspension_changed');
    await line.next(has);
    return performance.now();
  };
  return { told, close: () => line.close() };
}

async function suspend(workspace) {
  const agreement = {
    signed_at: '2026-01-05T00:00:00Z',
    signatory: 'Ada',
    seats: null,
    channels: null,
    messages: null,
  };
  const terms = [{ clause: 'no_bulk', name: 'ladder', value: '1 suspend sending' }];
  await did(op, 'PUT', `/oversight/workspaces/${workspace}/agreement`, { ...agreement, period_days: 30, terms }, 204);
  const live = await screen();
  const facts = 'Sixty identical replies within an hour.';
  const path = `/oversight/workspaces/${workspace}/violations`;
  const [at] = await Promise.all([live.told(), did(op, 'POST', path, { clause: 'no_bulk', facts }, 201)]);
  await live.close();
  return at;
}

async function reinstate() {
  const [measure] = (await admin.get('/policy/measures')).body.items;
  await did(admin, 'POST', `/policy/measures/${measure.id}/appeal`, { text: 'One campaign, agreed with you.' }, 201);
  const [waiting] = (await second.get('/oversight/appeals')).body.items;
  const decision = { outcome: 'reversed', answer: 'It was agreed.' };
  await did(second, 'POST', `/oversight/appeals/${waiting.measure.appeal.id}/decide`, decision, 200);
  const [request] = (await op.get('/oversight/requests')).body.items;
  const live = await screen();
  const asked = performance.now();
  const [at] = await Promise.all([
    live.told(),
    did(op, 'POST', `/oversight/requests/${request.id}/confirm`, undefined, 204),
  ]);
  await live.close();
  return at - asked;
}

const totalOf = async (state) => (await admin.get(`/deliveries?state=${state}&limit=1`)).body.total;
async function untilNone(state) {
  for (let seq = await seqOf(admin); (await totalOf(state)) > 0;) {
    const { body } = await admin.get(`/events?after=${seq}&wait=1`);
    seq = body.last_seq;
  }
}
const textsTo = (name) =>
  sink.messages
    .filter(({ to }) => to.includes(`${name}@customer.example`))
    .map(({ raw }) => /Reply \d+\./.exec(raw.toString())[0]);

test('suspended under load: nothing is lost, nothing leaves meanwhile, then all in its order', async (t) => {
  const workspace = (await op.get('/workspaces')).body.items[0].id;
  const ids = {};
  for (const name of customers) {
    const since = await seqOf(admin);
    await deliver(server, { from: `${name}@customer.example`, subject: `Of ${name}` });
    ids[name] = (await waitForEvent(admin, since, ({ kind }) => kind === 'message_added')).conversation_id;
  }
  const accepted = [];
  const reply = async (number, undo_seconds) => {
    for (const name of customers) {
      const body = { kind: 'reply', text: `Reply ${number}.`, undo_seconds };
      const answer = await nora.post(`/conversations/${ids[name]}/messages`, body);
      if (answer.status === 201) accepted.push(`${name} ${number}`);
      else assert.equal(answer.body.code, 'suspended');
    }
  };
  // Fifty a second and no more: it goes on for as long as the replies can be taken back, and other tests run beside it.
  const mails = arriving(async (i) => {
    await Promise.all([pause(20), deliver(server, { from: `late${i}@customer.example`, subject: `Late ${i}` })]);
  });
  const say = await visitor();
  const chats = arriving(async (i) => (await mails.past(50 * i), say(i))); // as often as a visitor may

  await Promise.all([mails.past(3), chats.past(3)]);
  await reply(0, 0);
  await sink.waitFor(customers.length);
  await reply(1, 8); // these wait when the workspace is stopped, however slow the machine is
  await reply(2, 8);
  const asked = performance.now();
  const told = (await suspend(workspace)) - asked;
  t.diagnostic(`told of the suspension within ${Math.round(told)} ms of the report, its agreement included`);
  assert.ok(told < told_within_ms, `told after ${told} ms`);
  const before = accepted.length;
  await reply(3, 0);
  assert.equal(accepted.length, before, 'no reply is accepted');
  // The second reply of each; the third stands behind it.
  const end = Date.now() + 60_000;
  for (let seq = await seqOf(admin); (await totalOf('held')) < customers.length;) {
    assert.ok(Date.now() < end, 'the replies that waited are not held: they had left already');
    seq = (await admin.get(`/events?after=${seq}&wait=1`)).body.last_seq;
  }
  await Promise.all([mails.past(mails.taken.length + 3), chats.past(chats.taken.length + 3)]);
  assert.equal(sink.messages.length, customers.length, 'nothing leaves while it is suspended');

  const reinstated = await reinstate();
  t.diagnostic(`told of the end within ${Math.round(reinstated)} ms`);
  assert.ok(reinstated < told_within_ms, `told after ${reinstated} ms`);
  await reply(4, 0);
  assert.equal(accepted.length, before + customers.length, 'replies are accepted again');
  await chats.stop(); // these follow the mails
  await mails.stop();
  await sink.waitFor(accepted.length);
  await untilNone('sending');
  for (const name of customers) assert.deepEqual(textsTo(name), ['Reply 0.', 'Reply 1.', 'Reply 2.', 'Reply 4.'], name);
  assert.equal(sink.messages.length, accepted.length);
  await assertAllArrived(mails.taken.length, chats.taken.length);
  const acts = await ledgerOf(/^policy\.(suspend|lift)$/);
  assert.deepEqual(acts, ['policy.lift', 'policy.suspend']);
});

// The acts of the ledger with such a name, newest first.
async function ledgerOf(name) {
  const found = [];
  for (let cursor = ''; cursor !== null;) {
    const { body } = await admin.get(`/ledger?limit=100${cursor && `&cursor=${cursor}`}`);
    found.push(...body.items.map(({ action }) => action).filter((action) => name.test(action)));
    cursor = body.next_cursor;
  }
  return found;
}

// What the server took is there once.
async function assertAllArrived(mails, chats) {
  const subjects = [];
  const lines = [];
  for (let cursor = ''; cursor !== null;) {
    const { body } = await admin.get(`/conversations?view=all&limit=100${cursor && `&cursor=${cursor}`}`);
    for (const one of body.items) {
      if (/^Late \d+$/.test(one.subject)) subjects.push(one.subject);
      if (one.channel.kind === 'webchat') lines.push(...(await chatLines(one.id)));
    }
    cursor = body.next_cursor;
  }
  const numbered = (word, count, end) => Array.from({ length: count }, (_, i) => `${word} ${i}${end}`).sort();
  assert.deepEqual(subjects.sort(), numbered('Late', mails, ''));
  assert.deepEqual(lines.sort(), numbered('Chat', chats, '.'));
}
async function chatLines(id) {
  const found = [];
  for (let cursor = ''; cursor !== null;) {
    const { body } = await admin.get(`/conversations/${id}/messages?limit=100${cursor && `&cursor=${cursor}`}`);
    found.push(...body.items.map(({ text }) => text).filter((text) => /^Chat \d+\.$/.test(text)));
    cursor = body.next_cursor;
  }
  return found;
}
