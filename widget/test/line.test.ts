// The line on bad days: whatever is cut, every message is stored once, shown once, and in order.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { memoryBox } from '../src/storage';
import type { Step } from './fake_server';
import { FakeServer } from './fake_server';
import { Visitor } from './visitor';

const options = { timeout: 20_000 };
let server: FakeServer;
let base: string;
let visitors: Visitor[] = [];

beforeEach(async () => {
  server = new FakeServer();
  base = await server.start();
});
afterEach(async () => {
  for (const visitor of visitors) visitor.leave();
  visitors = [];
  await server.stop();
});

function visit(box = memoryBox(), identity?: string): Visitor {
  const visitor = new Visitor(base, box, identity);
  visitors.push(visitor);
  return visitor;
}

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name} ${i + 1}`);
const inbound = () => server.stored.filter(({ direction }) => direction === 'in').map(({ text }) => text);

test('a message is accepted and then no longer kept for sending', options, async () => {
  const visitor = visit();
  visitor.chat.send('hello', []);
  await visitor.until(() => visitor.isSettled);
  assert.deepEqual(inbound(), ['hello']);
  assert.deepEqual(visitor.chat.memory.unsent, []);
  assert.equal(visitor.chat.transcript.entries[0]!.state, 'sent');
});

for (const step of ['open', 'hello', 'message', 'stored'] as Step[]) {
  test(`a line cut at "${step}" three times loses nothing and doubles nothing`, options, async () => {
    let left = 3;
    server.cut = (at) => at === step && left-- > 0;
    const visitor = visit();
    const texts = numbered('m', 5);
    for (const text of texts) visitor.chat.send(text, []);
    await visitor.until(() => visitor.isSettled);
    assert.deepEqual(inbound(), texts);
    assert.deepEqual(visitor.texts, texts);
  });
}

test('with the line cut at random, both sides end with the same conversation', options, async () => {
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  server.cut = () => random() < 0.25;
  const visitor = visit();
  for (let i = 1; i <= 40; i += 1) {
    visitor.chat.send(`v ${i}`, []);
    if (i % 4 === 0) server.write(`c ${i}`);
    if (random() < 0.3) server.cutAll();
    await visitor.until(() => server.received > 0 || visitor.states.length > 0);
  }
  server.cut = () => false;
  await visitor.until(() => visitor.isSettled && visitor.texts.length === server.stored.length);
  assert.deepEqual(inbound(), numbered('v', 40));
  assert.deepEqual(
    visitor.texts,
    server.stored.map(({ text }) => text),
  );
});

test(
  'a line that takes messages and never answers is given up, and the message goes over the next',
  options,
  async () => {
    server.deaf = true;
    const visitor = visit();
    await visitor.until(() => visitor.chat.link.state === 'online');
    visitor.chat.send('hello', []);
    await visitor.until(() => visitor.states.includes('offline'));
    server.deaf = false;
    await visitor.until(() => visitor.isSettled);
    assert.deepEqual(inbound(), ['hello']);
  },
);

test('a reload resumes after the last number and sends what was not accepted, once', options, async () => {
  const box = memoryBox();
  const before = visit(box);
  before.chat.send('one', []);
  await before.until(() => before.isSettled);
  server.write('answer');
  await before.until(() => before.texts.length === 2);
  server.cut = (step) => step === 'stored'; // stored, but the page never hears of it
  before.chat.send('two', []);
  await before.until(() => before.states.includes('offline'));
  before.leave();
  server.cut = () => false;
  const after = visit(box);
  assert.deepEqual(after.texts, ['one', 'answer', 'two']);
  await after.until(() => after.isSettled);
  assert.equal(server.hellos.at(-1), 2);
  assert.deepEqual(inbound(), ['one', 'two']);
  assert.deepEqual(after.texts, ['one', 'answer', 'two']);
  assert.equal(server.sessions, 1);
});

test('a page closed while offline sends its messages on the next visit', options, async () => {
  server.refuseSession = { status: 503, code: 'unavailable' };
  const box = memoryBox();
  const before = visit(box);
  before.chat.send('kept', []);
  await before.until(() => before.states.includes('offline'));
  before.leave();
  server.refuseSession = null;
  const after = visit(box);
  await after.until(() => after.isSettled);
  assert.deepEqual(inbound(), ['kept']);
});

test('a token that is no longer valid is replaced, and what waited still goes', options, async () => {
  const box = memoryBox();
  box.set('answerable.c1.token', 'old');
  const visitor = visit(box);
  visitor.chat.send('hello', []);
  await visitor.until(() => visitor.isSettled);
  assert.equal(box.get('answerable.c1.token'), 'token-1');
  assert.deepEqual(inbound(), ['hello']);
});

test('a page that stands open for longer than its identity lives keeps its conversation', options, async () => {
  const identity = `x.${Buffer.from('{"sub":"anna"}').toString('base64url')}.x`;
  const visitor = visit(memoryBox(), identity);
  visitor.chat.send('one', []);
  await visitor.until(() => visitor.isSettled);
  server.expiredIdentity = identity;
  visitor.chat.link.refresh();
  visitor.chat.send('two', []);
  await visitor.until(() => visitor.isSettled);
  assert.deepEqual(visitor.texts, ['one', 'two']);
});

test('where the visitor is not wanted the chat says so, keeps the text, and tries again later', options, async () => {
  server.refuseSession = { status: 403, code: 'identity_required' };
  const visitor = visit();
  visitor.chat.send('hello', []);
  await visitor.until(() => visitor.states.includes('refused:identity_required'));
  assert.equal(visitor.chat.memory.unsent.length, 1);
  server.refuseSession = null;
  await visitor.until(() => visitor.isSettled);
  assert.deepEqual(inbound(), ['hello']);
});

test('where WebSockets do not get through, plain HTTP carries both ways', options, async () => {
  server.noSockets = true;
  const visitor = visit();
  const texts = numbered('m', 3);
  for (const text of texts) visitor.chat.send(text, []);
  await visitor.until(() => visitor.isSettled);
  server.write('answer');
  await visitor.until(() => visitor.texts.length === 4);
  visitor.chat.send('thanks', []);
  await visitor.until(() => inbound().length === 4 && visitor.isSettled);
  assert.deepEqual(visitor.texts, [...texts, 'answer', 'thanks']);
});

test('a refused message stays with its reason, and can be sent again or removed', options, async () => {
  server.refuseMessage = (text) => (text.startsWith('bad') ? 'blocked' : null);
  const visitor = visit();
  for (const text of ['bad 1', 'bad 2', 'good']) visitor.chat.send(text, []);
  await visitor.until(() => visitor.isSettled);
  const refused = visitor.chat.transcript.entries.filter((entry) => entry.state === 'refused');
  assert.deepEqual(
    refused.map(({ text, detail }) => [text, detail]),
    [
      ['bad 1', 'Because.'],
      ['bad 2', 'Because.'],
    ],
  );
  visitor.chat.discard(refused[0]!.clientId);
  server.refuseMessage = null;
  visitor.chat.resend(refused[1]!.clientId);
  await visitor.until(() => visitor.isSettled);
  assert.deepEqual(inbound(), ['good', 'bad 2']);
  assert.deepEqual(visitor.chat.memory.unsent, []);
});

test('a message refused for the moment goes out by itself a little later', options, async () => {
  let left = 2;
  server.refuseMessage = () => (left-- > 0 ? 'rate_limited' : null);
  const visitor = visit();
  visitor.chat.send('hello', []);
  await visitor.until(() => visitor.isSettled);
  assert.deepEqual(inbound(), ['hello']);
  assert.equal(server.received, 3);
});

test('messages refused for the moment keep their order', options, async () => {
  let left = 3;
  server.refuseMessage = () => (left-- > 0 ? 'limited' : null);
  const visitor = visit();
  for (const text of numbered('m', 3)) visitor.chat.send(text, []);
  await visitor.until(() => visitor.isSettled);
  assert.deepEqual(inbound(), numbered('m', 3));
});

test('typing is told every three seconds at most; what the company types and has seen is shown', options, async () => {
  const visitor = visit();
  await visitor.until(() => visitor.chat.link.state === 'online');
  for (const now of [10_000, 11_000, 12_999, 13_000]) visitor.chat.typed(now);
  visitor.chat.send('hello', []);
  await visitor.until(() => visitor.isSettled);
  assert.equal(server.frames.filter(({ type }) => type === 'typing').length, 2);
  server.broadcast({ type: 'typing', author: { name: 'Théo' } });
  server.broadcast({ type: 'seen', seq: 1, by: 'team' });
  await visitor.until(() => visitor.chat.transcript.seenSeq === 1);
  server.broadcast({ type: 'seen', seq: 1 });
  await visitor.until(() => visitor.seenElsewhere === 1);
  assert.deepEqual(visitor.typing, ['Théo']);
});

test('frames that make no sense are ignored', options, async () => {
  const visitor = visit();
  await visitor.until(() => visitor.chat.link.state === 'online');
  for (const frame of [
    {},
    [],
    null,
    7,
    { type: 'nonsense' },
    { type: 'message' },
    { type: 'accepted', client_id: 'x' },
  ]) {
    server.broadcast(frame as object);
  }
  server.write('still here');
  await visitor.until(() => visitor.texts.length > 0);
  assert.deepEqual(visitor.texts, ['still here']);
});

test('somebody else on the same computer does not see the conversation before', options, async () => {
  const identityOf = (sub: string) => `x.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.x`;
  const box = memoryBox();
  const anna = visit(box, identityOf('anna'));
  anna.chat.send('secret', []);
  await anna.until(() => anna.isSettled);
  anna.leave();
  const ben = visit(box, identityOf('ben'));
  assert.deepEqual(ben.texts, []);
  assert.equal(ben.chat.memory.token, null);
  ben.leave();
  const nobody = visit(box);
  assert.deepEqual(nobody.texts, []);
});
