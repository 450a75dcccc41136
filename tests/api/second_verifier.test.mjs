// Two verifiers that share no code, the program and tools/verify-ledger.mjs, agree on what is intact and what is not:
// a ledger of a thousand entries, changed in every way that there is. Each verifier reads all files in one go.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client, command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';

const script = new URL('../../tools/verify-ledger.mjs', import.meta.url).pathname;
const desk = ['--workspace', 'Lumen Lamps (demo)'];
let data, other, whole, key, items;

// Each request is three acts, so that a thousand entries are made in little time.
async function act(folder, account, requests) {
  const server = await Server.start(folder);
  const client = new Client(server.url);
  const { user } = await client.signIn(account);
  const [{ id }] = (await client.request('GET', '/api/v1/conversations?view=all')).body.items;
  const change = (i) => ({
    subject: `Lamp ${i}`,
    status: i % 2 ? 'open' : 'closed',
    assignee: i % 2 ? null : user.id,
  });
  // One after the other: what is so already would be no act.
  for (let i = 0; i < requests; ++i)
    assert.equal((await client.request('PATCH', `/api/v1/conversations/${id}`, change(i))).status, 200);
  await server.stop();
}
// The export is an act itself: two of one folder never have the same last entry.
async function exported(folder) {
  const { status, stdout, stderr } = await command(folder, ['audit', 'export', ...desk]);
  assert.equal(status, 0, stderr);
  return Buffer.from(stdout);
}

before(async () => {
  [data, other] = await Promise.all([makeDataFolder(), makeDataFolder()]);
  await act(data, await initDemo(data), 340);
  whole = await exported(data);
  key = /^key=(.+)$/m.exec(whole.toString())[1];
  items = itemsOf(whole);
});
after(() => Promise.all([removeFolder(data), removeFolder(other)]));

// The places of the entries in an export: their line and bytes.
function itemsOf(bytes) {
  const found = [];
  let at = 0;
  for (let i = 0; i < 3; i++) at = bytes.indexOf(10, at) + 1;
  for (;;) {
    const end = bytes.indexOf(10, at);
    const line = bytes.subarray(at, end).toString();
    const size = /^(?:entry [0-9a-f]{64}|checkpoint) (\d+)$/.exec(line)?.[1];
    if (!size) return found;
    const next = end + 1 + Number(size);
    if (line.startsWith('entry')) found.push([at, next]);
    at = next;
  }
}

let rounds = 0;
const ask = (args) =>
  new Promise((resolve) =>
    execFile(process.execPath, [script, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr }),
    ),
  );
/** What both say of each of the files: [{what, theirs, ours}], true: intact. */
async function verdicts(files, { by = key, held } = {}) {
  const folder = join(data, `round-${++rounds}`);
  await mkdir(folder);
  const names = await Promise.all(
    files.map(async ([, bytes], i) => {
      await writeFile(join(folder, String(i)), bytes);
      return join(folder, String(i));
    }),
  );
  const hold = held ? ['--held', held] : [];
  const [theirs, ours] = await Promise.all([
    ask([by, ...hold, ...names]),
    command(data, ['audit', 'verify', ...hold, '--key', by, '--export', ...names]),
  ]);
  await rm(folder, { recursive: true });
  const isIntact = (said, name) => {
    const line = said.stdout.split('\n').find((one) => one.startsWith(`${name}: `));
    assert.ok(line, `nothing is said of ${name}: ${said.stdout.slice(0, 500)} ${said.stderr}`);
    return line.includes(': intact, ');
  };
  return files.map(([what], i) => ({ what, theirs: isIntact(theirs, names[i]), ours: isIntact(ours, names[i]) }));
}
async function assertAllFound(files, options) {
  const missed = (await verdicts(files, options)).filter(({ theirs, ours }) => theirs || ours);
  assert.deepEqual(missed, []);
}

const part = ([from, to]) => whole.subarray(from, to);
/** Sampled over the whole ledger, its ends among them. */
const places = (count, of) => Array.from({ length: count }, (_, i) => Math.floor((i * (of - 1)) / (count - 1)));

test('an honest export is intact to both, with the same number of entries and the same root', async () => {
  assert.ok(items.length >= 1000, `${items.length} entries`);
  const file = join(data, 'honest');
  await writeFile(file, whole);
  const [theirs, ours] = await Promise.all([ask([key, file]), command(data, ['audit', 'verify', '--export', file])]);
  assert.deepEqual([theirs.status, ours.status], [0, 0], theirs.stdout + ours.stdout);
  const of = (text) => [/(\d+) entries/.exec(text)[1], /root ([0-9a-f]{64})/.exec(text)[1]];
  assert.deepEqual(of(theirs.stdout), of(ours.stdout));
  assert.match(theirs.stdout, /, [2-9] signed checkpoints/);
});

const flipped = () =>
  places(64, whole.length).map((at, i) => {
    const changed = Buffer.from(whole);
    changed[at] ^= 1 << (i % 8);
    return [`bit ${i % 8} of byte ${at}`, changed];
  });
function rearranged() {
  const last = items.length - 1;
  return places(8, last).flatMap((i) => {
    const [a, b] = [items[i], items[i + 1]];
    const [head, tail] = [whole.subarray(0, a[0]), whole.subarray(b[1])];
    return [
      [`${i} left out`, Buffer.concat([head, part(b), tail])],
      [`${i} doubled`, Buffer.concat([head, part(a), part(a), part(b), tail])],
      [`${i} and the next swapped`, Buffer.concat([head, part(b), part(a), tail])],
      [`${last - i} replayed after ${i}`, Buffer.concat([head, part(a), part(items[last - i]), part(b), tail])],
    ];
  });
}
function truncated() {
  const files = places(12, whole.length).map((at) => [`cut at ${at}`, whole.subarray(0, at)]);
  files.push(['something after the end', Buffer.concat([whole, Buffer.from('\n')])]);
  for (const count of [1, 500, items.length - 1]) {
    const kept = whole.subarray(0, items[count - 1][1]);
    const checkpoints = kept.toString('latin1').match(/^checkpoint \d+$/gm)?.length ?? 0;
    files.push([
      `cut to ${count}`,
      Buffer.concat([kept, Buffer.from(`end entries=${count} checkpoints=${checkpoints}\n`)]),
    ]);
  }
  return files;
}

test('a flipped bit, a moved or lost entry, a cut-off end is found by both, wherever it is', async () => {
  const files = [...flipped(), ...rearranged(), ...truncated()];
  assert.equal(files.length, 112);
  await assertAllFound(files); // in one go: to start a program costs more than to read a file
});

// A key of the same name, made by somebody else.
function strangersKey() {
  const spki = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' });
  const typed = Buffer.concat([Buffer.from([1]), spki.subarray(-32)]);
  const name = key.split('+')[0];
  const hash = createHash('sha256').update(`${name}\n`).update(typed).digest('hex').slice(0, 8);
  return `${name}+${hash}+${typed.toString('base64')}`;
}

test('another key is refused by both', async () => {
  const signedByStranger = Buffer.from(whole.toString().replace(`key=${key}`, `key=${strangersKey()}`));
  await assertAllFound([['whole', whole]], { by: strangersKey() });
  await assertAllFound([['with the key of somebody else', signedByStranger]]);
  const file = join(data, 'whole');
  await writeFile(file, whole);
  assert.equal((await ask([key.slice(0, -4), file])).status, 2);
  const ours = await command(data, ['audit', 'verify', '--export', file, '--key', key.slice(0, -4)]);
  assert.notEqual(ours.status, 0);
});

test('a fork is intact by itself, and found by both with a checkpoint that was kept', async () => {
  await cp(data, other, { recursive: true });
  const ours = await exported(data);
  const fork = await exported(other); // later: of one millisecond the two exports were the same act
  const held = join(data, 'held');
  const [note] = /[^\n]+\n\d+\n[^\n]+\n\n\u2014 [^\n]+\n(?=end )/u.exec(ours.toString());
  await writeFile(held, note);
  const [whichever, kept] = [
    await verdicts([
      ['ours', ours],
      ['fork', fork],
    ]),
    await verdicts([['ours', ours]], { held }),
  ];
  assert.deepEqual(
    [...whichever, ...kept].filter(({ theirs, ours: us }) => !theirs || !us),
    [],
  );
  await assertAllFound(
    [
      ['fork', fork],
      ['what was before', whole],
    ],
    { held },
  );
  assert.match(note, /^localhost\/ledger\//);
});
