// The whole program on PostgreSQL: a mail comes in, is found, answered and leaves; the ledger holds. script/test starts
// the database and says where in ANSWERABLE_TEST_POSTGRES.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, deliver, seqOf, waitForEvent } from './harness.mjs';
import { command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';
import { SmtpSink } from '../lib/smtp_sink.mjs';

const address = process.env.ANSWERABLE_TEST_POSTGRES;
const skip = address ? false : 'ANSWERABLE_TEST_POSTGRES is not set: tests/lib/postgres.sh run node --test …';
const name = `api_${process.pid}`;
// The program's own role may make no databases.
const owner = address?.replace('//answerable@', '//owner@');
const psql = (statement) => execFileSync('psql', ['-q', '-X', owner, '-c', statement]);
let data, sink, env, account, server, admin;

before(async () => {
  if (skip) return;
  psql(`create database ${name} owner answerable`);
  [data, sink] = [await makeDataFolder(), await SmtpSink.start({ users: { anna: 'secret' } })];
  writeFileSync(join(data, 'postgres-url'), address.replace('/answerable?', `/${name}?`));
  writeFileSync(join(data, 'relay-password'), 'secret\n');
  env = {
    ANSWERABLE_DATABASE_ENGINE: 'postgres',
    ANSWERABLE_DATABASE_URL_FILE: join(data, 'postgres-url'),
    ...sink.asRelay,
    ANSWERABLE_MAIL_RELAY_USER: 'anna',
    ANSWERABLE_MAIL_RELAY_PASSWORD_FILE: join(data, 'relay-password'),
  };
  account = await initDemo(data, env);
  server = await Server.start(data, { env });
  admin = await new Client(server.url).signIn(account.email, account.password);
});
after(async () => {
  if (skip) return;
  await server?.kill();
  await sink.stop();
  psql(`drop database ${name} with (force)`);
  await removeFolder(data);
});

const run = async (args, status) => {
  const result = await command(data, args, { env });
  assert.equal(result.status, status, `${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return result.stdout;
};

test('a mail comes in, is found by its words, is answered, and the answer leaves once', { skip }, async () => {
  const before = await seqOf(admin);
  const id = await deliver(server, { from: 'pia@customer.example', subject: 'Chandelier', text: 'It tinkles.' });
  const { conversation_id } = await waitForEvent(admin, before, (event) => event.kind === 'message_added');
  assert.equal((await admin.get(`/conversations/${conversation_id}`)).body.subject, 'Chandelier');
  let hits = [];
  for (let tries = 0; !hits.length && tries < 200; tries++) hits = (await admin.get('/search?q=tinkles')).body.items;
  assert.equal(hits[0]?.conversation_id ?? hits[0]?.conversation?.id, conversation_id, JSON.stringify(hits));
  const now = await seqOf(admin);
  const text = 'Chandeliers do.';
  const reply = await admin.post(`/conversations/${conversation_id}/messages`, {
    kind: 'reply',
    text,
    undo_seconds: 0,
  });
  assert.equal(reply.status, 201);
  await sink.waitFor(1);
  const [sent] = sink.messages;
  assert.deepEqual([sent.to, sent.user], [['pia@customer.example'], 'anna']);
  assert.match(sent.raw.toString(), /Chandeliers do\./);
  assert.ok(sent.raw.toString().includes(`In-Reply-To: <${id}>`));
  const stateOf = async () =>
    (await admin.get(`/conversations/${conversation_id}/messages`)).body.items.find((one) => one.id === reply.body.id)
      .state;
  for (let seq = now; (await stateOf()) !== 'sent';)
    // "sending" is a change, too
    ({ seq } = await waitForEvent(admin, seq, (event) => event.kind === 'message_changed'));
  assert.equal(sink.messages.length, 1);
});

test(
  'beside the server people are listed and the ledger is verified, and it starts again after a stop',
  { skip },
  async () => {
    assert.match(await run(['user', 'list'], 0), /nora@demo\.example/);
    assert.match(await run(['audit', 'verify'], 0), /intact/);
    assert.match(await run(['doctor'], 1), /^(warn|fail|ok) +engine +PostgreSQL/m);
    assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.log);
    server = await Server.start(data, { env });
    admin = await new Client(server.url).signIn(account.email, account.password);
    assert.equal((await admin.get('/search?q=tinkles')).body.items.length, 1);
    assert.equal((await admin.get('/ledger/verify')).body.ok, true);
    assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.log);
  },
);

test('a database that cannot be reached is said, with exit status 9', { skip }, async () => {
  const file = join(data, 'nowhere-url');
  writeFileSync(file, 'postgresql://answerable@/answerable?host=/nowhere');
  const result = await command(data, ['serve'], { env: { ...env, ANSWERABLE_DATABASE_URL_FILE: file } });
  assert.equal(result.status, 9, result.stderr);
});
