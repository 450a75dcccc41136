// Visits every screen, takes a picture of each and lets axe judge it (WCAG 2.0 to 2.2, A and AA, and best practice).
// node scripts/screens.mjs [folder] [only]     exits 1 on a violation or a complaint of the page
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { complaints, dev, signIn, withBrowser } from './browser.mjs';

const folder = process.argv[2] ?? '/tmp/answerable-screens';
const only = process.argv[3] ?? '';
mkdirSync(folder, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
let bad = 0;

async function look(page, name) {
  if (only && !name.includes(only)) return;
  await page.waitForTimeout(250);
  await page.screenshot({ path: `${folder}/${name}.png` });
  await page.evaluate(axe); // through the debugger, which the content policy of the page does not bind
  const found = await page.evaluate((values) => window.axe.run({ exclude: [['iframe']] }, { runOnly: values }), tags);
  for (const one of found.violations) {
    bad += 1;
    console.log(`${name}: ${one.id}: ${one.help}`);
    for (const node of one.nodes.slice(0, 3))
      console.log(`    ${node.target} ${node.failureSummary?.split('\n').slice(1, 3).join(' ')}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) {
    bad += 1;
    console.log(`${name}: ${wide} px wider than the window`);
  }
  if ((await page.getByText(/^(This page could not be shown|This could not be loaded)\.$/).count()) > 0) {
    bad += 1;
    console.log(`${name}: shows a failure`);
  }
  console.log(`${name}: ${found.violations.length} violations, ${found.passes.length} passes`);
}

async function openFirst(page) {
  await page.getByRole('option').first().click();
  await page.getByRole('feed').waitFor();
}

async function inbox(page, url, say) {
  await page.goto(`${url}/inbox/mine`);
  await page.getByRole('option').first().waitFor();
  await say('inbox-nothing-open');
  await openFirst(page);
  const id = page.url().split('/').at(-1);
  await dev(url, 'presence', { conversation: id, state: 'typing' });
  await say('inbox-open');
  await page.getByRole('button', { name: 'As it was formatted' }).last().click();
  await page.waitForTimeout(400);
  await page.getByRole('button', { name: 'As plain text' }).last().scrollIntoViewIfNeeded();
  await say('inbox-html-mail');
  await page.keyboard.press('n');
  await page.keyboard.type('Check the stock first.');
  await say('inbox-note');
  await page.getByRole('button', { name: 'Reply', exact: true }).click();
  await page.keyboard.type('Bonjour Sami, a new one leaves today.');
  await dev(url, 'colleague', { conversation: id });
  await page.waitForTimeout(100);
  await page.keyboard.press('Control+Enter');
  await say('inbox-collision');
  await page.getByRole('button', { name: 'Send now' }).click();
  await page.waitForTimeout(500);
  await say('inbox-sending');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await page.waitForTimeout(400);
  await say('inbox-undone');
}

async function overs(page, url, say) {
  await page.goto(`${url}/inbox/unassigned`);
  await openFirst(page);
  await page.keyboard.press('Control+k');
  await say('palette');
  await page.keyboard.press('Escape');
  await page.locator('#main').focus();
  await page.keyboard.press('?');
  await say('shortcuts');
  await page.keyboard.press('Escape');
  for (const [key, name] of [
    ['a', 'assign'],
    ['s', 'snooze'],
    ['l', 'tags'],
  ]) {
    await page.keyboard.press(key);
    const over = page.locator('[role=menu], dialog[open]');
    await over.first().waitFor();
    await say(`menu-${name}`);
    await page.keyboard.press('Escape');
    await over.waitFor({ state: 'detached' }); // or the next key is for what is still closing
  }
  await page.getByRole('button', { name: 'Filter' }).click();
  await say('menu-filter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await say('compose');
}

async function pages(page, url, say) {
  for (const path of ['search?q=teapot', 'search', 'contacts', 'welcome', 'nowhere/at/all', 'inbox/closed']) {
    await page.goto(`${url}/${path}`);
    await page.waitForTimeout(400);
    await say(path.replace(/[/?=]/g, '-'));
  }
  await page.goto(`${url}/contacts`);
  await page.locator('.contact-row').first().click();
  await page.waitForTimeout(400);
  await say('contact');
  for (const section of [
    'profile',
    'sessions',
    'channels',
    'people',
    'api-keys',
    'deliveries',
    'quarantine',
    'ledger',
  ]) {
    await page.goto(`${url}/settings/${section}`);
    await page.waitForTimeout(300);
    await say(`settings-${section}`);
  }
  await page.goto(`${url}/settings/channels`);
  await page.getByRole('button', { name: 'Edit Support mail' }).click();
  await say('settings-channel-mail');
}

async function days(page, url, say) {
  await page.goto(`${url}/inbox/mine`);
  await openFirst(page);
  await dev(url, 'flags', { offline: true });
  await page.waitForTimeout(2_500);
  await page.keyboard.press('r');
  await page.keyboard.type('This waits for the connection.');
  await page.keyboard.press('Control+Enter');
  await page.waitForTimeout(500);
  await say('offline');
  await dev(url, 'flags', { offline: false });
  await page.waitForTimeout(4_000);
  await dev(url, 'flags', { suspended: true });
  await page.reload();
  await page.getByRole('feed').waitFor();
  await say('suspended');
  await dev(url, 'flags', { suspended: false });
  await page.context().clearCookies();
  await page.keyboard.press('e');
  await page.waitForTimeout(500);
  await say('session-ended');
}

async function run(browser, url, name, settings, parts) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...settings,
  });
  const page = await context.newPage();
  const said = complaints(page);
  const say = (what) => look(page, `${name}-${what}`);
  await page.goto(url);
  await page.waitForTimeout(300);
  await say('sign-in');
  await signIn(page, url);
  for (const part of parts) {
    await part(page, url, say).catch((error) => {
      bad += 1;
      console.log(`${name}: ${error.message}`);
    });
  }
  for (const one of said) console.log(`${name}: ${one}`);
  bad += said.length;
  await context.close();
}

async function narrow(page, url, say) {
  await page.goto(`${url}/inbox/mine`);
  await page.getByRole('option').first().waitFor();
  await say('list');
  await openFirst(page);
  await say('thread');
  await page.keyboard.press('i');
  await page.waitForTimeout(300);
  await say('panel');
  for (const path of ['settings', 'settings/channels', 'settings/ledger', 'contacts', 'search?q=teapot']) {
    await page.goto(`${url}/${path}`);
    await page.waitForTimeout(300);
    await say(path.replace(/[/?=]/g, '-'));
  }
}

async function french(page, url, say) {
  await page.goto(`${url}/settings/profile`);
  await page.getByLabel('Language').selectOption('fr');
  await page.waitForTimeout(500);
  await say('profile');
  await page.goto(`${url}/inbox/mine`);
  await openFirst(page);
  await say('inbox');
  await page.goto(`${url}/settings/channels`);
  await page.waitForTimeout(300);
  await say('channels');
  await page.goto(`${url}/settings/profile`);
  await page.getByLabel('Langue').selectOption('en');
  await page.waitForTimeout(300);
}

const runs = {
  light: [{}, [inbox, overs, pages, days]],
  dark: [{ colorScheme: 'dark' }, [inbox, overs, pages]],
  narrow: [{ viewport: { width: 360, height: 740 } }, [narrow]],
  small: [{ viewport: { width: 320, height: 640 } }, [narrow]],
  middle: [{ viewport: { width: 1024, height: 700 } }, [inbox]],
  french: [{}, [french]],
};
await withBrowser({ conversations: 10_000 }, async (browser, url) => {
  for (const [name, [settings, parts]] of Object.entries(runs)) {
    if (!only || only.startsWith(name)) await run(browser, url, name, settings, parts);
  }
});
await withBrowser({ conversations: 0 }, async (browser, url) => {
  if (only && !only.startsWith('empty')) return;
  await run(browser, url, 'empty', {}, [
    async (page, address, say) => {
      await page.goto(`${address}/inbox/all`);
      await page.waitForTimeout(300);
      await say('inbox');
    },
  ]);
});
console.log(bad === 0 ? 'all screens pass' : `${bad} findings`);
process.exit(bad === 0 ? 0 : 1);
