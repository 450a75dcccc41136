// A mailbox whose server's certificate is signed by an authority of one's own: mail.ca_file makes it believed. (The
// relay's is in postfix.test.mjs.)
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { Client, seqOf, waitForEvent } from './harness.mjs';
import { initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';

const env = { ANSWERABLE_MAIL_PRIVATE_SERVERS: 'true' };
let dovecot, folder, port, data, account;

before(async () => {
  const script =
    '. tests/lib/dovecot.sh; dovecot_start || exit 1; echo "$ANSWERABLE_TEST_IMAPS_PORT $ANSWERABLE_TEST_DOVECOT"; ' +
    'read -r _; dovecot_stop';
  dovecot = spawn('bash', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: dovecot.stdout }).once('line', resolve);
    dovecot.on('exit', () => reject(new Error('Dovecot does not start (script/bootstrap --test installs it)')));
  });
  [port, folder] = [Number(line.split(' ')[0]), line.split(' ')[1]];
  data = await makeDataFolder();
  account = await initDemo(data);
  const file = join(tmpdir(), `ca-file-${process.pid}.eml`);
  writeFileSync(file, 'From: kim@customer.example\r\nSubject: By a private authority\r\n\r\nHello\r\n');
  execFileSync('tests/lib/dovecot.sh', ['save', 'zoe', file], {
    env: { ...process.env, ANSWERABLE_TEST_DOVECOT: folder },
  });
  rmSync(file);
});
after(async () => {
  dovecot.stdin.end();
  await removeFolder(data);
});

async function withServer(more, act) {
  const server = await Server.start(data, { env: { ...env, ...more } });
  const admin = await new Client(server.url).signIn(account.email, account.password);
  await act(admin);
  assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.log);
}

test('a mailbox is read when mail.ca_file names its authority, and not before', async () => {
  let id;
  const test_of = async (admin) => (await admin.post(`/channels/${id}/test`)).body;
  await withServer({}, async (admin) => {
    const before = await seqOf(admin);
    const made = await admin.post('/channels', {
      kind: 'email',
      name: 'Box',
      address: 'box@demo.example',
      config: { imap: { host: 'localhost', port, security: 'tls', user: 'zoe', password: 'secret' } },
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    id = made.body.id;
    for (let seq = before, state = ''; state !== 'failing';) {
      ({ seq } = await waitForEvent(admin, seq, (one) => one.kind.startsWith('channel')));
      state = (await admin.get('/channels')).body.items.find((one) => one.id === id).state;
    }
    const box = (await admin.get('/channels')).body.items.find((one) => one.id === id);
    assert.match(box.state_detail, /certificate/i);
    assert.equal((await test_of(admin)).ok, false);
  });
  await withServer({ ANSWERABLE_MAIL_CA_FILE: join(folder, 'cert.pem') }, async (admin) => {
    for (let found = false; !found;) {
      const seq = await seqOf(admin);
      const { body } = await admin.get('/conversations?view=all&limit=100');
      found = body.items.some((one) => one.subject === 'By a private authority');
      if (!found) await waitForEvent(admin, seq, (one) => one.kind === 'message_added');
    }
    assert.equal((await test_of(admin)).ok, true);
    assert.equal((await admin.get('/channels')).body.items.find((one) => one.id === id).state, 'active');
  });
});
