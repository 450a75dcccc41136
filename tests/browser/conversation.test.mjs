// One conversation in the whole program: its head, its menus, copies of a reply, and what happens without a connection
// or after the session has ended.
import assert from 'node:assert/strict';
import { assertAccessible, judgeLooks, looks, openPage, picture } from './browser.mjs';
import { isReceived, openInbox, reply, row, sendSoon, testsOfProgram } from './program.mjs';

let browser;
let program;
const test = testsOfProgram({}, (...both) => ([browser, program] = both));

const mira = 'Mira <mira@customer.example>';

// A new mail, opened; `mail` is its Message-ID. `options` are the browser's.
async function openMail(subject, { headers, options } = {}) {
  const mail = await program.deliver({ from: mira, subject, text: 'Where is my order?', headers });
  const page = await openInbox(browser, program, 'all', options);
  page.mail = mail;
  await row(page, new RegExp(subject)).click();
  await page.getByRole('article').getByText('Where is my order?').hover(); // under the pointer the list holds still
  return page;
}

test('who got a mail is shown, and a reply goes in copy to whom one wants', async () => {
  const page = await openMail('Copies', { headers: 'Cc: Ben <ben@customer.example>\r\n' });
  const article = page.getByRole('article').first();
  await article.getByText('to support@demo.example and 1 more').click();
  await article.getByText('ben@customer.example').waitFor();
  const who = page.getByRole('button', { name: 'Change who gets it' });
  assert.match(await who.textContent(), /^To mira@customer\.example, Cc ben@customer\.example/);
  await who.click();
  await page.keyboard.type('ann,');
  await page.getByText('This is not a mail address: ann').waitFor();
  await judgeLooks(page, 'copies');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('ann@customer.example,');
  const before = program.sink.messages.length;
  await sendSoon(page);
  await reply(page, 'It left today.');
  await program.sink.waitFor(before + 1);
  const sent = program.sink.messages.at(-1);
  assert.deepEqual(sent.to.toSorted(), ['ann@customer.example', 'ben@customer.example', 'mira@customer.example']);
  assert.match(sent.raw.toString('utf8'), /^Cc: ben@customer\.example,\s+ann@customer\.example/m);
  await page.getByRole('article').last().getByText('and 2 more').waitFor();
  assert.deepEqual(page.errors, []);
});

for (const [look, options] of Object.entries(looks)) {
  test(`a conversation is renamed in its head, and Escape leaves it as it was: ${look}`, async () => {
    const page = await openMail(`Old name ${look}`, { options });
    await page.getByRole('button', { name: `Old name ${look}` }).click();
    const box = page.getByRole('textbox', { name: 'Rename the subject' });
    await assertAccessible(page, `renaming, ${look}`);
    await picture(page, `rename-${look}`);
    await box.fill('Never mind');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: `Old name ${look}` }).waitFor();
    await page.getByRole('button', { name: `Old name ${look}` }).click();
    await box.fill(`New name ${look}`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `New name ${look}` }).waitFor();
    await page.getByText('Renamed.').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: `New name ${look}` }).waitFor();
    assert.deepEqual(page.errors, []);
  });

  test(`tags are added and taken off, and the menus of a conversation do what they say: ${look}`, async () => {
    const page = await openMail(`Menus ${look}`, { options });
    await page.getByRole('button', { name: 'Tags' }).click();
    const dialog = page.getByRole('dialog', { name: 'Tags' });
    for (const tag of ['urgent', 'lamp']) {
      await dialog.getByLabel('Tag', { exact: true }).fill(tag);
      await page.keyboard.press('Enter');
      await dialog.getByRole('button', { name: `Remove the tag ${tag}` }).waitFor();
    }
    await assertAccessible(page, `tags, ${look}`);
    await picture(page, `tags-${look}`);
    await dialog.getByRole('button', { name: 'Remove the tag urgent' }).click();
    await dialog.getByRole('button', { name: 'Remove the tag urgent' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Assign' }).click();
    await page.getByRole('menuitem', { name: 'Nora' }).waitFor();
    await assertAccessible(page, `assign menu, ${look}`);
    await picture(page, `menu-assign-${look}`);
    await page.getByRole('menuitem', { name: 'Nora' }).click();
    await page.getByText('Handed to Nora').waitFor();
    await page.getByRole('button', { name: 'Snooze' }).click();
    await page.getByRole('menuitem', { name: 'Tomorrow morning' }).waitFor();
    await assertAccessible(page, `snooze menu, ${look}`);
    await picture(page, `menu-snooze-${look}`);
    await page.getByRole('menuitem', { name: 'Tomorrow morning' }).click();
    await page.getByText('Snoozed until').first().waitFor();
    await page.goto(`${program.url}/inbox/snoozed`);
    await row(page, new RegExp(`Menus ${look}`)).click();
    await page.getByRole('button', { name: 'Tags' }).click();
    await dialog.getByRole('button', { name: 'Remove the tag lamp' }).waitFor();
    assert.deepEqual(page.errors, []);
  });
}

test('without a connection one writes on, and when it is back what happened meanwhile is there', async () => {
  const page = await openMail('Tunnel');
  const before = program.sink.messages.length;
  await page.context().setOffline(true);
  await page.getByText('No connection. You can read and write.').waitFor();
  await page.getByRole('textbox', { name: /^Reply to/ }).fill('Written in a tunnel.');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Waits for the connection.').waitFor();
  await assertAccessible(page, 'offline');
  await picture(page, 'offline');
  await program.deliver({ from: 'Otto <otto@customer.example>', subject: 'Meanwhile', text: 'You were away.' });
  assert.equal(await row(page, /Meanwhile/).count(), 0);
  await page.context().setOffline(false);
  await row(page, /Meanwhile/).waitFor();
  await page.getByText('No connection. You can read and write.').waitFor({ state: 'detached' });
  await page.getByText('Waits for the connection.').waitFor({ state: 'detached' });
  await program.sink.waitFor(before + 1);
  assert.match(program.sink.messages.at(-1).raw.toString('utf8'), /Written in a tunnel\./);
  assert.equal(await page.getByRole('article').getByText('Written in a tunnel.').count(), 1);
});

test('what came while the line was down is in the open thread, and is read before a reply leaves', async () => {
  const page = await openMail('Dead zone');
  const before = program.sink.messages.length;
  await page.context().setOffline(true);
  await page.getByText('No connection. You can read and write.').waitFor();
  await page.getByRole('textbox', { name: /^Reply to/ }).fill('It left on Monday.');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Waits for the connection.').waitFor();
  const headers = `In-Reply-To: ${page.mail}\r\n`;
  await program.deliver({ from: mira, subject: 'Re: Dead zone', text: 'It has just come.', headers });
  await isReceived(page, program, 'Dead zone', 2); // else the reply leaves before it, and rightly
  await page.context().setOffline(false);
  await page.getByRole('article').getByText('It has just come.').waitFor();
  await page.getByRole('alert').getByText('Your text was not sent.').waitFor();
  assert.equal(await page.getByRole('textbox', { name: /^Reply to/ }).inputValue(), 'It left on Monday.');
  assert.equal(program.sink.messages.length, before);
  assert.equal(await page.getByRole('article').count(), 2);
});

test('of several recipients it is said who does not get the mail, and why', async () => {
  const page = await openMail('Two readers', { headers: 'Cc: Ben <ben@customer.example>\r\n' });
  program.sink.behaviour = (step) =>
    step === 'rcpt' && program.sink.commands.at(-1).includes('<ben@')
      ? { code: 550, text: '5.1.1 unknown' }
      : undefined;
  const before = program.sink.messages.length;
  await sendSoon(page);
  await reply(page, 'It left today.');
  await program.sink.waitFor(before + 1);
  program.sink.behaviour = undefined;
  const answer = page.getByRole('article').last();
  await answer.getByText('Not delivered to ben@customer.example: 550 5.1.1 unknown').waitFor();
  await answer.getByText('Sent', { exact: true }).waitFor();
  await assertAccessible(page, 'who does not get it');
  await picture(page, 'one-not-delivered');
  assert.deepEqual(program.sink.messages.at(-1).to, ['mira@customer.example']);
  assert.deepEqual(page.errors, []);
});

// What has the focus, as a screen reader would name it: waits until `name` matches, for menus move it a moment later.
async function waitForFocus(page, name) {
  await page.waitForFunction((wanted) => {
    const element = document.activeElement;
    const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText;
    return new RegExp(wanted).test(label ?? element.innerText.split('\n')[0]);
  }, name.source);
}

async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

test('the tags are worked by keyboard alone', async () => {
  const page = await openMail('Tags by key');
  await page.locator('#thread').focus();
  await press(page, 'l');
  const dialog = page.getByRole('dialog', { name: 'Tags' });
  await dialog.waitFor();
  await waitForFocus(page, /^Tag$/);
  for (const tag of ['glass', 'fragile']) {
    await page.keyboard.type(tag);
    await press(page, 'Enter');
    await dialog.getByRole('button', { name: `Remove the tag ${tag}` }).waitFor();
  }
  await press(page, 'Shift+Tab');
  await waitForFocus(page, /^Remove the tag glass$/); // the last of them, in the order of the alphabet
  await press(page, 'Enter');
  await dialog.getByRole('button', { name: 'Remove the tag glass' }).waitFor({ state: 'detached' });
  assert.equal(await dialog.getByRole('button', { name: /^Remove the tag/ }).count(), 1);
  assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement)), 'the focus left the dialog');
  await press(page, 'Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'thread');
  assert.deepEqual(page.errors, []);
});

test('the menu to snooze is worked by keyboard alone', async () => {
  const first_time = /^(Later today|Tomorrow morning)$/; // the first is not offered late in the day
  const page = await openMail('Snooze by key');
  await page.locator('#thread').focus();
  await press(page, 's');
  await page.getByRole('menu').waitFor();
  await press(page, 'Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await waitForFocus(page, /^Snooze$/);
  await press(page, 's');
  await waitForFocus(page, first_time);
  await press(page, 'End');
  await waitForFocus(page, /^Choose a time…$/);
  await press(page, 'Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await waitForFocus(page, /^Date and time$/);
  await assertAccessible(page, 'snooze until a time of one’s own');
  await picture(page, 'snooze-own');
  await press(page, 'Escape');
  await dialog.waitFor({ state: 'detached' });
  await press(page, 's');
  await waitForFocus(page, first_time);
  await page.keyboard.type('tom'); // the first letters go to the item that begins so
  await waitForFocus(page, /^Tomorrow morning$/);
  await press(page, 'Enter');
  await page.getByText('Snoozed until').first().waitFor();
  await press(page, 'g', 'z');
  await row(page, /Snooze by key/).waitFor();
  assert.deepEqual(page.errors, []);
});

test('a server that goes away and comes back is found again, and what it took meanwhile appears', async () => {
  const page = await openMail('Restart');
  await program.restart(() => page.getByText('No connection. You can read and write.').waitFor());
  await program.deliver({ from: 'Otto <otto@customer.example>', subject: 'After the restart', text: 'Still there?' });
  await row(page, /After the restart/).waitFor();
  await page.getByText('No connection. You can read and write.').waitFor({ state: 'detached' });
});

test('when the session has ended one signs in over the page, and what was typed is still there', async () => {
  const page = await openMail('Expired');
  await page.getByRole('textbox', { name: /^Reply to/ }).fill('Half a sentence');
  await page.context().clearCookies();
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  // The draft that is saved may meet the end of the session first: then the dialog is in the way of the click.
  await page
    .getByRole('button', { name: 'Close', exact: true })
    .click({ timeout: 2_000 })
    .catch(() => {});
  await dialog.waitFor();
  await assertAccessible(page, 'session expired');
  await picture(page, 'session-expired');
  await dialog.getByRole('textbox').fill(program.account.password);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await row(page, /Expired/).click();
  await page.waitForFunction(() => document.querySelector('.composer textarea')?.value === 'Half a sentence');
});

test('a new message is written in a dialog and leaves', async () => {
  const page = await openInbox(browser, program, 'all');
  await page.getByRole('button', { name: 'New message' }).click();
  const dialog = page.getByRole('dialog', { name: 'New message' });
  await dialog.waitFor();
  await page.keyboard.type('ines@customer.example'); // whom to write to comes first
  assert.equal(await dialog.getByLabel('To', { exact: true }).inputValue(), 'ines@customer.example');
  await dialog.getByLabel('Subject').fill('Your lantern');
  await dialog.getByLabel('Message').fill('It is ready.');
  const choosing = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'Attach' }).click();
  const file = (name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`This is ${name}.`) });
  await (await choosing).setFiles([file('care.txt'), file('wrong.txt')]);
  await dialog.getByRole('button', { name: 'Remove wrong.txt' }).click();
  await dialog.getByText('care.txt').waitFor();
  await assertAccessible(page, 'compose dialog');
  await picture(page, 'compose');
  await page.keyboard.press('Escape'); // by mistake
  await page.getByText('Your message is kept').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'New message' }).click();
  assert.equal(await dialog.getByLabel('Message').inputValue(), 'It is ready.');
  await dialog.getByText('care.txt').waitFor();
  const before = program.sink.messages.length;
  await dialog.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('heading', { name: 'Your lantern' }).waitFor();
  await program.sink.waitFor(before + 1);
  const sent = program.sink.messages.at(-1);
  assert.deepEqual(sent.to, ['ines@customer.example']);
  const raw = sent.raw.toString('utf8');
  assert.ok(raw.includes('care.txt') && !raw.includes('wrong.txt'), raw);
  await page
    .getByRole('article')
    .getByRole('link', { name: /care\.txt/ })
    .waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.getByRole('article').getByText('It is ready.').isVisible());
  assert.equal(await page.locator('.rail, .list-pane, .composer').filter({ visible: true }).count(), 0);
});

async function speak(page, language) {
  const changed = await page.evaluate(async (body) => {
    const headers = { 'Content-Type': 'application/json', 'X-Requested-With': 'answerable' };
    return (await fetch('/api/v1/me', { method: 'PATCH', headers, body })).status;
  }, JSON.stringify({ language }));
  assert.equal(changed, 200);
  await page.reload();
  await page.locator(`html[lang=${language}]`).waitFor();
}

test('a visitor who gave no name is called the same on every screen, in the words of the reader', async () => {
  const visitor = await openPage(browser);
  await visitor.goto(`${program.url}/demo/chat`);
  await visitor.locator('.launcher').click();
  await visitor.getByRole('textbox').fill('Is a nameless lantern in stock?');
  await visitor.getByRole('textbox').press('Enter');
  const page = await openInbox(browser, program, 'all');
  await row(page, /nameless lantern/).click();
  const name = await page.getByRole('complementary').getByRole('heading', { level: 2 }).innerText();
  assert.match(name, /^Visitor [0-9A-F]{4}$/);
  await row(page, new RegExp(name)).waitFor();
  await page.getByRole('article', { name: new RegExp(name) }).waitFor();
  await page.getByRole('textbox', { name: `Reply to ${name}` }).fill('Yes.');
  await page.getByText(`To ${name} · Chat on our shop`).waitFor();
  await picture(page, 'visitor');
  await page.getByRole('link', { name: 'Open contact' }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
  await assertAccessible(page, 'contact of a visitor');
  await picture(page, 'visitor-contact');
  await page.goto(`${program.url}/search?q=${encodeURIComponent(name)}`);
  await page.getByRole('button', { name: 'Search the contacts' }).click();
  await page.getByRole('list', { name: 'Contacts' }).getByRole('button', { name }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
  assert.equal(await page.getByRole('list', { name: 'Contacts' }).getByRole('listitem').count(), 1);
  assert.doesNotMatch(await page.locator('body').innerText(), /[0-9a-f]{8}-[0-9a-f]{4}-/);
  await speak(page, 'fr');
  await page.getByRole('heading', { name: name.replace('Visitor', 'Visiteur'), level: 1 }).waitFor();
  await speak(page, 'en');
  assert.deepEqual(page.errors, []);
});

test('while a conversation loads one writes, and what is written waits and says why', async () => {
  const page = await openMail('Slow line');
  await sendSoon(page);
  await page.goto(`${program.url}/inbox/all`);
  await row(page, /Slow line/).waitFor();
  let answer;
  const asked = new Promise((tell) => {
    void page.route(/\/api\/v1\/conversations\/[^/?]+$/, async (route) => {
      tell();
      await new Promise((go) => (answer = go));
      await route.continue();
    });
  });
  await row(page, /Slow line/).click();
  await asked;
  const send = page.getByRole('button', { name: 'Send', exact: true });
  await page.getByRole('textbox', { name: /^Reply to/ }).fill('Before it has loaded.');
  assert.equal(await send.getAttribute('aria-disabled'), 'true');
  await page.keyboard.press('Control+Enter');
  await page.getByText('The conversation is still loading. You can already write.').first().waitFor();
  await assertAccessible(page, 'a conversation that loads');
  await picture(page, 'conversation-loads');
  assert.equal(await page.getByRole('textbox', { name: /^Reply to/ }).inputValue(), 'Before it has loaded.');
  answer();
  await page.getByRole('article').first().waitFor();
  assert.equal(await send.getAttribute('aria-disabled'), 'false');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('article').last().getByText('Sent', { exact: true }).waitFor();
  assert.ok(program.sink.messages.some(({ raw }) => raw.includes('Before it has loaded.')));
});

test('the last letter goes along when it and the key that sends come in the same frame', async () => {
  const page = await openMail('Fast fingers');
  await sendSoon(page);
  const box = page.getByRole('textbox', { name: /^Reply to/ });
  await box.fill('It leaves toda');
  await box.evaluate((area) => {
    const write = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
    write.call(area, `${area.value}y`);
    area.dispatchEvent(new InputEvent('input', { bubbles: true, data: 'y', inputType: 'insertText' }));
    area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }));
  });
  await page.getByRole('article').last().getByText('Sent', { exact: true }).waitFor();
  assert.ok(program.sink.messages.some(({ raw }) => raw.includes('It leaves today')));
  assert.equal(await box.inputValue(), '');
});

test('a screen that cannot be shown says so and leaves the rest, and another one is a new try', async () => {
  const page = await openMail('Bent');
  await page.route(/\/api\/v1\/contacts\?/, (route) => route.fulfill({ json: { items: [null], total: 1 } }));
  await page.getByRole('link', { name: 'Contacts' }).first().click();
  await page.getByRole('alert').getByText('This page could not be shown.').waitFor();
  await page.getByRole('button', { name: 'Load again' }).waitFor();
  await assertAccessible(page, 'a screen that cannot be shown');
  await picture(page, 'screen-broken');
  await page
    .getByRole('link', { name: /^Inbox/ })
    .first()
    .click();
  await page.getByText('Choose a conversation.').waitFor();
});
