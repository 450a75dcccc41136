// Mail of 100 MB, the most that is taken, in the whole program: by LMTP, IMAP and POP3. How much memory that takes is
// printed ("peak"); what it may take at each bound is tested with small numbers beside the code.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { seqOf, startProgram, waitForEvent } from './harness.mjs';
import { Lmtp } from '../lib/lmtp.mjs';

const most = 100 * 1024 * 1024;
const env = { ANSWERABLE_MAIL_PRIVATE_SERVERS: 'true' };
const file = join(tmpdir(), `large-mail-${process.pid}.eml`);
let dovecot, folder, imap, pop3, program, admin;

// A mail of exactly so many bytes with one attachment.
function mailOf(bytes, subject) {
  const head =
    `From: zoe@example.com\r\nTo: box@demo.example\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.com>\r\n` +
    'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the film.\r\n--b\r\n' +
    'Content-Type: video/mp4; name=film.mp4\r\nContent-Disposition: attachment; filename=film.mp4\r\n' +
    'Content-Transfer-Encoding: base64\r\n\r\n';
  const foot = '\r\n--b--\r\n';
  const line = 'QW5zd2VyYWJsZSB0YWtlcyB0aGlzIGZpbG0sIGhvd2V2ZXIgbG9uZyBpdCBpcy4gUmVhbGx5LiAg\r\n';
  const room = bytes - head.length - foot.length;
  const lines = line.repeat(Math.floor(room / line.length));
  return head + lines + 'A'.repeat(room - lines.length) + foot;
}

const peak = () => /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${program.server.pid}/status`, 'utf8'))[1] / 1024;

// The event of a mail that comes after `seq`, with its message.
async function arrived(subject, seq, t) {
  const event = await waitForEvent(admin, seq, (one) => one.kind === 'message_added');
  t.diagnostic(`${subject}: peak ${Math.round(peak())} MB`);
  assert.equal((await admin.get(`/conversations/${event.conversation_id}`)).body.subject, subject);
  const { body } = await admin.get(`/conversations/${event.conversation_id}/messages`);
  return { seq: event.seq, message: body.items.at(-1) };
}

before(async () => {
  const script =
    '. tests/lib/dovecot.sh; dovecot_start || exit 1; ' +
    'echo "$ANSWERABLE_TEST_IMAP_PORT $ANSWERABLE_TEST_POP3_PORT $ANSWERABLE_TEST_DOVECOT"; read -r _; dovecot_stop';
  dovecot = spawn('bash', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: dovecot.stdout }).once('line', resolve);
    dovecot.on('exit', () => reject(new Error('Dovecot does not start (script/bootstrap --test installs it)')));
  });
  [imap, pop3] = line.split(' ').map(Number);
  folder = line.split(' ')[2];
  program = await startProgram({ env });
  admin = await program.signedIn();
});
after(async () => {
  await program?.stop();
  dovecot.stdin.end();
  rmSync(file, { force: true });
});

const save = (user, bytes, subject) => {
  writeFileSync(file, mailOf(bytes, subject));
  execFileSync('tests/lib/dovecot.sh', ['save', user, file], {
    env: { ...process.env, ANSWERABLE_TEST_DOVECOT: folder },
  });
};

const open = async (name, config) => {
  const made = await admin.post('/channels', { kind: 'email', name, address: `${name}@demo.example`, config });
  assert.equal(made.status, 201, JSON.stringify(made.body));
};

test('the largest mail comes by LMTP, and one byte more is refused', async (t) => {
  t.diagnostic(`before: peak ${Math.round(peak())} MB`);
  const seq = await seqOf(admin);
  const client = await Lmtp.connect(program.server.lmtpPort);
  assert.equal((await client.send('zoe@example.com', 'support@demo.example', mailOf(most, 'by-lmtp'))).code, 250);
  const { message } = await arrived('by-lmtp', seq, t);
  assert.ok(message.attachments[0].size > 70_000_000);
  const refused = await client.send('zoe@example.com', 'support@demo.example', mailOf(most + 1, 'one-more'));
  assert.equal(refused.code, 552);
  client.close();
});

for (const way of ['imap', 'pop3']) {
  test(`the largest mail comes by ${way}, and one byte more is announced`, async (t) => {
    save(way, most, `by-${way}`);
    save(way, most + 1, `announced-by-${way}`);
    const seq = await seqOf(admin);
    const port = way === 'imap' ? imap : pop3;
    await open(way, { [way]: { host: '127.0.0.1', port, security: 'none', user: way, password: 'secret' } });
    const first = await arrived(`by-${way}`, seq, t);
    assert.ok(first.message.attachments[0].size > 70_000_000);
    const second = await arrived(`announced-by-${way}`, first.seq, t);
    assert.match(second.message.text, /still in the mailbox/);
  });
}
