// What an agent writes and what leaves: the quote below a reply, pictures in its text, the signature of a channel.
import assert from 'node:assert/strict';
import { assertAccessible, judgeLooks, looks, openPage, picture } from './browser.mjs';
import { openInbox, reply, row, sendSoon, signIn, testsOfProgram } from './program.mjs';

let browser;
let program;
const test = testsOfProgram({ env: { ANSWERABLE_MAIL_DNS_SERVERS: 'none' } }, (...both) => ([browser, program] = both));

const mira = 'Mira <mira@customer.example>';

async function openMail(subject, text, options) {
  await program.deliver({ from: mira, subject, text });
  const page = await openInbox(browser, program, 'all', options);
  await row(page, new RegExp(subject)).click();
  await page.getByRole('article').first().hover();
  return page;
}

async function sendAndRead(page, text) {
  const before = program.sink.messages.length;
  await sendSoon(page);
  await reply(page, text);
  await program.sink.waitFor(before + 1);
  return program.sink.messages.at(-1).raw.toString('utf8');
}

for (const [look, options] of Object.entries(looks)) {
  test(`a reply takes along what it answers, folded, unless one leaves it out: ${look}`, async () => {
    const page = await openMail(`Quote ${look}`, 'Where is my order?\r\nI have waited for a week.', options);
    const dots = page.getByRole('button', { name: 'Show what Mira wrote, which goes along' });
    await dots.focus();
    await page.keyboard.press('Enter');
    await page.locator('blockquote').getByText('I have waited for a week.').waitFor();
    await assertAccessible(page, `quote, ${look}`);
    await picture(page, `quote-${look}`);
    await page.keyboard.press('Enter');
    const quoted = await sendAndRead(page, 'It left today.');
    const below = /\r\nIt left today\.\r\n\r\nOn \d\d \w{3} \d{4}, Mira <mira@customer\.example> wrote:\r\n> Where/;
    assert.match(quoted, below);
    assert.match(quoted, /<blockquote type=/);
    await page.getByRole('button', { name: 'Leave it out of this reply' }).click();
    await page.getByRole('button', { name: 'Put what Mira wrote below the reply' }).waitFor();
    const alone = await sendAndRead(page, 'And one more thing.');
    assert.doesNotMatch(alone, /> Where|blockquote/);
    await dots.waitFor(); // the next one takes it along again
    assert.deepEqual(page.errors, []);
  });
}

// One red pixel.
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

const give = (page, event) =>
  page.getByRole('textbox', { name: /^Reply to/ }).evaluate(
    (box, { type, bytes }) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0));
      data.items.add(new File([content], 'image.png', { type: 'image/png' }));
      const options = { bubbles: true, cancelable: true };
      box.dispatchEvent(
        type === 'paste'
          ? new ClipboardEvent(type, { ...options, clipboardData: data })
          : new DragEvent(type, { ...options, dataTransfer: data }),
      );
    },
    { type: event, bytes: png },
  );

test("a picture that is pasted or dropped stands in the text, here and at the customer's", async () => {
  const page = await openMail('Picture', 'How does it look?');
  const box = page.getByRole('textbox', { name: /^Reply to/ });
  await box.fill('So: and so:');
  await box.press('Home');
  for (let i = 0; i < 3; ++i) await box.press('ArrowRight');
  await give(page, 'paste');
  await page.waitForFunction(() => document.querySelector('.composer-text').value === 'So: [image.png] and so:');
  await box.press('End');
  await give(page, 'drop');
  await page.waitForFunction(
    () => document.querySelector('.composer-text').value === 'So: [image.png] and so: [image-2.png]',
  );
  const files = page.getByRole('list', { name: 'Files' });
  await files.getByText('in the text').nth(1).waitFor();
  await judgeLooks(page, 'pictures-written');
  await files.getByRole('button', { name: 'Remove image-2.png' }).click();
  assert.equal(await box.inputValue(), 'So: [image.png] and so:');
  const before = program.sink.messages.length;
  await sendSoon(page);
  const shown = page.getByRole('article').last().locator('.message-text').getByRole('img', { name: 'image.png' });
  await box.press('Control+Enter');
  const ask = page.getByRole('button', { name: 'Send now' });
  await ask.or(shown).first().waitFor();
  if (await ask.isVisible()) await ask.click();
  await program.sink.waitFor(before + 1);
  const raw = program.sink.messages.at(-1).raw.toString('utf8');
  const id = /Content-ID: <([^>]+)>/.exec(raw)[1];
  assert.match(raw, /multipart\/related/);
  assert.match(raw, /\r\nSo: \[image\.png\] and so:\r\n/);
  const html = raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
  assert.ok(html.includes(`So: <img src="cid:${id}" alt="image.png"> and so:`), raw);
  await shown.waitFor();
  await page.waitForFunction((one) => one.naturalWidth === 1, await shown.elementHandle());
  await judgeLooks(page, 'pictures-sent');
  assert.deepEqual(page.errors, []);
});

test('an attached picture is put into the text by its button', async () => {
  const page = await openMail('By button', 'How does it look?');
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach files' }).click(),
  ]);
  await chooser.setFiles({ name: 'knob.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') });
  await page.getByRole('button', { name: 'Put knob.png into the text' }).click();
  const box = page.getByRole('textbox', { name: /^Reply to/ });
  await page.waitForFunction(() => document.querySelector('.composer-text').value === '[knob.png]');
  assert.equal(await box.inputValue(), '[knob.png]');
  assert.deepEqual(page.errors, []);
});

test('a channel that signs shows what to publish and what the DNS says, and signs', async () => {
  const page = await openPage(browser);
  await signIn(page, program);
  await page.goto(`${program.url}/settings/channels`);
  await page.getByRole('button', { name: 'Edit Support mail' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Sign mail that leaves').selectOption('ed25519');
  await dialog.getByLabel('Selector').fill('spring');
  await dialog.getByLabel('Private key').scrollIntoViewIfNeeded();
  await judgeLooks(page, 'signing-dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('spring._domainkey.demo.example').waitFor();
  await page.getByText('v=DKIM1; k=ed25519; p=').waitFor();
  await page.getByText('no answer now. Ask again later.').waitFor(); // this test has no DNS
  await page.getByText('v=DKIM1').scrollIntoViewIfNeeded();
  await judgeLooks(page, 'signing');
  const inbox = await openMail('Signed', 'Are you you?');
  const raw = await sendAndRead(inbox, 'We are.');
  assert.match(raw, /^DKIM-Signature: v=1; a=ed25519-sha256;.*\r\n d=demo\.example;\r\n s=spring;/);
  assert.deepEqual([...page.errors, ...inbox.errors], []);
});
