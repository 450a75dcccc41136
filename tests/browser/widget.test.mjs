// The widget alone, on the page of a company with the strictest policy there is, against a server that plays its part.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { FakeServer } from '../../widget/dist-test/fake_server.mjs';
import { Client } from '../lib/server.mjs';
import { until } from '../lib/within.mjs';
import { startProgram } from './program.mjs';
import { assertAccessible, close, launch, openPage, picture, startSite } from './browser.mjs';

const widgetFile = new URL('../../widget/dist/widget.js', import.meta.url).pathname;
const pageOf = (host, { lang = 'en', attributes = '' } = {}) => `<!doctype html><html lang="${lang}"><head>
  <title>A shop</title><meta name="viewport" content="width=device-width, initial-scale=1"></head>
  <body><main><h1>A shop</h1><p>Lanterns of all kinds.</p><button>Buy</button></main>
  <script src="${host}/widget.js" data-channel="c1" ${attributes} async></script></body></html>`;

let browser;
let server;
let site;
let host;
before(async () => {
  browser = await launch();
});
after(() => close(browser));

beforeEach(async () => {
  server = new FakeServer();
  server.widgetFile = widgetFile;
  host = new URL(await server.start()).origin;
  const policy =
    `default-src 'none'; script-src ${host}; connect-src ${host} ${host.replace('http', 'ws')}; style-src 'none'; ` +
    "require-trusted-types-for 'script'";
  const headers = { 'content-security-policy': policy };
  site = await startSite({
    '/': { html: pageOf(host), headers },
    '/ar': { html: pageOf(host, { lang: 'ar' }), headers },
    '/fr': { html: pageOf(host, { lang: 'fr' }), headers },
    '/none': { html: pageOf(host, { attributes: 'data-storage="none"' }), headers },
  });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await site.stop();
  await server.stop();
});

async function visit(path = '/', options = {}) {
  const page = await openPage(browser, options);
  await page.goto(site.url + path);
  await page.locator('.launcher').waitFor();
  return page;
}

const said = (page) => page.locator('.bubble').allInnerTexts();
const text = (page) => page.getByRole('textbox');

test('a visitor writes and is answered with the keyboard alone, under the strictest policy', async () => {
  const page = await visit();
  for (let i = 0; i < 10 && !(await page.evaluate(() => document.activeElement?.shadowRoot)); i += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'The shop' }).waitFor();
  await page.keyboard.type('Is the brass one');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('in stock?');
  await page.keyboard.press('Enter');
  await page.locator('.own time').waitFor();
  assert.deepEqual(
    server.stored.map((message) => message.text),
    ['Is the brass one\nin stock?'],
  );
  server.write('It is. See https://shop.example/brass.');
  await page.getByRole('link', { name: 'https://shop.example/brass' }).waitFor();
  await assertAccessible(page, 'open chat', 'div[lang]');
  await picture(page, 'widget-light');
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('dialog').count(), 0);
  const focused = await page.evaluate(() => document.activeElement.shadowRoot.activeElement.className);
  assert.equal(focused, 'launcher');
  await assertAccessible(page, 'closed chat', 'div[lang]');
  assert.deepEqual(page.errors, []);
});

test('own messages stand on the end side, others on the start side, in both writing directions', async () => {
  for (const [path, isRightToLeft] of [
    ['/', false],
    ['/ar', true],
  ]) {
    const page = await visit(path);
    await page.locator('.launcher').click();
    await text(page).fill('mine');
    await text(page).press('Enter');
    await page.locator('.own').last().waitFor();
    server.write('theirs');
    await page.locator('.message:not(.own)', { hasText: 'theirs' }).last().waitFor();
    const own = await page.locator('.own .bubble').last().boundingBox();
    const other = await page.locator('.message:not(.own) .bubble').last().boundingBox();
    const panel = await page.getByRole('dialog').boundingBox();
    assert.equal(own.x + own.width / 2 > panel.x + panel.width / 2, !isRightToLeft);
    assert.equal(other.x + other.width / 2 > panel.x + panel.width / 2, isRightToLeft);
    await assertAccessible(page, path, 'div[lang]');
    if (isRightToLeft) await picture(page, 'widget-arabic');
    await page.context().close();
  }
});

test('what is written without a connection is kept, shown as such, and sent once when it is back', async () => {
  const page = await visit();
  await page.locator('.launcher').click();
  await text(page).fill('before');
  await text(page).press('Enter');
  await page.locator('.own time').waitFor();
  await page.context().setOffline(true);
  server.cutAll();
  await page.getByText('No connection').waitFor();
  await text(page).fill('during');
  await text(page).press('Enter');
  await page.getByText('Sending…').waitFor();
  await picture(page, 'widget-offline');
  await page.context().setOffline(false);
  await page.getByText('Sending…').waitFor({ state: 'detached' });
  assert.deepEqual(
    server.stored.map((message) => message.text),
    ['before', 'during'],
  );
  assert.deepEqual(await said(page), ['Hello. What can we do for you?', 'before', 'during']);
});

test('after a reload the conversation is there, and so is what was being written', async () => {
  const page = await visit();
  await page.locator('.launcher').click();
  await text(page).fill('one');
  await text(page).press('Enter');
  await page.locator('.own time').waitFor();
  server.write('two');
  await page.getByText('two', { exact: true }).waitFor();
  await text(page).fill('half a sent');
  await page.reload();
  await page.locator('.launcher').click();
  assert.deepEqual(await said(page), ['Hello. What can we do for you?', 'one', 'two']);
  assert.equal(await text(page).inputValue(), 'half a sent');
  assert.equal(server.sessions, 1);
});

test('with data-storage="none" nothing is left in the browser', async () => {
  const page = await visit('/none');
  await page.locator('.launcher').click();
  await text(page).fill('secret');
  await text(page).press('Enter');
  await page.locator('.own time').waitFor();
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  assert.deepEqual(await page.context().cookies(), []);
});

test('an answer to a closed chat is counted on the launcher, and gone when it was read', async () => {
  const page = await visit();
  await page.locator('.launcher').click();
  await text(page).fill('hello?');
  await text(page).press('Enter');
  await page.locator('.own time').waitFor();
  await page.keyboard.press('Escape');
  server.write('here');
  await page.getByRole('button', { name: 'Open the chat (1 unread)' }).click();
  await page.getByRole('button', { name: 'Close the chat' }).first().waitFor();
  await page.waitForFunction(() => true);
  await until('it is seen', () => server.frames.some(({ type, seq }) => type === 'seen' && seq === 2));
  assert.equal(await page.locator('.badge').isVisible(), false);
});

test('that the company writes, and that it has seen, is shown', async () => {
  const page = await visit();
  await page.locator('.launcher').click();
  await text(page).fill('hello?');
  await text(page).press('Enter');
  await page.locator('.own time').waitFor();
  server.broadcast({ type: 'typing', author: 'Théo' });
  await page.getByText('Théo is writing…').waitFor();
  server.broadcast({ type: 'seen', seq: 1, by: 'team' });
  await page.getByText('Seen ·').waitFor();
});

test('with the real program: that an agent has read is shown at once and after a reload', async () => {
  const program = await startProgram();
  const page = await openPage(browser, {});
  await page.goto(`${program.url}/demo/chat`);
  await page.locator('.launcher').click();
  await text(page).fill('hello?');
  await text(page).press('Enter');
  await page.locator('.own time').waitFor();
  const client = new Client(program.url);
  const agent = (method, path, body) => client.request(method, `/api/v1${path}`, body, { Origin: program.url });
  assert.equal((await agent('POST', '/session', program.account)).status, 200);
  let id;
  while (!id) {
    const { body } = await agent('GET', '/conversations');
    id = body.items.find(({ preview }) => preview === 'hello?')?.id;
    if (!id) await agent('GET', `/events?after=${body.seq}&wait=25`);
  }
  assert.equal(await page.getByText('Seen ·').count(), 0);
  const read = await agent('POST', `/conversations/${id}/read`, {});
  assert.equal(read.status, 204);
  await page.getByText('Seen ·').waitFor();
  await page.reload();
  await page.locator('.launcher').click();
  await page.getByText('Seen ·').waitFor();
  await page.close();
  await program.stop();
});

test('files are attached by button, paste and drop, and can be taken off again', async () => {
  const page = await visit();
  await page.locator('.launcher').click();
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('aaa') });
  await page.locator('.chip', { hasText: 'a.txt' }).waitFor();
  const give = (kind, name) =>
    page.evaluate(
      ([type, filename]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['bbbb'], filename, { type: 'text/plain' }));
        const root = document.querySelector('div[lang]').shadowRoot;
        const event =
          type === 'paste'
            ? new ClipboardEvent(type, { clipboardData: transfer, cancelable: true, bubbles: true })
            : new DragEvent(type, { dataTransfer: transfer, cancelable: true, bubbles: true });
        root.querySelector(type === 'paste' ? 'textarea' : '.log').dispatchEvent(event);
      },
      [kind, name],
    );
  await give('paste', 'b.txt');
  await page.getByText('b.txt attached').waitFor();
  await give('drop', 'c.txt');
  await page.getByText('c.txt attached').waitFor();
  await page.getByRole('button', { name: 'Remove b.txt' }).click();
  await assertAccessible(page, 'files', 'div[lang]');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('.own time').waitFor();
  assert.deepEqual(server.uploads.map(({ filename }) => filename).sort(), ['a.txt', 'b.txt', 'c.txt']);
  const sent = server.frames.find(({ type }) => type === 'message');
  assert.equal(sent.attachments.length, 2);
  assert.match((await said(page)).at(-1), /a\.txt \(3 ?byte/);
});

test('a file is not sent before it is there, and one that is too large is refused at once', async () => {
  const page = await visit();
  await page.locator('.launcher').click();
  let release;
  server.holdUploads = new Promise((resolve) => (release = resolve));
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('aaa') });
  await text(page).fill('see this');
  await text(page).press('Enter');
  assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), true);
  assert.equal(server.received, 0);
  release();
  await page.getByText('a.txt attached').waitFor();
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(25 * 1024 * 1024 + 1)], 'big.bin'));
    document
      .querySelector('div[lang]')
      .shadowRoot.querySelector('.log')
      .dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, cancelable: true, bubbles: true }));
  });
  await page.getByRole('alert').getByText('big.bin is larger than 25 MB.').waitFor();
  await text(page).press('Enter');
  await page.locator('.own time').waitFor();
  assert.equal(server.frames.find(({ type }) => type === 'message').attachments.length, 1);
});

test('it fills a narrow screen, follows a dark theme, and stands still for who wants no motion', async () => {
  const page = await visit('/fr', {
    viewport: { width: 360, height: 640 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  await page.locator('.launcher').click();
  await text(page).fill('Bonjour, où en est ma commande ?');
  await text(page).press('Enter');
  await page.locator('.own time').waitFor();
  server.write('Bonjour, elle part aujourd’hui.');
  await page.getByText('elle part').waitFor();
  assert.deepEqual(await page.getByRole('dialog').boundingBox(), { x: 0, y: 0, width: 360, height: 640 });
  const motion = await page.locator('.launcher').evaluate((node) => getComputedStyle(node).transitionDuration);
  assert.equal(motion, '0s');
  await assertAccessible(page, 'narrow and dark', 'div[lang]');
  await picture(page, 'widget-dark-narrow');
  assert.deepEqual(page.errors, []);
});

test('hostile text stays text', async () => {
  const page = await visit();
  await page.locator('.launcher').click();
  server.config = {};
  await text(page).fill('<img src=x onerror="globalThis.hacked = 1">');
  await text(page).press('Enter');
  await page.locator('.own time').waitFor();
  server.write('<script>globalThis.hacked = 1</script> javascript:hacked http://a.example/"onclick="hacked');
  await page.locator('.message:not(.own) a').waitFor();
  assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
  const links = await page.locator('.log a').evaluateAll((nodes) => nodes.map((node) => node.href));
  assert.deepEqual(links, ['http://a.example/']);
});
