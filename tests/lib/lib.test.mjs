// The servers that other tests lean on: they must do what they say.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { Postfix, without_postfix } from './postfix.mjs';
import { SmtpSink } from './smtp_sink.mjs';
import { within } from './within.mjs';
import { TokenServer } from './token_server.mjs';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'answerable-lib-'));
after(() => rmSync(folder, { recursive: true }));
const mail = join(folder, 'mail.eml');
writeFileSync(mail, 'From: a@b.example\r\nSubject: dots\r\n\r\n.one\r\n..two\r\nthree\r\n');

// curl says what happened by its exit status; it is one of the clients that Answerable uses, through its library.
const curl = (port, ...more) =>
  run('curl', [
    '-sS',
    '--max-time',
    '10',
    `smtp://127.0.0.1:${port}`,
    '--mail-from',
    'a@b.example',
    '--mail-rcpt',
    'c@d.example',
    '-T',
    mail,
    ...more,
  ]).then(
    () => 0,
    (error) => error.code,
  );

test('a message is kept as it was sent, with its envelope, as a file', async () => {
  const sink = await SmtpSink.start({ dir: folder });
  assert.equal(await curl(sink.port, '--mail-rcpt', 'e@f.example'), 0);
  await sink.waitFor(1);
  const [message] = sink.messages;
  assert.deepEqual([message.from, message.to], ['a@b.example', ['c@d.example', 'e@f.example']]);
  assert.deepEqual(message.raw, readFileSync(mail));
  assert.deepEqual(readFileSync(message.file), readFileSync(mail));
  await sink.stop();
});

test('it refuses, drops and loses on request', async () => {
  const sink = await SmtpSink.start();
  const outcomes = [];
  for (const [step, answer] of [
    ['connect', 'drop'],
    ['rcpt', { code: 450 }],
    ['received', { code: 451 }],
    ['received', 'drop'],
    ['kept', 'drop'],
  ]) {
    sink.behaviour = (at) => (at === step ? answer : undefined);
    outcomes.push([step, (await curl(sink.port)) !== 0, sink.messages.length]);
  }
  assert.deepEqual(outcomes, [
    ['connect', true, 0],
    ['rcpt', true, 0],
    ['received', true, 0],
    ['received', true, 0],
    ['kept', true, 1],
  ]);
  await sink.stop();
});

test('it offers STARTTLS and authentication', async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-keyout',
    key,
    '-out',
    cert,
  ]);
  const sink = await SmtpSink.start({
    tls: { key: readFileSync(key), cert: readFileSync(cert) },
    users: { anna: 'secret' },
  });
  assert.equal(await curl(sink.port, '--ssl-reqd', '-k', '-u', 'anna:secret'), 0);
  assert.notEqual(await curl(sink.port, '--ssl-reqd', '-k', '-u', 'anna:wrong'), 0);
  assert.deepEqual(
    sink.messages.map(({ isTls, user }) => [isTls, user]),
    [[true, 'anna']],
  );
  await sink.stop();
});

test('PostgreSQL runs for a command and leaves nothing behind', async () => {
  const script = 'psql -X -A -t "$ANSWERABLE_TEST_POSTGRES" -c "select 6 * 7"; echo "$ANSWERABLE_TEST_POSTGRES"';
  const { stdout } = await run('tests/lib/postgres.sh', ['run', 'sh', '-c', script]);
  const [answer, address] = stdout.trim().split('\n');
  assert.equal(answer, '42');
  await assert.rejects(run('psql', ['-X', address, '-c', 'select 1']));
});

test('PostgreSQL gives the program a role that may do nothing but what its own database needs', async () => {
  const rights = `select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
    pg_has_role('pg_read_server_files', 'member'), has_database_privilege('postgres', 'create')
    from pg_roles where rolname = current_user`;
  const script = 'psql -X -A -t "$ANSWERABLE_TEST_POSTGRES" -c "$RIGHTS"';
  const env = { ...process.env, RIGHTS: rights };
  const { stdout } = await run('tests/lib/postgres.sh', ['run', 'sh', '-c', script], { env });
  assert.equal(stdout.trim(), 'f|f|f|f|f|f|f');
});

test('Dovecot runs for a command and gives back what was put in', async () => {
  const url = '"imap://127.0.0.1:$ANSWERABLE_TEST_IMAP_PORT/INBOX;UID=1"';
  const script = `tests/lib/dovecot.sh save anna ${mail} && curl -sS -u anna:secret ${url}`;
  const { stdout } = await run('tests/lib/dovecot.sh', ['run', 'sh', '-c', script]);
  assert.equal(stdout, readFileSync(mail, 'utf8'));
});

test('Postfix takes mail, delivers it by its route, and leaves nothing behind', { skip: without_postfix }, async () => {
  const sink = await SmtpSink.start();
  const postfix = await Postfix.start({ 'd.example': `smtp:[127.0.0.1]:${sink.port}` });
  await postfix.send('a@b.example', 'c@d.example', readFileSync(mail, 'utf8'));
  await sink.waitFor(1);
  assert.match(
    sink.messages[0].raw.toString(),
    /^Authentication-Results: mx\.test; dmarc=pass header\.from=b\.example\r$/m,
  );
  assert.match(sink.messages[0].raw.toString(), /\r\n\.one\r\n\.\.two\r\nthree\r\n$/);
  await postfix.stop();
  assert.ok(!existsSync(postfix.folder));
  await sink.stop();
});

test('a token server takes a code with its verifier, rotates, and ends a grant that is used twice', async () => {
  const provider = await TokenServer.start();
  const ask = async (values) => {
    const body = new URLSearchParams({ client_id: 'answerable', client_secret: 'client secret', ...values });
    const answer = await fetch(`${provider.url}/token`, { method: 'POST', body });
    return answer.json();
  };
  const isActive = async (token) => {
    const body = new URLSearchParams({ token });
    return (await (await fetch(`${provider.url}/introspect`, { method: 'POST', body })).json()).active;
  };
  const challenge = createHash('sha256').update('verifier').digest('base64url');
  const codeFor = async () => {
    const asked =
      `${provider.url}/authorise?client_id=answerable&response_type=code&state=s&code_challenge_method=S256` +
      `&code_challenge=${challenge}&redirect_uri=${encodeURIComponent('http://localhost/back')}`;
    return /code=([^&"]+)/.exec(await (await fetch(asked)).text())[1];
  };
  const exchange = (code, code_verifier) =>
    ask({ grant_type: 'authorization_code', code, code_verifier, redirect_uri: 'http://localhost/back' });
  assert.equal((await exchange(await codeFor(), 'another')).error, 'invalid_grant');
  const code = await codeFor();
  const first = await exchange(code, 'verifier');
  assert.equal((await exchange(code, 'verifier')).error, 'invalid_grant');
  const refresh = (refresh_token) => ask({ grant_type: 'refresh_token', refresh_token });
  const second = await refresh(first.refresh_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal(await isActive(second.access_token), true);
  assert.equal((await refresh(first.refresh_token)).error, 'invalid_grant');
  assert.equal(await isActive(second.access_token), false);
  assert.equal((await refresh(second.refresh_token)).error, 'invalid_grant');
  await provider.stop();
});

test('a wait that nothing ends becomes an error that says what for', async () => {
  await assert.rejects(within(new Promise(() => {}), 'the end of days', 10), /waited 0.01 s for the end of days/);
  assert.equal(await within(Promise.resolve(7), 'seven', 10), 7);
  await assert.rejects(within(Promise.reject(new Error('its own')), 'nothing', 10), /its own/);
});
