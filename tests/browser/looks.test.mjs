// Every screen, dialog and menu, light and dark, in a narrow window and in French, and what is shown when the
// connection or the session is gone: judged by axe, and wide enough. PICTURES=1 leaves one of each in build/screens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { judge, openPage, visit } from './browser.mjs';
import { signIn, testsOfProgram } from './program.mjs';

const wordsIn = (language) =>
  JSON.parse(readFileSync(new URL(`../../web/src/i18n/${language}.json`, import.meta.url), 'utf8'));

let browser;
let program;
const test = testsOfProgram({}, (...both) => ([browser, program] = both));

// The light look loads each screen by its address, as from a link in a mail; the others go there within the page.
const open = (page, path) => visit(page, `${program.url}/${path}`, { within: page.staysLoaded });

const dialogsOf = {
  'settings/channels': ['channels.add_mail', 'channels.add_chat'],
  'settings/people': ['people.add'],
  'settings/api-keys': ['keys.add'],
};
const screens = [
  'inbox/all',
  'inbox/mine',
  'inbox/snoozed',
  'contacts',
  'search?q=lamp',
  'search?q=nothinglikeit',
  'welcome',
  'account/reset',
  'account/exposed',
  'account/ended',
];
// Those of the menu: one that is added is judged from its first day.
async function sectionsOf(page, words) {
  await open(page, 'settings');
  const links = page.getByRole('navigation', { name: words['rail.settings'] }).getByRole('link');
  const sections = await links.evaluateAll((found) => found.map((one) => new URL(one.href).pathname.slice(1)));
  assert.ok(sections.length >= 14, sections.join(' '));
  return sections;
}

async function judgeScreens(page, look, words) {
  for (const path of [...screens, 'settings', ...(await sectionsOf(page, words))]) {
    await open(page, path);
    await judge(page, `${look} ${path}`);
    for (const key of dialogsOf[path] ?? []) {
      await page.getByRole('button', { name: words[key], exact: true }).click();
      await page.getByRole('dialog').waitFor();
      await judge(page, `${look} ${key}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  }
}

async function judgeOver(page, name, appear, role) {
  await appear();
  await page.getByRole(role).first().waitFor();
  await judge(page, name);
  await page.keyboard.press('Escape');
  await page.getByRole(role).waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement !== document.body); // the focus has gone back
}

async function openConversation(page) {
  await open(page, 'inbox/all');
  await page.getByRole('option').first().click();
  await page.getByRole('article').first().waitFor();
  await page.locator('#thread').focus();
}

async function judgeConversation(page, look, words) {
  await openConversation(page);
  await judge(page, `${look} conversation`);
  const key = (name) => () => page.keyboard.press(name);
  await judgeOver(page, `${look} menu assign`, key('a'), 'menu');
  await judgeOver(page, `${look} menu snooze`, key('s'), 'menu');
  await judgeOver(page, `${look} tags`, key('l'), 'dialog');
  await judgeOver(page, `${look} palette`, key('Control+k'), 'dialog');
  await judgeOver(page, `${look} shortcuts`, key('?'), 'dialog');
  await judgeOver(page, `${look} compose`, key('c'), 'dialog');
  await open(page, 'inbox/all');
  await judgeOver(
    page,
    `${look} filter`,
    () => page.getByRole('button', { name: words['filter.label'] }).click(),
    'menu',
  );
}

async function judgeTroubles(page, look, words) {
  await openConversation(page);
  await page.context().setOffline(true);
  await page.getByText(words['banner.offline']).waitFor();
  await judge(page, `${look} offline`);
  await page.context().setOffline(false);
  await page.getByText(words['banner.offline']).waitFor({ state: 'detached' });
  await page.context().clearCookies();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: words['sign_in.again'] });
  await dialog.waitFor();
  await judge(page, `${look} session ended`);
  await dialog.getByRole('textbox').fill(program.account.password);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

async function speak(page, language) {
  const changed = await page.evaluate(async (body) => {
    const headers = { 'Content-Type': 'application/json', 'X-Requested-With': 'answerable' };
    const answer = await fetch('/api/v1/me', { method: 'PATCH', headers, body });
    await answer.text(); // until it is read it counts as under way
    return answer.status;
  }, JSON.stringify({ language }));
  assert.equal(changed, 200);
}

const dark = { colorScheme: 'dark' };
const narrow = { viewport: { width: 360, height: 740 } };
for (const [look, language, options] of [
  ['light', 'en', {}],
  ['French dark', 'fr', dark],
  ['French narrow dark', 'fr', { ...narrow, ...dark }],
]) {
  test(`every screen, dialog and menu is accessible and fits: ${look}`, async () => {
    const page = await openPage(browser, options);
    await signIn(page, program);
    await speak(page, language);
    await page.reload(); // the page learns it
    page.staysLoaded = look !== 'light';
    const words = wordsIn(language);
    await judgeScreens(page, look, words);
    assert.equal(await page.evaluate(() => document.documentElement.lang), language);
    await judgeConversation(page, look, words);
    assert.deepEqual(page.errors, []);
    await judgeTroubles(page, look, words);
    await speak(page, 'en'); // the next one signs in in English
  });
}

test('who is not signed in yet is spoken to in French too', async () => {
  const page = await openPage(browser, { locale: 'fr-FR' });
  await page.goto(program.url);
  await page.getByRole('button', { name: wordsIn('fr')['sign_in.act'], exact: true }).waitFor();
  await judge(page, 'French sign in');
  await page.getByRole('textbox').first().fill('nora@demo.example');
  await page.locator('input[type=password]').fill('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await judge(page, 'French sign in refused');
});
