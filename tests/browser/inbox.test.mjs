// The whole program in a browser: customers write, an agent sees it at once and answers, and the answer arrives.
import assert from 'node:assert/strict';
import { assertAccessible, openPage, picture, visit } from './browser.mjs';
import { openInbox, reply, row, signIn, testsOfProgram } from './program.mjs';

let browser;
let program;
const test = testsOfProgram({}, (...both) => ([browser, program] = both));

test('a wrong password says so without telling which of the two was wrong', async () => {
  const page = await openPage(browser);
  await page.goto(program.url);
  for (const email of [program.account.email, 'nobody@demo.example']) {
    await page.getByRole('textbox', { name: 'Email' }).fill(email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('That email and password do not match.').waitFor();
  }
  await assertAccessible(page, 'sign-in');
});

test('a visitor and an agent talk live, and a reload of either changes nothing', async () => {
  const agent = await openInbox(browser, program, 'all');
  const visitor = await openPage(browser);
  await visitor.goto(`${program.url}/demo/chat`);
  await visitor.locator('.launcher').click();
  await visitor.getByRole('textbox').fill('Does the storm lantern stand rain?');
  await visitor.getByRole('textbox').press('Enter');
  await visitor.locator('.own time').waitFor();
  await row(agent, /storm lantern stand rain/).click();
  await agent.getByRole('article').getByText('Does the storm lantern stand rain?').waitFor();
  const box = agent.getByRole('textbox', { name: /^Reply to/ });
  await box.pressSequentially('It does. ');
  await visitor.getByText('is writing…').waitFor();
  await reply(agent, 'It does, and snow too.');
  await visitor.getByText('It does, and snow too.').waitFor();
  await agent.getByText(/^Seen \d\d:\d\d$/).waitFor();
  await picture(agent, 'inbox-chat');
  await visitor.reload();
  await visitor.locator('.launcher').click();
  const lines = await visitor.locator('.bubble').allInnerTexts();
  assert.deepEqual(lines.slice(-2), ['Does the storm lantern stand rain?', 'It does, and snow too.']);
  await agent.reload();
  await agent.getByRole('article').getByText('It does, and snow too.').waitFor();
  await agent.getByText(/^Seen \d\d:\d\d$/).waitFor();
  assert.equal(await agent.getByRole('article').count(), 2);
  assert.deepEqual(visitor.errors, []);
  assert.deepEqual(agent.errors, []);
});

test('a mail appears without a reload, and the reply reaches the sender in the same thread', async () => {
  const page = await openInbox(browser, program, 'unassigned');
  const id = await program.deliver({
    from: 'Mira <mira@customer.example>',
    subject: 'Broken glass',
    text: 'The glass is broken.',
  });
  await row(page, /Broken glass/).click();
  await page.getByRole('article').getByText('The glass is broken.').waitFor();
  const before = program.sink.messages.length;
  await reply(page, 'We send you another one today.');
  await page.getByText(/Sending in \d+ s/).waitFor();
  await program.sink.waitFor(before + 1);
  const sent = program.sink.messages.at(-1);
  const raw = sent.raw.toString('utf8');
  assert.deepEqual(sent.to, ['mira@customer.example']);
  assert.ok(raw.includes(`In-Reply-To: ${id}`), raw);
  assert.match(raw, /We send you another one today\./);
  assert.deepEqual(page.errors, []);
});

test('a sending that is undone never leaves, and its text is back under the cursor', async () => {
  const page = await openInbox(browser, program, 'unassigned');
  await program.deliver({ from: 'Otto <otto@customer.example>', subject: 'Undo me', text: 'Hello.' });
  await row(page, /Undo me/).click();
  const before = program.sink.messages.length;
  await reply(page, 'Too early.');
  await page.getByText(/Sending in \d+ s/).waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await page.waitForFunction(() => document.activeElement.value === 'Too early.');
  assert.equal(program.sink.messages.length, before);
});

test('everything can be done by keyboard', async () => {
  const page = await openInbox(browser, program, 'unassigned');
  await program.deliver({ from: 'Kim <kim@customer.example>', subject: 'By keyboard', text: 'Only keys, please.' });
  await row(page, /By keyboard/).waitFor();
  await page.getByRole('listbox', { name: 'Conversations' }).focus();
  await page.keyboard.press('Home');
  await page.getByRole('article').first().waitFor();
  await page.keyboard.press('m');
  await page.getByText('It is yours.').waitFor();
  const focused = await page.evaluate(() => {
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true, cancelable: true }));
    return document.activeElement.tagName;
  });
  assert.equal(focused, 'TEXTAREA', 'the next letter would be taken for a key');
  await page.keyboard.type('Check the stock first.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('article').getByText('Check the stock first.').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText(/^Snoozed until/).waitFor();
  await page.waitForFunction(() => document.activeElement.id === 'thread'); // the menu has gone with its conversation
  await page.keyboard.press('Control+z');
  await page.getByText(/^Snoozed until/).waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await assertAccessible(page, 'shortcut sheet');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await assertAccessible(page, 'palette');
  await page.keyboard.type('Go to closed');
  await page
    .getByRole('option', { name: /^Go to closed/ })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/inbox/closed', { waitUntil: 'commit' });
});

test('the search finds a word of a message and shows it', async () => {
  const page = await openInbox(browser, program, 'all');
  await program.deliver({
    from: 'Ines <ines@customer.example>',
    subject: 'A word',
    text: 'The chrysanthemum lantern, please.',
  });
  await row(page, /A word/).waitFor();
  await page.goto(`${program.url}/search?q=chrysanthemum`);
  await page
    .locator('mark', { hasText: /chrysanthemum/i })
    .first()
    .waitFor();
  await assertAccessible(page, 'search');
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('article').getByText('The chrysanthemum lantern').waitFor();
  await visit(page, `${program.url}/search?q=saxifrage`, { within: true }); // as the button back does
  assert.equal(await page.getByRole('searchbox').inputValue(), 'saxifrage');
});

test('a search whose index is behind says so, and looks again by itself', async () => {
  const page = await openInbox(browser, program, 'all');
  const subject = 'A late word';
  await program.deliver({ from: 'Ines <ines@customer.example>', subject, text: 'The saxifrage lantern, please.' });
  await row(page, new RegExp(subject)).waitFor();
  let asked = 0;
  const behind = { items: [], total: 0, total_is_exact: true, complete: false, lag_messages: 1, next_cursor: null };
  await page.route(/\/api\/v1\/search\?/, (route) => {
    asked += 1;
    return asked === 1 ? route.fulfill({ json: behind }) : route.continue();
  });
  await page.goto(`${program.url}/search?q=saxifrage`);
  await page.locator('.search-said .warn-text').waitFor();
  await page
    .locator('mark', { hasText: /saxifrage/i })
    .first()
    .waitFor();
  assert.ok(asked >= 2);
});

test('a colleague sees who is in the conversation, and a second answer is stopped to read the first', async () => {
  const subject = 'Two agents at once';
  await program.deliver({ from: 'Lena <lena@customer.example>', subject, text: 'Who answers?' });
  const first = await openInbox(browser, program, 'all');
  await row(first, new RegExp(subject)).click();
  const second = await openPage(browser);
  await signIn(second, program, 'nora@demo.example');
  await second.goto(`${program.url}/inbox/all`);
  await row(second, new RegExp(subject)).click();
  await second
    .getByText(/Alex Demo is looking/)
    .first()
    .waitFor();
  const box = second.getByRole('textbox', { name: /^Reply to/ });
  await box.fill('I answer too.');
  await reply(first, 'I answer first.');
  await second.getByRole('article').getByText('I answer first.').waitFor();
  await box.press('Control+Enter');
  await second.getByRole('alert').getByText('Your text was not sent.').waitFor();
  assert.equal(await box.inputValue(), 'I answer too.');
  assert.equal(await first.getByText('I answer too.').count(), 0);
  await assertAccessible(second, 'collision');
  await picture(second, 'collision');
  await second.getByRole('button', { name: 'Send now' }).click();
  await first.getByRole('article').getByText('I answer too.').waitFor();
});
