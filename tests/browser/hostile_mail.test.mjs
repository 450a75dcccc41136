// Hostile mail, thousands of cases: what the program makes of each is shown in a page without any protection, and in
// the frame in which the inbox shows it. Nothing runs, nothing is asked for, nothing is drawn beside its own box.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { command } from '../lib/server.mjs';
import { visit } from './browser.mjs';
import { hostileCases } from './hostile_cases.mjs';
import { misdeeds, startStranger } from './hostile_page.mjs';
import { openInbox, row, testsOfProgram } from './program.mjs';

let browser;
let program;
let stranger;
let folder;
let mails;
// One person opens a thousand of these within minutes: nobody is to ask why.
const env = { ANSWERABLE_SERVER_ATTEMPTS_PATIENCE: '1000' };
const test = testsOfProgram({ env }, (...both) => ([browser, program] = both));
before(async () => {
  stranger = await startStranger();
  folder = await mkdtemp(join(tmpdir(), 'answerable-hostile-'));
  mails = await parsed(hostileCases().map(aimed));
});
after(async () => {
  await stranger.stop();
  await rm(folder, { recursive: true });
});

// {run} and {url} report the number of the case.
const aimed = ({ name, html }, number) => ({
  name,
  number,
  html: html.replaceAll('{run}', `hit(${number})`).replaceAll('{url}', `${stranger.url}/${number}`),
});

const raw = (html) =>
  'From: x@stranger.example\r\nSubject: x\r\nContent-Type: text/html; charset=utf-8\r\n' +
  `Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from(html).toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`;

async function parsed(cases) {
  const files = await Promise.all(
    cases.map(async ({ html }, i) => {
      const file = join(folder, `${i}.eml`);
      await writeFile(file, raw(html));
      return file;
    }),
  );
  const { status, stdout, stderr } = await command(folder, ['mail', 'parse', ...files]);
  assert.equal(status, 0, stderr);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return cases.map((one, i) => ({ ...one, html_safe: lines[i].html_safe ?? '' }));
}

const batches = (list, size) =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

const is_drawn = /^box/; // the kinds that try to draw where they may not

test('in a page without protection, hostile mail does nothing', async () => {
  const found = [];
  for (const batch of batches(mails, 400)) found.push(...(await misdeeds(browser, stranger, batch)));
  assert.deepEqual(found, []);
});

test('nor does it in a page that is laid out as in old times', async () => {
  const found = [];
  const styled = mails.filter(({ name }) => !name.startsWith('runner'));
  for (const batch of batches(styled, 400)) found.push(...(await misdeeds(browser, stranger, batch, { doctype: '' })));
  assert.deepEqual(found, []);
});

test('hostile mail draws nothing beside its own box', async () => {
  const found = [];
  const drawn = mails.filter(({ name }) => is_drawn.test(name));
  for (const batch of batches(drawn, 60)) found.push(...(await misdeeds(browser, stranger, batch, { pixels: true })));
  assert.deepEqual(found, []);
});

test('in the frame in which the inbox shows it, hostile mail does nothing', async () => {
  const shown = mails.filter(
    ({ name, number, html_safe }) => html_safe && (number % 30 === 0 || name.includes('.txt')),
  );
  await deliver({ number: 'first', html: '<script>hit("first")</script>Hello' });
  const page = await openInbox(browser, program, 'all');
  await page.evaluate(askNoReasons);
  await row(page, /Hostile first/).click();
  await page.getByRole('button', { name: 'As it was formatted' }).click();
  const sandbox = await page.locator('iframe').getAttribute('sandbox');
  for (const batch of batches(shown, 8)) await Promise.all(batch.map(deliver));
  const ids = await page.evaluate(messagesNamed, 'Hostile ');
  assert.equal(ids.length, shown.length + 1);
  const found = [];
  await page.exposeFunction('hit', (number) => found.push(`ran: ${number}`));
  page.on('dialog', (dialog) => void (found.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on('request', (request) => /^\/api\/v1\//.test(new URL(request.url()).pathname) || found.push(request.url()));
  for (const batch of batches(ids, 60)) {
    const seen = await page.evaluate(showInFrames, { ids: batch, sandbox });
    assert.equal(seen, batch.length);
  }
  assert.deepEqual([...found, ...stranger.asked.splice(0)], []);
});

// Runs in the inbox: whoever opens very many is not asked for a reason (docs/operations/roles.md).
async function askNoReasons() {
  const answer = await fetch('/api/v1/read-rules', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'answerable' },
    body: JSON.stringify({ many_per_hour: 0 }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

const deliver = ({ number, html }) =>
  program.deliver({
    from: `x${number}@stranger.example`,
    subject: `Hostile ${number}`,
    type: 'text/html',
    headers: 'Content-Transfer-Encoding: base64\r\n',
    text: Buffer.from(html).toString('base64').replace(/.{76}/g, '$&\r\n'),
  });

// Runs in the inbox: the messages with a page of their own whose subject begins so, from the log of events.
async function messagesNamed(subject) {
  const ids = new Set();
  for (let after = 0, behind = true; behind;) {
    const answer = await (await fetch(`/api/v1/events?after=${after}&wait=0`)).json();
    for (const { message } of answer.events)
      if (message?.html && message.subject?.startsWith(subject)) ids.add(message.id);
    ({ last_seq: after, behind } = answer);
  }
  return [...ids];
}

// Runs in the inbox: shows these messages as the inbox does and says how many pages came.
async function showInFrames({ ids, sandbox }) {
  const show = async (id) => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', sandbox);
    frame.src = `/api/v1/messages/${id}/document?images=0`;
    await new Promise((resolve) => {
      frame.onload = resolve;
      document.body.append(frame);
    });
    const came = frame.contentDocument.body.childElementCount === 1;
    frame.remove();
    return came;
  };
  return (await Promise.all(ids.map(show))).filter(Boolean).length;
}

// Of subjects and names in mail: CVE-2026-56731, CVE-2026-38444, CVE-2026-38446, CVE-2011-2083, CVE-2019-14748,
// CVE-2019-14750; of people, queues and rules: CVE-2015-5475, CVE-2020-22608, CVE-2020-22609, CVE-2020-12629; of what
// is looked for: CVE-2022-1315, CVE-2022-1317.
test('what people are called, write above, attach, tag, note and look for stays text on every screen', async () => {
  const words = '<img src=x class=hostile onerror=hit(0)>{{7*7}}';
  const attached = 'Content-Disposition: attachment';
  await program.deliver({
    from: `"${words}" <strange@stranger.example>`,
    subject: words,
    type: 'multipart/mixed; boundary=cut',
    text: `--cut\r\n\r\n${words}\r\n--cut\r\n${attached}; filename="${words}.txt"\r\n\r\nx\r\n--cut--`,
  });
  const page = await openInbox(browser, program, 'all');
  const found = [];
  await page.exposeFunction('hit', () => found.push('ran'));
  await row(page, /class=hostile/).waitFor();
  const { conversation, contact } = await page.evaluate(nameEverything, words);
  const searches = [`search?q=${encodeURIComponent(words)}`, 'search?q=hostile'];
  const settings = ['profile', 'people', 'channels', 'api-keys'].map((one) => `settings/${one}`);
  const people = ['contacts', `contacts/${contact}`];
  const screens = [
    'inbox/all',
    `inbox/all/${conversation}`,
    ...searches,
    'contacts',
    `contacts/${contact}`,
    ...settings,
  ];
  for (const path of [...screens, 'settings/deliveries', 'settings/ledger', 'settings/incidents']) {
    await visit(page, `${program.url}/${path}`);
    const seen = await page.evaluate(() => ({
      elements: document.querySelectorAll('.hostile, svg[onload]').length,
      values: [...document.querySelectorAll('input, textarea')].map(({ value }) => value).join(' '),
      text: document.body.innerText,
    }));
    assert.equal(seen.elements, 0, path);
    if (screens.includes(path)) assert.match(seen.text + seen.values, /<img src=x class=hostile/i, path);
  }
  assert.deepEqual([...found, ...page.errors], []);
});

// Runs in the inbox: gives these words to all that can be called something.
async function nameEverything(words) {
  const ask = async (method, path, body) => {
    const headers = { 'Content-Type': 'application/json', 'X-Requested-With': 'answerable' };
    const answer = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
  const { items } = await ask('GET', '/conversations?view=all');
  const { id } = items.find(({ subject }) => subject.includes('hostile'));
  const { contact } = await ask('GET', `/conversations/${id}`);
  await ask('PUT', `/conversations/${id}/tags`, { tags: [words.slice(0, 48)] });
  await ask('POST', `/conversations/${id}/messages`, { kind: 'note', text: words });
  await ask('PUT', `/conversations/${id}/draft`, { kind: 'reply', text: words });
  await ask('PATCH', `/contacts/${contact.id}`, { note: words });
  await ask('PATCH', '/me', { name: words });
  await ask('POST', '/users', { name: words, email: 'hostile@demo.example', role: 'agent' });
  await ask('POST', '/api-keys', { name: words });
  const { items: channels } = await ask('GET', '/channels');
  for (const one of channels) await ask('PATCH', `/channels/${one.id}`, { name: words });
  return { conversation: id, contact: contact.id };
}
