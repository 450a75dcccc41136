// The ledger's checkpoints held outside, the epoch that a restore begins, and the proofs, with the real program, a
// witness that follows the standard, and the second verifier.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';
import { SmtpSink } from '../lib/smtp_sink.mjs';
import { Witness } from '../lib/witness.mjs';
import { Client } from './harness.mjs';

const script = new URL('../../tools/verify-ledger.mjs', import.meta.url).pathname;
const desk = ['--workspace', 'Lumen Lamps (demo)'];
let data, key, witness, sink, env, account, server, client;

async function run(args, status = 0) {
  const result = await command(data, args, { env });
  assert.equal(result.status, status, `${args.join(' ')}: ${result.stdout}\n${result.stderr}`);
  return result.stdout;
}
const secondVerifier = (...args) => execFileSync(process.execPath, [script, key, ...args]).toString();
const keep = (name, text) => {
  writeFileSync(join(data, name), text);
  return join(data, name);
};

async function start() {
  server = await Server.start(data, { env });
  client = await new Client(server.url).signIn(account.email, account.password);
}
const checkpoint = async () => (await client.get('/ledger/checkpoint')).body;
/** The holder as the screen sees it, once `holds` does. */
async function holder(name, holds) {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const found = (await checkpoint()).holders.find((one) => one.name === name);
    if (found && holds(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${name} holds nothing: ${JSON.stringify(await checkpoint())}`);
}

before(async () => {
  data = await makeDataFolder();
  account = await initDemo(data);
  key = /Signed by (\S+)\./.exec(await run(['audit', 'verify']))[1];
  [witness, sink] = await Promise.all([Witness.start(key), SmtpSink.start({})]);
  env = {
    ANSWERABLE_LEDGER_WITNESSES: `${witness.vkey} ${witness.url}`,
    ANSWERABLE_LEDGER_CHECKPOINT_FILE: join(data, 'checkpoints.txt'),
    ANSWERABLE_LEDGER_MAIL_TO: 'auditor@example.com',
    ANSWERABLE_MAIL_DOMAIN: 'desk.example',
    ANSWERABLE_MAIL_RELAY_HOST: '127.0.0.1',
    ANSWERABLE_MAIL_RELAY_PORT: String(sink.port),
    ANSWERABLE_MAIL_RELAY_SECURITY: 'none',
  };
  await start();
});
after(async () => {
  await server.stop();
  await Promise.all([removeFolder(data), witness.stop(), sink.stop()]);
});

test('a witness, a file and an address get the checkpoint of the installation', async () => {
  const name = `witness ${witness.name}`;
  const witnessed = await holder(name, ({ note }) => note);
  assert.equal(witnessed.problem, null);
  assert.match(witnessed.note, new RegExp(`^localhost/ledger/0{8}-.*\\n${witness.held.size}\\n`));
  assert.match(witnessed.note, /\n\u2014 localhost\S+ \S+\n\u2014 witness\.example\/w1 \S+\n$/u);
  await holder('file', ({ note }) => note);
  await holder('mail', ({ note }) => note);
  const [first] = readFileSync(env.ANSWERABLE_LEDGER_CHECKPOINT_FILE, 'utf8').split(/(?<=\n)\n(?=localhost)/);
  assert.match(first, /^localhost\/ledger\/0{8}-/);
  assert.equal(sink.messages[0].to[0], 'auditor@example.com');
  assert.match(sink.messages[0].raw.toString(), /checkpoint\.txt/);
});

test('an entry is proved by a file, and both verifiers say the same of it and of a changed one', async () => {
  const answer = await client.get('/ledger/proof?entry=3');
  assert.match(answer.headers.get('content-disposition'), /attachment; filename="?entry-3\.tlog-proof/);
  const proof = answer.body;
  const file = keep('proof', proof);
  assert.match(
    await run(['audit', 'verify', '--proof', file, '--key', key]),
    /intact: entry 3 .*\n.*ledger\.checkpoint/,
  );
  assert.match(secondVerifier(file), /intact, entry 3 .* whose checkpoint is entry \d+ of localhost\/ledger\/0{8}-/);
  const changed = keep('changed', proof.replace('index 3', 'index 2'));
  await run(['audit', 'verify', '--proof', changed, '--key', key], 7);
  assert.throws(() => secondVerifier(changed));
  assert.equal((await client.get('/ledger/proof?entry=999999')).status, 404);
});

test('the whole ledger comes as a file that both verifiers find intact and that shows itself', async () => {
  const text = (await client.get('/ledger/export')).body;
  assert.match(text, /action=ledger\.export\n.*\n.*\ndetail\.way=browser/);
  const file = keep('export', text);
  await run(['audit', 'verify', '--export', file, '--key', key]);
  secondVerifier(file);
});

test('a witness that has seen more than we know of is asked from there', async () => {
  const held = keep('held', await run(['audit', 'checkpoint']));
  await server.stop(); // the last act, of the sign-in, goes into the installation's ledger
  const grown = keep('grown', await run(['audit', 'prove', '--held', held]));
  assert.match(await run(['audit', 'verify', '--proof', grown, '--held', held, '--key', key]), /continues/);
  assert.match(secondVerifier('--held', held, grown), /continues/);
  const body = readFileSync(grown);
  const told = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body });
  assert.equal(told.status, 200);
  witness.statuses = [];
  await start();
  await witness.answered(409);
  await witness.answered(200);
  const { size } = witness.held;
  assert.match(await run(['audit', 'checkpoint']), new RegExp(`\\n${size}\\n`));
});

test('a witness that holds another history refuses ours, and the screen says what that means', async () => {
  const name = `witness ${witness.name}`;
  const before = await holder(name, ({ note, problem }) => note && !problem);
  const [origin, honest] = [...witness.logs].at(-1);
  // As many entries, another root: what a rewritten ledger looks like from outside.
  witness.logs.set(origin, { ...honest, root: Buffer.alloc(32, 7) });
  witness.statuses = [];
  assert.equal((await client.post('/api-keys', { name: 'One act more' })).status, 201);
  await server.stop(); // it goes into the installation's ledger at once, and not within a minute
  await start();
  await witness.answered(422);
  const refused = await holder(name, ({ problem }) => problem);
  assert.match(refused.problem, /does not continue what it has cosigned/);
  assert.equal(refused.note, before.note, 'what it holds of before stays');
  assert.ok(!witness.statuses.includes(200));
  // It has seen more, of another history: the proof is sent from there, and is none.
  witness.logs.set(origin, { size: honest.size + 1, root: Buffer.alloc(32, 7) });
  await server.stop();
  witness.statuses = [];
  await start();
  await witness.answered(409);
  await witness.answered(422);
  assert.ok(!witness.statuses.includes(200));
  witness.logs.set(origin, honest);
});

test('a restored database begins an epoch that names what it gives up, and the witness is told', async () => {
  await server.stop();
  const database = join(data, 'answerable.db');
  copyFileSync(database, join(data, 'backup'));
  await start();
  await server.stop();
  const given = await run(['audit', 'checkpoint', ...desk]);
  copyFileSync(join(data, 'backup'), database);
  for (const end of ['-wal', '-shm']) if (existsSync(database + end)) rmSync(database + end);
  await start();
  assert.match(server.log, /ledger_epoch_begun/);
  const { epoch } = await checkpoint();
  assert.equal(epoch, 2);
  assert.match(await run(['audit', 'verify']), /intact.*epoch 2/);
  await run(['audit', 'prove', '--held', keep('given', given)], 1);
  const exported = await run(['audit', 'export', ...desk]);
  assert.ok(exported.includes(given.split('\n')[2]), 'the entry names the head that was given up');
  secondVerifier(keep('export', exported));
});
