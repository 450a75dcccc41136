// Is all mail here? Asked by the API and by `answerable mail reconcile`, of a real Dovecot.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deliver, startProgram, waitForEvent, seqOf } from './harness.mjs';
import { command } from '../lib/server.mjs';

const env = { ANSWERABLE_MAIL_PRIVATE_SERVERS: 'true' };
let dovecot, folder, port, pop3Port, program, admin, channel;

function save(number) {
  const file = join(tmpdir(), `reconcile-${process.pid}.eml`);
  writeFileSync(
    file,
    `From: zoe@example.com\r\nTo: box@demo.example\r\nSubject: Boxed ${number}\r\n` +
      `Message-ID: <box.${number}@example.com>\r\n\r\nHello ${number}\r\n`,
  );
  execFileSync('tests/lib/dovecot.sh', ['save', 'zoe', file], {
    env: { ...process.env, ANSWERABLE_TEST_DOVECOT: folder },
  });
  rmSync(file);
}

before(async () => {
  const script =
    '. tests/lib/dovecot.sh; dovecot_start || exit 1; ' +
    'echo "$ANSWERABLE_TEST_IMAP_PORT $ANSWERABLE_TEST_POP3_PORT $ANSWERABLE_TEST_DOVECOT"; read -r _; dovecot_stop';
  dovecot = spawn('bash', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await new Promise((resolve, reject) => {
    createInterface({ input: dovecot.stdout }).once('line', (text) => resolve([text]));
    dovecot.on('exit', () => reject(new Error('Dovecot does not start (script/bootstrap --test installs it)')));
  });
  [port, pop3Port] = line.split(' ').map(Number);
  folder = line.split(' ')[2];
  program = await startProgram({ env });
  admin = await program.signedIn();
});
after(async () => {
  await program?.stop();
  dovecot.stdin.end();
});

const reconcile = (...args) => command(program.folder, ['mail', 'reconcile', ...args], { env });

test('everything that a mailbox has is accounted for, on the page and by the command', async () => {
  for (let i = 1; i <= 3; i++) save(i);
  const before = await seqOf(admin);
  const made = await admin.post('/channels', {
    kind: 'email',
    name: 'Box',
    address: 'box@demo.example',
    config: { imap: { host: '127.0.0.1', port, security: 'none', user: 'zoe', password: 'secret' } },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  channel = made.body;
  for (let seen = 0, seq = before; seen < 3; seen++)
    seq = (await waitForEvent(admin, seq, (one) => one.kind === 'message_added')).seq;
  const { status, body } = await admin.post(`/channels/${channel.id}/reconcile`);
  assert.equal(status, 200);
  assert.equal(body.is_done, true);
  const [inbox] = body.sources;
  assert.deepEqual([inbox.source, inbox.at_source, inbox.stored, inbox.missing], ['INBOX', 3, 3, 0]);
  assert.equal(body.delays.to_stored.count, 3);
  const said = await reconcile('--channel', 'Box');
  assert.equal(said.status, 0, said.stderr);
  assert.match(said.stdout, /^Box, INBOX: 3 at the source = 3 stored .* 0 MISSING$/m);
  const metrics = await (await fetch(`${program.url}/metrics`)).text();
  assert.match(metrics, new RegExp(`answerable_mailbox_missing\\{channel="${channel.id}",folder="\\w+"\\} 0`));
});

test('a mailbox that is read by POP3 is accounted for in the same way', async () => {
  const before = await seqOf(admin);
  const made = await admin.post('/channels', {
    kind: 'email',
    name: 'Old box',
    address: 'old@demo.example',
    config: { pop3: { host: '127.0.0.1', port: pop3Port, security: 'none', user: 'zoe', password: 'secret' } },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  for (let seen = 0, seq = before; seen < 3; seen++)
    seq = (await waitForEvent(admin, seq, (one) => one.kind === 'message_added')).seq;
  const { body } = await admin.post(`/channels/${made.body.id}/reconcile`);
  assert.equal(body.is_done, true);
  const [box] = body.sources;
  assert.deepEqual([box.source, box.at_source, box.stored, box.missing], ['POP3', 3, 3, 0]);
  const said = await reconcile('--channel', 'Old box');
  assert.equal(said.status, 0, said.stderr);
  assert.match(said.stdout, /^Old box, POP3: 3 at the source = 3 stored .* 0 MISSING$/m);
});

test('a mailbox that cannot be asked is no success, and an unknown channel is told', async () => {
  assert.equal((await reconcile('--channel', 'nobody')).status, 4);
  const made = await admin.post('/channels', {
    kind: 'email',
    name: 'Closed',
    address: 'closed@demo.example',
    config: { imap: { host: '127.0.0.1', port, security: 'none', user: 'zoe', password: 'wrong' } },
  });
  assert.equal(made.status, 201);
  const said = await reconcile('--channel', 'Closed', '--json');
  assert.equal(said.status, 9);
  assert.match(JSON.parse(said.stdout).problem, /refuses the sign-in/);
});

test('what LMTP peers were told is held against what is stored', async () => {
  const support = (await admin.get('/channels')).body.items.find((one) => one.address === 'support@demo.example');
  await deliver(program.server);
  const { body } = await admin.post(`/channels/${support.id}/reconcile`);
  const today = body.days.find((one) => one.way === 'lmtp');
  assert.ok(today.told >= 1 && today.told <= today.stored + today.repeated, JSON.stringify(today));
  assert.equal(today.is_complete, true);
  assert.equal((await reconcile('--channel', support.name)).status, 0);
});
