// The test button of a channel, against a real Dovecot and a real SMTP server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { SmtpSink } from '../lib/smtp_sink.mjs';
import { startProgram } from './harness.mjs';

let dovecot, sink, imapPort;

before(async () => {
  sink = await SmtpSink.start({ users: { help: 'right' } });
  const script =
    '. tests/lib/dovecot.sh; dovecot_start || exit 1; echo "$ANSWERABLE_TEST_IMAP_PORT"; read -r _; dovecot_stop';
  dovecot = spawn('bash', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  imapPort = await new Promise((resolve, reject) => {
    dovecot.stdout.on('data', (text) => resolve(Number(text)));
    dovecot.on('exit', () => reject(new Error('Dovecot does not start (script/bootstrap --test installs it)')));
  });
});
after(async () => {
  dovecot.stdin.end();
  await sink.stop();
});

const servers = ({ imap = 'secret', smtp = 'right' } = {}) => ({
  imap: { host: '127.0.0.1', port: imapPort, security: 'none', user: 'zoe', password: imap },
  smtp: { host: 'localhost', port: sink.port, security: 'none', user: 'help', password: smtp },
});
let made = 0;
const tried = async (admin, config) => {
  const channel = await admin.post('/channels', {
    kind: 'email',
    name: 'Help',
    address: `help${++made}@demo.example`,
    config,
  });
  assert.equal(channel.status, 201, JSON.stringify(channel.body));
  const answer = await admin.post(`/channels/${channel.body.id}/test`);
  assert.equal(answer.status, 200);
  assert.ok(!/secret|right/.test(answer.body.detail), answer.body.detail);
  return answer.body;
};

test('the test of a channel signs in to its servers and says in a sentence what is right or wrong', async () => {
  const program = await startProgram({ env: { ANSWERABLE_MAIL_PRIVATE_SERVERS: 'true' } });
  const admin = await program.signedIn();
  const good = await tried(admin, servers());
  assert.deepEqual(good, { ok: true, detail: 'The mailbox answers (0 mails); the SMTP server answers.' });
  const noMailbox = await tried(admin, servers({ imap: 'wrong' }));
  assert.equal(noMailbox.ok, false);
  assert.match(noMailbox.detail, /refuses the sign-in of zoe/);
  const noRelay = await tried(admin, servers({ smtp: 'wrong' }));
  assert.equal(noRelay.ok, false);
  assert.match(noRelay.detail, /535/);
  const metadata = await tried(admin, { imap: { host: '169.254.169.254', port: 80, user: 'x', password: 'x' } });
  assert.deepEqual(metadata, { ok: false, detail: 'No channel may use a server at 169.254.169.254.' });
  const channels = (await admin.get('/channels')).body.items;
  const chat = await admin.post(`/channels/${channels.find(({ kind }) => kind === 'webchat').id}/test`);
  assert.equal(chat.body.ok, true);
  await program.stop();
});

test('servers of this machine are refused unless the operator allows them', async () => {
  const program = await startProgram();
  const admin = await program.signedIn();
  const before = sink.commands.length;
  const { imap, smtp } = servers();
  for (const config of [{ imap }, { smtp }]) {
    const answer = await tried(admin, config);
    assert.equal(answer.ok, false);
    assert.match(answer.detail, /mail\.private_servers/);
  }
  assert.equal(sink.commands.length, before);
  await program.stop();
});
