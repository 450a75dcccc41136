// Debian's Chromium under playwright-core: one browser a test file, pages whose every console error counts, axe on any
// state. Its headless shell draws and scripts as the browser does, in three quarters of the processor time.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { within } from '../lib/within.mjs';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';
const shots = new URL('../../build/screens/', import.meta.url).pathname;

export async function launch() {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
    '--disable-sync',
    '--js-flags=--no-opt --no-maglev',
  ];
  return chromium.launch({ executablePath, args });
}

// One that does not end when it is asked is not what we test: it is killed when the process ends.
export async function close(browser) {
  await within(browser.close(), 'Chromium to close', 20_000).catch((late) => console.error(late.message));
}

// A browser counts these as errors though they are none: asking who is signed in before anybody is, for a draft
// before there is one, and a picture for the tab that the page never mentioned.
const expected = /\/api\/v1\/session$|\/oversight\/draft$|\/favicon\.ico$/;

const wide = { width: 1280, height: 800 };

// A page in a context of its own. `errors` grows with everything that a person with the console open would frown at.
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: wide, locale: 'en-GB', ...options });
  context.setDefaultTimeout(45_000); // for machines that do much else; what works takes none of it
  const page = await context.newPage();
  page.errors = [];
  page.on('console', (message) => {
    const { url } = message.location();
    if (message.type() === 'error' && !expected.test(url)) page.errors.push(`${message.text()} ${url}`);
  });
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.asked = 0; // requests without an answer yet
  page.on('request', () => ++page.asked);
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, () => --page.asked);
  return page;
}

// As the buttons back and forward do: the page stays and shows another address.
function goWithin(url) {
  history.pushState(null, '', url);
  dispatchEvent(new PopStateEvent('popstate'));
}

// Goes there, and waits until what is shown waits for nothing more: all is answered, and drawn.
export async function visit(page, url, { within = false } = {}) {
  if (within) await page.evaluate(goWithin, url);
  else await page.goto(url);
  await page.getByRole('main').waitFor();
  const drawn = () =>
    page.evaluate(async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      for (let i = 0; i < 3; ++i) await frame();
      return document.querySelector('[aria-busy=true]') === null;
    });
  const end = Date.now() + 45_000;
  while (!(await drawn()) || page.asked > 0) assert.ok(Date.now() < end, `${url} does not come to rest`);
}

// What a test looks at that is about how things look: each colour and each width once. looks.test.mjs has all of them.
export const looks = {
  light: {},
  'dark-narrow': { colorScheme: 'dark', viewport: { width: 360, height: 740 } },
};

// WCAG 2.0 to 2.2, A and AA, and axe's best practices for what is in `within` (the whole page when absent).
export async function assertAccessible(page, name, within) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await axeSource());
  const results = await page.evaluate(async (selector) => {
    await new Promise((done) => requestAnimationFrame(done));
    const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((one) => one.finished)); // half of a change of colours has no contrast
    const context = selector ? { include: [selector] } : document;
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const resultTypes = ['violations']; // of what is well, one node each: naming them all takes half of the time
    return globalThis.axe.run(context, { runOnly: { type: 'tag', values }, resultTypes });
  }, within);
  const found = results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(', ')}`,
  );
  assert.deepEqual(found, [], `${name}: axe finds violations`);
  assert.ok(results.passes.length > 5, `${name}: axe looked at nothing`);
}

// Accessible and no wider than its window; with a picture of it.
export async function judge(page, name) {
  await assertAccessible(page, name);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(overflow <= 0, `${name} is ${overflow} px too wide`);
  await picture(page, name.replace(/\W+/g, '-'));
}

const areActiveOnesThere = () =>
  [...document.querySelectorAll('[aria-activedescendant]')]
    .filter((one) => one.checkVisibility())
    .every((one) => document.getElementById(one.getAttribute('aria-activedescendant')));

// What an open page shows now, judged in each look; at the end it is light and wide again.
export async function judgeLooks(page, name) {
  for (const look of Object.keys(looks).reverse()) {
    const { colorScheme = 'light', viewport = wide } = looks[look];
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(viewport);
    await page.waitForFunction(areActiveOnesThere); // a list that has become visible has no rows yet
    await judge(page, `${name} ${look}`);
  }
}

let source;
async function axeSource() {
  const { readFile } = await import('node:fs/promises');
  return (source ??= await readFile(axePath, 'utf8'));
}

async function shoot(page, name, options) {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: `${shots}${name}.png`, ...options });
}

// A picture for people to look at, in build/screens, for those who ask for them: PICTURES=1.
export async function picture(page, name, options) {
  if (process.env.PICTURES) await shoot(page, name, options);
}

// A test that leaves pictures of its open pages behind when it fails, and closes them all.
export function check(name, getBrowser, work) {
  test(name, { timeout: 200_000 }, async () => {
    try {
      await work();
    } catch (error) {
      const pages = getBrowser()
        .contexts()
        .flatMap((context) => context.pages());
      const stem = `failed-${name.replace(/\W+/g, '-').slice(0, 40)}`;
      await Promise.all(pages.map((page, i) => shoot(page, `${stem}-${i + 1}`)));
      throw error;
    } finally {
      for (const context of getBrowser().contexts()) await context.close();
    }
  });
}

// Somebody's web site: serves one page per path, with the headers given. Another origin than the server's.
export async function startSite(pages) {
  const server = createServer((request, response) => {
    const page = pages[new URL(request.url, 'http://x').pathname];
    if (!page) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers });
    response.end(page.html);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}
