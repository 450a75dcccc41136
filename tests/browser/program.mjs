// The real program with its demo workspace, on free ports, with an SMTP server that keeps what it sends.
import assert from 'node:assert/strict';
import { Lmtp } from '../lib/lmtp.mjs';
import { Server, browserEnv, command, initDemo, makeDataFolder, removeFolder } from '../lib/server.mjs';
import { SmtpSink } from '../lib/smtp_sink.mjs';
import { until } from '../lib/within.mjs';
import { after, before } from 'node:test';
import { check, close, launch, openPage } from './browser.mjs';

// `operator`: with operators of these addresses, who have the demo's password. `empty`: set up, with nothing in it.
// `env`: more of the configuration.
export async function startProgram({ operator, empty, env: more } = {}) {
  const folder = await makeDataFolder();
  const sink = await SmtpSink.start();
  const env = {
    ...browserEnv(),
    ...sink.asRelay,
    ANSWERABLE_MAIL_AUTHSERV_ID: 'mx.demo.example',
    ...more,
  };
  const account = empty ? await initEmpty(folder, env) : await initDemo(folder, env);
  for (const email of [operator ?? []].flat()) await addOperator(folder, env, email, account.password);
  let server = await Server.start(folder, { env });
  const stopServer = async () => {
    const how = await server.stop();
    assert.deepEqual(how, { code: 0, signal: null }, `the server did not stop well:\n${server.log}`);
  };
  const stop = async () => {
    await stopServer();
    await sink.stop();
    await removeFolder(folder);
  };
  const restart = async (meanwhile) => {
    await stopServer();
    await meanwhile();
    server = await Server.start(folder, { env });
  };
  return {
    url: server.url,
    sink,
    account,
    sessions: new Map(),
    stop,
    restart,
    deliver: (mail) => deliver(server, mail),
  };
}

// One browser and one program for all tests of a file: `given` gets both before the first, the result is its test().
export function testsOfProgram(options, given) {
  let browser;
  let program;
  before(async () => {
    browser = await launch();
    program = await startProgram(options);
    given(browser, program);
  });
  after(async () => {
    await close(browser);
    await program?.stop();
  });
  return (name, work) => check(name, () => browser, work);
}

async function run(folder, args, options) {
  const done = await command(folder, args, options);
  assert.equal(done.status, 0, done.stderr);
}

async function initEmpty(folder, env) {
  const account = { email: 'ada@new.example', password: 'correct horse 7 battery' };
  const args = ['init', '--workspace', 'New', '--email', account.email, '--name', 'Ada', '--password-stdin'];
  await run(folder, args, { env, input: `${account.password}\n` });
  return account;
}

const addOperator = (folder, env, email, password) =>
  run(folder, ['user', 'add', email, '--role', 'operator', '--password-stdin'], { env, input: `${password}\n` });

// One mail through the front door; fails unless the server took it.
async function deliver(server, { from, subject, text, type = 'text/plain', headers = '' }) {
  const client = await Lmtp.connect(server.lmtpPort);
  const id = `${Math.random().toString(36).slice(2)}@customer.example`;
  const address = /<([^>]+)>/.exec(from)?.[1] ?? from;
  const raw =
    // As a mail server in front of us would say: every sender here is who the mail says.
    `Authentication-Results: mx.demo.example; dmarc=pass header.from=${address.split('@')[1]}\r\n` +
    `From: ${from}\r\nTo: support@demo.example\r\nSubject: ${subject}\r\nMessage-ID: <${id}>\r\n${headers}` +
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}\r\n` +
    `Content-Type: ${type}; charset=utf-8\r\n\r\n${text}\r\n`;
  const reply = await client.send(address, 'support@demo.example', raw);
  client.close();
  assert.equal(reply.code, 250, reply.text);
  return `<${id}>`;
}

// The sign-in form, filled in and sent.
export async function fillSignIn(page, program, email) {
  await page.goto(program.url);
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByLabel('Password').fill(program.account.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const inside = (page) => page.getByRole('navigation', { name: 'Main' });

// Signed in by the form, in a session of one's own; the default is the demo's administrator.
export async function signInAnew(page, program, email = program.account.email) {
  await fillSignIn(page, program, email);
  await inside(page).waitFor();
}

// Signed in, at `path`. A browser that this person has used before is still signed in there, unless the session ended.
export async function signIn(page, program, email = program.account.email, path = '') {
  const context = page.context();
  const cookies = program.sessions.get(email);
  if (cookies) {
    await context.addCookies(cookies);
    await page.goto(`${program.url}${path}`);
    await inside(page).or(page.getByLabel('Password')).first().waitFor();
    if (await inside(page).isVisible()) return;
  }
  await signInAnew(page, program, email);
  program.sessions.set(email, await context.cookies());
  if (path) await page.goto(`${program.url}${path}`);
}

export async function openInbox(browser, program, view, options) {
  const page = await openPage(browser, options);
  await signIn(page, program, undefined, `/inbox/${view}`);
  await page.getByRole('listbox', { name: 'Conversations' }).waitFor();
  return page;
}

// What is written on this page can be taken back for a second instead of ten: for those who wait until it has left.
export const sendSoon = (page) =>
  page.route(/\/api\/v1\/(conversations\/[^/]+\/messages|messages\/[^/]+\/forward)$/, (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    return route.continue({ postData: JSON.stringify({ undo_seconds: 1, ...route.request().postDataJSON() }) });
  });

export const row = (page, text) => page.getByRole('option', { name: text });

// Begins an answer in that conversation, and waits until the server has it.
export async function draft(page, conversation, text) {
  await row(page, conversation).click();
  const saved = page.waitForResponse((answer) => /\/draft$/.test(answer.url()) && answer.ok());
  await page.getByRole('textbox', { name: /^Reply to/ }).fill(text);
  await saved;
}

// Writes and sends. What came in the last seconds may not have been read: then the inbox asks first, and we have read
// it.
export async function reply(page, text) {
  await page.getByRole('textbox', { name: /^Reply to/ }).fill(text);
  await page.keyboard.press('Control+Enter');
  const ask = page.getByRole('button', { name: 'Send now' });
  const sending = page.getByRole('article').getByText(text);
  await ask.or(sending).first().waitFor();
  if (await ask.isVisible()) await ask.click();
  await sending.waitFor();
}

// When the conversation has so many messages: a mail that was taken is not yet received. Asked past the page, whose
// line may be down.
export const isReceived = (page, program, subject, messages) =>
  until(`messages of ${subject}`, async () => {
    const answer = await page.request.get(`${program.url}/api/v1/conversations?view=all`);
    const { items } = await answer.json();
    return items.find((one) => one.subject === subject)?.message_count === messages;
  });
