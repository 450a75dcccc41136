// `answerable mail thread`, as a person at a shell meets it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, makeDataFolder, removeFolder } from '../lib/server.mjs';

let folder;
before(async () => {
  folder = await makeDataFolder();
});
after(() => removeFolder(folder));

function mail(name, from, id, reference = '') {
  const file = join(folder, name);
  const refers = reference && `In-Reply-To: <${reference}>\r\n`;
  writeFileSync(file, `From: ${from}\r\nTo: help@shop.example\r\nMessage-ID: <${id}>\r\n${refers}\r\nHello ${id}\r\n`);
  return file;
}

async function threads(...args) {
  const { status, stdout } = await command(folder, ['mail', 'thread', ...args]);
  const lines = stdout.trim().split('\n');
  return { status, lines: lines.filter(Boolean).map((line) => JSON.parse(line)) };
}

test('each message of a mailbox is printed in order with its thread, and so is what cannot be read', async () => {
  const files = [
    mail('1.eml', 'sami@example.org', '1@example.org'),
    mail('2.eml', 'eve@evil.example', '2@evil.example', '1@example.org'),
    join(folder, 'none.eml'),
    mail('3.eml', 'sami@example.org', '3@example.org', '1@example.org'),
  ];
  const { status, lines } = await threads(...files);
  assert.equal(status, 1);
  assert.deepEqual(
    lines.map((line) => line.file),
    files,
  );
  assert.deepEqual(
    lines.map((line) => line.thread),
    [1, 2, undefined, 1],
  );
  assert.match(lines[2].error, /No such file/);
});

test('--mailbox list lets everybody take part, and another word is refused', async () => {
  const files = [
    mail('4.eml', 'sami@example.org', '4@example.org'),
    mail('5.eml', 'mia@example.net', '5@example.net', '4@example.org'),
  ];
  const of = async (mailbox) => (await threads('--mailbox', mailbox, ...files)).lines.map((line) => line.thread);
  assert.deepEqual(await of('list'), [1, 1]);
  assert.deepEqual(await of('desk'), [1, 2]);
  assert.notEqual((await threads('--mailbox', 'letters', ...files)).status, 0);
});
