// Two verifiers that share no code, the program and tools/verify-ledger.mjs, agree on what is intact and what is not.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';
import { Client } from './harness.mjs';

const script = new URL('../../tools/verify-ledger.mjs', import.meta.url).pathname;
const exporting = ['audit', 'export', '--workspace', 'Lumen Lamps (demo)'];
let data, whole, key, items;

before(async () => {
  data = await makeDataFolder();
  const { email, password } = await initDemo(data);
  const server = await Server.start(data);
  const client = new Client(server.url);
  assert.equal((await client.post('/session', { email, password })).status, 200);
  const [{ id }] = (await client.get('/conversations?view=all')).body.items;
  for (let i = 0; i < 520; i++) {
    const note = await client.post(`/conversations/${id}/messages`, { text: `Note ${i}`, kind: 'note' });
    assert.equal(note.status, 201);
  }
  await server.stop();
  const { status, stdout, stderr } = await command(data, exporting);
  assert.equal(status, 0, stderr);
  whole = Buffer.from(stdout);
  key = /^key=(.+)$/m.exec(whole.toString())[1];
  items = itemsOf(whole);
});
after(() => removeFolder(data));

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

let files = 0;
async function verdicts(bytes, by = key) {
  const file = join(data, `export-${++files}`);
  await writeFile(file, bytes);
  const [theirs, ours] = await Promise.all([
    new Promise((resolve) =>
      execFile(process.execPath, [script, by, file], (error, stdout, stderr) =>
        resolve({ status: error?.code ?? 0, stdout, stderr }),
      ),
    ),
    command(data, ['audit', 'verify', '--export', file, '--key', by]),
  ]);
  await rm(file);
  return { theirs, ours };
}

async function assertFound(bytes, what) {
  const { theirs, ours } = await verdicts(bytes);
  assert.equal(theirs.status, 1, `${what}: the second verifier says ${theirs.stdout}${theirs.stderr}`);
  assert.match(theirs.stdout, /BROKEN/);
  assert.notEqual(ours.status, 0, `${what}: the program says ${ours.stdout}`);
}

test('an honest export is intact to both, with the same number of entries and the same root', async () => {
  assert.ok(items.length >= 520, `${items.length} entries`);
  const { theirs, ours } = await verdicts(whole);
  assert.equal(theirs.status, 0, theirs.stdout + theirs.stderr);
  assert.equal(ours.status, 0, ours.stdout + ours.stderr);
  const of = (text) => [/(\d+) entries/.exec(text)[1], /root ([0-9a-f]{64})/.exec(text)[1]];
  assert.deepEqual(of(theirs.stdout), of(ours.stdout));
  assert.match(theirs.stdout, /, [2-9] signed checkpoints/);
});

test('a flipped bit is found by both, wherever it is', async () => {
  const places = Array.from({ length: 24 }, (_, i) => Math.floor((whole.length * (i + 0.5)) / 24));
  for (const [i, at] of places.entries()) {
    const changed = Buffer.from(whole);
    changed[at] ^= 1 << (i % 8);
    await assertFound(changed, `bit ${i % 8} of byte ${at}`);
  }
});

test('an entry that is left out, doubled or moved is found by both, and so is a cut-off end', async () => {
  const part = ([from, to]) => whole.subarray(from, to);
  const [a, b] = [items[5], items[6]];
  const [head, tail] = [whole.subarray(0, a[0]), whole.subarray(b[1])];
  await assertFound(Buffer.concat([head, part(b), tail]), 'left out');
  await assertFound(Buffer.concat([head, part(a), part(a), part(b), tail]), 'doubled');
  await assertFound(Buffer.concat([head, part(b), part(a), tail]), 'swapped');
  await assertFound(Buffer.concat([head, part(a), part(items[0]), tail]), 'replayed');
  await assertFound(whole.subarray(0, a[1]), 'cut off after an entry');
  await assertFound(whole.subarray(0, whole.length - 1), 'cut off before the last byte');
  await assertFound(Buffer.concat([whole, Buffer.from('\n')]), 'something after the end');
});

test('another key is refused by both', async () => {
  const other = await makeDataFolder();
  await initDemo(other);
  const { stdout } = await command(other, exporting);
  const stranger = /^key=(.+)$/m.exec(stdout)[1];
  await removeFolder(other);
  const { theirs, ours } = await verdicts(whole, stranger);
  assert.equal(theirs.status, 1);
  assert.notEqual(ours.status, 0);
  const mistyped = await verdicts(whole, key.slice(0, -4));
  assert.equal(mistyped.theirs.status, 2);
  assert.notEqual(mistyped.ours.status, 0);
});
