// The ledger's checkpoints held outside, the epoch that a restore begins, and the proofs, with the real program, a
// witness that follows the standard, and the second verifier.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';
import { SmtpSink } from '../lib/smtp_sink.mjs';
import { until } from '../lib/within.mjs';
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
  let found;
  await until(`${name} holds it`, async () => {
    found = (await checkpoint()).holders.find((one) => one.name === name);
    return found && holds(found) ? true : (found ?? null);
  });
  return found;
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
    ...sink.asRelay,
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

const rawKey = (text) => Buffer.from(/^[^+]+\+[^+]+\+(.+)$/.exec(text)[1], 'base64').subarray(1);
const newKey = (said) => /from the next start on: (\S+)/.exec(said)[1];
/** What the two verifiers say of these files to somebody who has `by`: true, true when both find them intact. */
async function verdicts(by, kind, ...files) {
  const ours = await command(data, ['audit', 'verify', kind, ...files, '--key', by]);
  let theirs = true;
  const held = files.indexOf('--held');
  const order = held < 0 ? files : [...files.slice(held, held + 2), ...files.slice(0, held)];
  try {
    execFileSync(process.execPath, [script, by, ...order], { stdio: 'pipe' });
  } catch {
    theirs = false;
  }
  return [ours.status === 0, theirs];
}

test('after the key was replaced a witness that has the new one goes on, and both verifiers follow', async () => {
  const held = keep('held-before', await run(['audit', 'checkpoint']));
  await server.stop();
  const replaced = newKey(await run(['keys', 'replace-ledger']));
  assert.notEqual(replaced, key);
  witness.statuses = [];
  await start();
  await witness.answered(403);
  const refused = await holder(`witness ${witness.name}`, ({ problem }) => problem);
  assert.match(refused.problem, /give its operator the ledger's public key/);
  witness.logRaw = rawKey(replaced);
  await server.stop();
  witness.statuses = [];
  await start();
  await witness.answered(200);
  assert.ok(!witness.statuses.includes(422), 'the tree under the new key continues the one that it has cosigned');
  const file = keep('two-keys', await run(['audit', 'export', ...desk]));
  const grown = keep('two-keys-grown', await run(['audit', 'prove', '--held', held]));
  const proof = keep('two-keys-proof', (await client.get('/ledger/proof?entry=3')).body);
  for (const by of [key, replaced]) {
    assert.deepEqual(await verdicts(by, '--export', file), [true, true], by);
    assert.deepEqual(await verdicts(by, '--proof', proof), [true, true], by);
    assert.deepEqual(await verdicts(by, '--proof', grown, '--held', held), [true, true], by);
  }
  const text = readFileSync(file, 'utf8');
  const change = /^key \d+\n(answerable-ledger-key v1\n[^]*?)(?=entry )/m.exec(text)[1];
  const lines = change.split('\n').slice(-3, -1);
  // Each of these would let somebody else's key in; each is refused by both, whoever asks.
  const wrong = {
    'without the change in front': text.replace(/^key \d+\n[^]*?(?=entry )/m, ''),
    'the change twice': text.replace(/^(key \d+\n[^]*?)(?=entry )/m, '$1$1'),
    'its signatures in the other order': text.replace(lines.join('\n'), lines.toReversed().join('\n')),
    'its entry changed': text.replace(/(detail\.announcement=.*size=)(\d)/, (_, before, digit) => before + (9 - digit)),
  };
  for (const [what, changed] of Object.entries(wrong)) {
    assert.notEqual(changed, text, what);
    const bad = keep('wrong', changed);
    for (const by of [key, replaced]) assert.deepEqual(await verdicts(by, '--export', bad), [false, false], what);
  }
  const letters = readFileSync(env.ANSWERABLE_LEDGER_CHECKPOINT_FILE, 'utf8');
  assert.match(letters, /answerable-ledger-key v1\nledger=localhost\/ledger\/0{8}-/);
  key = replaced;
});

test('a key that was lost is replaced by one that only those believe who are given it, in a new epoch', async () => {
  await server.stop();
  rmSync(join(data, 'keys', 'ledger.key'));
  assert.notEqual((await command(data, ['keys', 'replace-ledger'])).status, 0);
  const given = newKey(await run(['keys', 'replace-ledger', '--unannounced']));
  await start();
  const { epoch } = await checkpoint();
  assert.equal(epoch, 3);
  const file = keep('lost', await run(['audit', 'export', ...desk]));
  assert.deepEqual(await verdicts(key, '--export', file), [false, false]);
  assert.deepEqual(await verdicts(given, '--export', file), [true, true]);
  assert.match(await run(['audit', 'verify']), /installation: intact/);
});
