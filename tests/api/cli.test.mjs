// The commands of the real program, as a person at a shell meets them: what they print, what they leave, how they end.
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './harness.mjs';
import { command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';

const password = 'quiet harbour lamps';
let data, files;
const run = (args, options) => command(data, args, options);
const lines = (text) => text.trim().split('\n');
const jsonLines = (text) => lines(text).map((line) => JSON.parse(line));

async function check(args, status, options) {
  const result = await run(args, options);
  assert.equal(result.status, status, `${args.join(' ')}: ${result.stdout}\n${result.stderr}`);
  return result;
}

before(async () => {
  [data, files] = await Promise.all([makeDataFolder(), makeDataFolder()]);
  const first = ['init', '--workspace', 'Acme', '--email', 'ada@acme.example', '--operator', 'op@acme.example'];
  await check([...first, '--password-stdin', '--demand-second-factor'], 0, { input: `${password}\n` });
});
after(() => Promise.all([removeFolder(data), removeFolder(files)]));

test('init keeps its keys private, demands a second factor when told to, and refuses a second time', async () => {
  assert.equal(statSync(join(data, 'keys')).mode & 0o777, 0o700);
  const again = await check(['init', '--workspace', 'B', '--email', 'b@b.example', '--operator', 'o@b.example'], 1);
  assert.match(again.stderr, /set up already/);
  const server = await Server.start(data);
  const ada = await new Client(server.url).signIn('ada@acme.example', password);
  assert.equal((await ada.get('/session')).body.user.must_change_password, false);
  assert.equal((await ada.get('/conversations')).body.code, 'second_factor_required');
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});

test('init makes a password when none is given, and it must be changed', async () => {
  const folder = join(files, 'made');
  const args = ['--data', folder, 'init', '--workspace', 'M', '--email', 'm@m.example', '--operator', 'o@m.example'];
  const { stdout } = await check(args, 0);
  const made = /Administrator m@m\.example signs in with (\S+)/.exec(stdout)[1];
  const server = await Server.start(folder);
  const answer = await new Client(server.url).post('/session', { email: 'm@m.example', password: made });
  assert.equal(answer.body.user.must_change_password, true);
  await server.stop();
});

test('init asks nobody when there is no terminal, and a poor password leaves no workspace', async () => {
  assert.match((await check(['--data', join(files, 'none'), 'init'], 2)).stderr, /--workspace/);
  const args = ['init', '--workspace', 'P', '--email', 'p@p.example', '--operator', 'o@p.example'];
  await check(['--data', join(files, 'poor'), ...args, '--password-stdin'], 2, { input: 'short\n' });
  await check(['--data', join(files, 'poor'), ...args], 0);
});

test('people are added, listed, given a new password and shut out', async () => {
  await check(['user', 'add', 'bo@acme.example', '--role', 'supervisor', '--name', 'Bo', '--password-stdin'], 0, {
    input: `${password}\n`,
  });
  const made = await check(['user', 'add', 'cy@acme.example'], 0);
  assert.match(made.stdout, /^cy@acme\.example \S{20,}\n$/);
  assert.match((await check(['user', 'add', 'bo@acme.example'], 1)).stderr, /email_taken/);
  await check(['user', 'add', 'nonsense'], 2);
  await check(['user', 'add', 'x@acme.example', '--role', 'king'], 2);
  await check(['user', 'add', 'x@acme.example', '--workspace', 'Other'], 4);
  assert.match((await check(['user', 'passwd', 'bo@acme.example'], 0)).stdout, /^bo@acme\.example \S{20,}\n$/);
  await check(['user', 'passwd', 'nobody@acme.example'], 4);
  await check(['user', 'disable', 'cy@acme.example'], 0);
  assert.match((await check(['user', 'disable', 'ada@acme.example'], 1)).stderr, /last_administrator/);
  const people = jsonLines((await check(['user', 'list', '--json'], 0)).stdout);
  assert.deepEqual(people.map((one) => [one.email, one.name, one.role, one.state, one.workspace]).sort(), [
    ['ada@acme.example', 'ada', 'administrator', 'active', 'Acme'],
    ['bo@acme.example', 'Bo', 'supervisor', 'active', 'Acme'],
    ['cy@acme.example', 'cy', 'agent', 'disabled', 'Acme'],
    ['op@acme.example', 'Operator', 'operator', 'active', null],
  ]);
  assert.match((await check(['user', 'list'], 0)).stdout, /^bo@acme\.example +supervisor +active +Bo +Acme$/m);
});

test('workspaces are added with an administrator and listed, and keep apart', async () => {
  const args = ['workspace', 'add', 'Second', '--email', 'sue@second.example', '--name', 'Sue'];
  const [id, made] = lines((await check(args, 0)).stdout);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.match(made, /^sue@second\.example \S{20,}$/);
  await check(args, 1);
  await check(['workspace', 'add', 'Third'], 2);
  const all = jsonLines((await check(['workspace', 'list', '--json'], 0)).stdout);
  assert.deepEqual(
    all.map((one) => [one.name, one.people]),
    [
      ['Acme', 3],
      ['Second', 1],
    ],
  );
  assert.match((await check(['workspace', 'list'], 0)).stdout, new RegExp(`^${id} +1 Second$`, 'm'));
  assert.match((await check(['user', 'add', 'x@second.example'], 2)).stderr, /--workspace/);
  await check(['user', 'add', 'x@second.example', '--workspace', 'Second'], 0);
  const server = await Server.start(data);
  const sue = await new Client(server.url).post('/session', {
    email: 'sue@second.example',
    password: made.split(' ')[1],
  });
  assert.deepEqual([sue.body.workspace.name, sue.body.user.must_change_password], ['Second', true]);
  await server.stop();
});

test('the operator of init and of the demo can sign in and belongs to no workspace', async () => {
  const folder = join(files, 'demo');
  await initDemo(folder);
  const [, password, email, operatorPassword] = lines(readFileSync(join(folder, 'demo-account'), 'utf8'));
  assert.deepEqual([email, operatorPassword === password], ['operator@demo.example', false]);
  const server = await Server.start(folder);
  const operator = await new Client(server.url).post('/session', { email, password: operatorPassword });
  assert.deepEqual([operator.body.workspace, operator.body.user.role], [null, 'operator']);
  await server.stop();
  const shown = await check(
    ['--data', join(files, 'without'), 'init', '--workspace', 'W', '--email', 'w@w.example'],
    0,
  );
  assert.match(shown.stdout, /no operator yet[^]*--role operator/);
  const same = ['init', '--workspace', 'W', '--email', 'w@w.example', '--operator', 'w@w.example'];
  assert.match((await check(['--data', join(files, 'same'), ...same], 1)).stderr, /email_taken/);
});

const fields = {
  file: 'string',
  message_id: 'string',
  in_reply_to: 'string',
  references: 'array',
  from: 'object',
  to: 'array',
  cc: 'array',
  subject: 'string',
  date: 'string',
  text: 'string',
  html: 'string',
  html_safe: 'string',
  reply_text: 'string',
  attachments: 'array',
  auto_submitted: 'boolean',
  bounce: 'boolean',
  language: 'string',
};
const letter = `Message-ID: <2@b.example>
In-Reply-To: <1@a.example>
References: <0@a.example> <1@a.example>
From: Kim Lee <kim@b.example>
To: help@acme.example, Two <two@acme.example>
Cc: three@acme.example
Subject: =?utf-8?q?Lampe_cass=C3=A9e?=
Date: Fri, 27 Nov 2026 02:03:04 +0200
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain; charset=utf-8

The lamp that you sent me last week is broken, could you please send another one?
--y
Content-Type: text/html; charset=utf-8

<p>The lamp <script>alert(1)</script>is broken</p>
--y--
--x
Content-Type: image/png; name=a.png
Content-Disposition: inline; filename=a.png
Content-ID: <pic@b.example>
Content-Transfer-Encoding: base64

aGVsbG8=
--x--
`;

test('mail parse prints one object a line and file, with the fields that are promised and no others', async () => {
  const file = join(files, 'letter.eml');
  writeFileSync(file, letter);
  const { stdout } = await check(['mail', 'parse', file, '-'], 0, { input: 'Subject: from stdin\n\nbody\n' });
  const [message, second] = jsonLines(stdout);
  const typeOf = (value) => (Array.isArray(value) ? 'array' : typeof value);
  assert.deepEqual(Object.fromEntries(Object.entries(message).map(([name, value]) => [name, typeOf(value)])), fields);
  const { text, html, html_safe, reply_text, ...rest } = message;
  assert.match(text, /lamp that you sent/);
  assert.match(reply_text, /lamp that you sent/);
  assert.match(html, /script/);
  assert.doesNotMatch(html_safe, /script|alert/);
  assert.deepEqual(rest, {
    file,
    message_id: '2@b.example',
    in_reply_to: '1@a.example',
    references: ['0@a.example', '1@a.example'],
    from: { name: 'Kim Lee', address: 'kim@b.example' },
    to: [
      { name: '', address: 'help@acme.example' },
      { name: 'Two', address: 'two@acme.example' },
    ],
    cc: [{ name: '', address: 'three@acme.example' }],
    subject: 'Lampe cassée',
    date: '2026-11-27T00:03:04Z',
    attachments: [
      {
        filename: 'a.png',
        content_type: 'image/png',
        size: 5,
        sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        disposition: 'inline',
        content_id: 'pic@b.example',
      },
    ],
    auto_submitted: false,
    bounce: false,
    language: 'en',
  });
  assert.deepEqual([second.file, second.subject, second.text.trim()], ['-', 'from stdin', 'body']);
  assert.deepEqual(Object.keys(second).sort(), Object.keys(fields).sort());
});

test('a file that mail parse cannot read is said in its place, the others are printed, the end is 1', async () => {
  const file = join(files, 'plain.eml');
  writeFileSync(file, 'Subject: plain\n\nhello\n');
  const { stdout } = await check(['mail', 'parse', '/nowhere.eml', file, files], 1);
  const [missing, plain, folder] = jsonLines(stdout);
  assert.deepEqual(Object.keys(missing), ['file', 'error']);
  assert.deepEqual([missing.file, plain.subject, folder.file], ['/nowhere.eml', 'plain', files]);
  assert.deepEqual(Object.keys(folder), ['file', 'error']);
  assert.match(
    (await check(['audit', 'prove', '--held', '/nowhere'], 4)).stderr,
    /\/nowhere: /,
    'no other word names it',
  );
});

test('the ledger is verified in place and as a file, and a changed file names its first bad entry', async () => {
  assert.match((await check(['audit', 'verify'], 0)).stdout, /intact, \d+ entries/);
  const { stdout } = await check(['audit', 'export', '--workspace', 'Acme'], 0);
  const key = /^key=(.*)$/m.exec(stdout)[1];
  const file = join(files, 'ledger.txt');
  const verify = (text, status, ...more) => {
    writeFileSync(file, text);
    return check(['audit', 'verify', '--export', file, ...more], status);
  };
  await verify(stdout, 0);
  await command(join(files, 'elsewhere'), ['audit', 'verify', '--export', file, '--key', key]).then((alone) =>
    assert.equal(alone.status, 0, alone.stderr),
  );
  const changed = stdout.replace('detail.role=supervisor', 'detail.role=conqueror!');
  assert.match((await verify(changed, 7)).stdout, /BROKEN at entry/);
  const swapped = stdout.replace('action=user.create', 'action=user.delete');
  const seq = /seq=(\d+)\n(?:.*\n){4}action=user\.delete/.exec(swapped)[1];
  assert.match((await verify(swapped, 7)).stdout, new RegExp(`BROKEN at entry ${seq}:`));
  await verify(stdout.slice(0, stdout.length / 2), 7);
  await check(['audit', 'verify', '--export', '/nowhere'], 4);
  await check(['audit', 'export', '--workspace', 'Other'], 4);
});

test('an export of the ledger is an entry of it, with a server running and without', async () => {
  const exports = async () => {
    const { stdout } = await check(['audit', 'export', '--workspace', 'Acme'], 0);
    return stdout.match(/^action=ledger\.export$/gm).length; // it shows itself
  };
  const alone = await exports();
  const server = await Server.start(data);
  assert.equal(await exports(), alone + 1);
  await check(['audit', 'export', '--workspace', 'installation'], 0);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  await check(['audit', 'verify'], 0);
});

test('doctor ends with 0 for a sound installation and 1 for a broken one, and speaks JSON', async () => {
  const findings = jsonLines((await check(['doctor', '--json'], 0)).stdout);
  for (const one of findings) assert.deepEqual(Object.keys(one), ['check', 'level', 'found', 'advice']);
  const documented = readFileSync(new URL('../../docs/operations/technical-sufficiency.md', import.meta.url), 'utf8');
  const rows = [...documented.matchAll(/^\| ([a-z_, ]+) \|/gm)].map((row) => row[1]).slice(1); // below the heading
  assert.deepEqual(
    findings.map((one) => one.check),
    rows.join(', ').split(', '),
    'the documented list is this list',
  );
  assert.match((await check(['doctor'], 0)).stdout, /^ok +data_folder/m);
  const broken = await check(['--data', join(files, 'nothing'), 'doctor'], 1);
  assert.match(broken.stdout, /^fail data_folder[^]*answerable init/m);
});

test('doctor knows the running server from another program on its ports', async () => {
  const server = await Server.start(data);
  const ports = async (web, lmtp) => {
    const env = { ANSWERABLE_SERVER_LISTEN: `127.0.0.1:${web}`, ANSWERABLE_MAIL_LMTP_LISTEN: `127.0.0.1:${lmtp}` };
    const found = jsonLines((await run(['doctor', '--json'], { env })).stdout);
    return found.filter((one) => /^port_(web|lmtp)$/.test(one.check)).map((one) => one.level);
  };
  assert.deepEqual(await ports(server.webPort, server.lmtpPort), ['ok', 'ok']);
  assert.deepEqual(await ports(server.lmtpPort, server.webPort), ['fail', 'fail']);
  await server.stop();
});

test('the configuration shows each value with its origin, and its example is one that loads', async () => {
  const shown = jsonLines((await check(['config', 'show', '--json'], 0)).stdout);
  const listen = shown.find((one) => one.key === 'server.listen');
  assert.deepEqual([listen.value, listen.origin], ['"127.0.0.1:0"', 'environment']);
  const file = join(files, 'answerable.toml');
  writeFileSync(file, (await check(['config', 'example'], 0)).stdout.replace(/^# (\w+ = )/gm, '$1'));
  const loaded = jsonLines((await check(['--config', file, 'config', 'show', '--json'], 0)).stdout);
  assert.equal(loaded.find((one) => one.key === 'log.format').origin, 'file');
});

test('ANSWERABLE_CONFIG names the file, and --config goes before it', async () => {
  const [named, given] = [join(files, 'named.toml'), join(files, 'given.toml')];
  writeFileSync(named, '[mail]\ndomain = "named.example"\n');
  writeFileSync(given, '[mail]\ndomain = "given.example"\n');
  const env = { ANSWERABLE_CONFIG: named };
  const domain = async (args) =>
    jsonLines((await check([...args, 'config', 'show', '--json'], 0, { env })).stdout).find(
      (one) => one.key === 'mail.domain',
    ).value;
  assert.equal(await domain([]), '"named.example"');
  assert.equal(await domain(['--config', given]), '"given.example"');
  await check(['doctor'], 3, { env: { ANSWERABLE_CONFIG: '/nowhere.toml' } });
});

test('an unknown key names the nearest one and the place, with exit status 3', async () => {
  const file = join(files, 'wrong.toml');
  writeFileSync(file, '[server]\nlistn = "x"\n');
  const wrong = await check(['--config', file, 'config', 'show'], 3);
  assert.match(wrong.stderr, /wrong\.toml, line 2: unknown key server\.listn\. Did you mean server\.listen\?/);
  const variable = await check(['doctor'], 3, { env: { ANSWERABLE_LOG_LEVL: 'info' } });
  assert.match(variable.stderr, /Did you mean ANSWERABLE_LOG_LEVEL\?/);
  assert.match((await check(['doctor'], 3, { env: { ANSWERABLE_LOG_LEVEL: 'loud' } })).stderr, /must be one of/);
  await check(['--config', '/nowhere.toml', 'doctor'], 3);
});

test('an unknown command or option is named, and a command that needs another says which there are', async () => {
  for (const args of [['nonsense'], ['--nonsense'], ['user', 'nonsense'], ['serve', '--nonsense']])
    assert.match((await check(args, 2)).stderr, /nonsense/);
  assert.match((await check([], 2)).stderr, /serve[^]*init[^]*doctor/);
  assert.match((await check(['user'], 2)).stderr, /passwd[^]*disable/);
});

test('every command that help names has its own help', async () => {
  const { stdout } = await check(['help'], 0);
  const words = 'serve init doctor config user workspace mail audit policy version help completion'.split(' ');
  for (const word of words) assert.match(stdout, new RegExp(`^ *${word}\\b`, 'm'));
  const inner = { config: ['show', 'example'], user: ['add', 'list', 'passwd', 'disable'], mail: ['parse', 'deliver'] };
  Object.assign(inner, { audit: ['verify', 'export'], workspace: ['add', 'list'], policy: ['check'] });
  const all = words.flatMap((word) => [[word], ...(inner[word] ?? []).map((one) => [word, one])]);
  const helps = await Promise.all(all.map((args) => check([...args, '--help'], 0)));
  for (const help of helps) assert.match(help.stdout, /Usage: answerable/);
  assert.match((await check(['version'], 0)).stdout, /^answerable \d+\.\d+\.\d+\n$/);
});

test('a server that is stopped starts again, and no other process may use its folder meanwhile', async () => {
  for (let turn = 0; turn < 2; turn++) {
    const server = await Server.start(data);
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
    await check(['user', 'add', 'dee@acme.example'], 6);
    await check(['user', 'list'], 0);
    await check(['audit', 'verify'], 0);
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
  }
  await check(['--data', join(files, 'nothing'), 'serve'], 4);
});

test('no secret is in the log of a server that was used at log level debug', async () => {
  const folder = join(files, 'logged');
  const account = await initDemo(folder);
  const relay = join(files, 'relay-password');
  writeFileSync(relay, 'relay-secret-word\n');
  const server = await Server.start(folder, {
    env: {
      ANSWERABLE_LOG_LEVEL: 'debug',
      ANSWERABLE_LOG_FORMAT: 'json',
      ANSWERABLE_MAIL_RELAY_HOST: '127.0.0.1',
      ANSWERABLE_MAIL_RELAY_PORT: '9',
      ANSWERABLE_MAIL_RELAY_SECURITY: 'none',
      ANSWERABLE_MAIL_RELAY_USER: 'anna',
      ANSWERABLE_MAIL_RELAY_PASSWORD_FILE: relay,
    },
  });
  const admin = await new Client(server.url).signIn(account.email, account.password);
  await new Client(server.url).post('/session', { email: account.email, password: 'a wrong password' });
  const key = (await admin.post('/api-keys', { name: 'test', scopes: ['read', 'write'] })).body;
  const program = new Client(server.url);
  program.bearer = key.key ?? key.secret ?? key.token;
  assert.ok(program.bearer, JSON.stringify(Object.keys(key)));
  const { body } = await program.get('/conversations');
  const reply = { kind: 'reply', text: 'On its way', undo_seconds: 0 };
  assert.equal((await admin.post(`/conversations/${body.items[0].id}/messages`, reply)).status, 201);
  program.bearer = 'ak_wrong-token-in-a-header';
  await program.get('/conversations');
  assert.equal((await server.stop()).code, 0);
  assert.match(server.log, /stopped/);
  const secrets = [account.password, 'a wrong password', 'relay-secret-word', key.key ?? key.secret ?? key.token];
  secrets.push(...admin.cookies.values(), 'wrong-token-in-a-header');
  for (const secret of secrets) assert.ok(!server.log.includes(secret), `the log holds ${secret}`);
});
