// `answerable mail deliver`: what a mail server's pipe sees, with a server running and without.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './harness.mjs';
import { command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';

const ours = 'support@demo.example';
const strangers = Array.from({ length: 30 }, (_, i) => `friend${i}@else.example`);
let data, account, port, count;
const stored = { total: 0 };

// A port of our own choice, because the command must know it too.
async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port: found } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return found;
}

const settings = (listen) => ({ ANSWERABLE_MAIL_LMTP_LISTEN: listen });
const listening = () => settings(`127.0.0.1:${port}`);
const letter = (headers) =>
  `From: Kim <kim@customer.example>\nMessage-ID: <${++count}@customer.example>\nSubject: Number ${count}\n` +
  `${headers}\n\nHello\n`;

async function deliver(headers, status, args = [], env = listening()) {
  const result = await command(data, ['mail', 'deliver', ...args], { env, input: letter(headers) });
  assert.equal(result.status, status, `${headers}: ${result.stderr}`);
  if (status === 0) stored.total++;
  return result.stderr;
}

async function total(server) {
  const admin = await new Client(server.url).signIn(account.email, account.password);
  return (await admin.get('/conversations?limit=1')).body.total;
}

before(async () => {
  [data, port, count] = [await makeDataFolder(), await freePort(), 0];
  account = await initDemo(data);
  const server = await Server.start(data);
  stored.total = await total(server);
  await server.stop();
});
after(() => removeFolder(data));

async function checkAll() {
  await deliver(`To: ${ours}`, 0);
  await deliver(`To: ${strangers.join(', ')}, Support <${ours}>`, 0);
  await deliver(`To: boss@else.example\nCc: ${ours}`, 0);
  await deliver(`Delivered-To: ${ours}\nTo: list@else.example`, 0);
  await deliver('To: list@else.example', 0, ['--to', ours]);
  assert.match(await deliver(`To: ${strangers.join(', ')}`, 67), /no_such_recipient/);
  assert.match(await deliver(`To: ${ours}`, 67, ['--to', ours, '--to', 'friend@else.example']), /friend@else/);
  assert.match(await deliver('X-Nothing: here', 65), /--to/);
  await deliver(`To: ${ours}`, 64, ['--to', 'a@b.example>\r\nRSET']);
}

test('without a server the message goes into the data folder, for those recipients that are ours', checkAll);

test('with a server the message goes through its LMTP port, for those recipients that are ours', async () => {
  const server = await Server.start(data, { env: listening() });
  await checkAll();
  assert.equal((await server.stop()).code, 0);
});

test('what was refused was not stored, and what was taken was stored once', async () => {
  const server = await Server.start(data);
  assert.equal(await total(server), stored.total);
  await server.stop();
});

test('what may get better is to be delivered again: a server without LMTP, a configuration that is wrong', async () => {
  const server = await Server.start(data, { env: settings('') });
  const advice = await deliver(`To: ${ours}`, 75, [], settings(''));
  assert.match(advice, /set that key to an address and port/);
  await deliver(`To: ${ours}`, 75, [], { ANSWERABLE_LOG_LEVEL: 'loud' });
  await server.stop();
  const file = join(data, 'answerable.toml');
  writeFileSync(file, '[mail]\nnonsense = 1\n');
  await deliver(`To: ${ours}`, 75, ['--config', file]);
  await deliver(`To: ${ours}`, 75, ['--data', '/nowhere']);
});

test('a message over the limit is refused for good', async () => {
  const env = { ...listening(), ANSWERABLE_MAIL_MESSAGE_BYTES_MAX: '65536' };
  const input = `To: ${ours}\n\n`.padEnd(65_537, 'x');
  assert.equal((await command(data, ['mail', 'deliver'], { env, input })).status, 65);
  assert.equal((await command(data, ['mail', 'deliver'], { env, input: input.slice(0, 65_536) })).status, 0);
});
