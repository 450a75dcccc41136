// Whom mail goes to, in the whole program: copies kept and chosen, blind copies, forwarding to a third party and back,
// and how one message is folded.
import assert from 'node:assert/strict';
import { assertAccessible, looks, picture } from './browser.mjs';
import { openInbox, reply, row, sendSoon, testsOfProgram } from './program.mjs';

let browser;
let program;
const test = testsOfProgram({}, (...both) => ([browser, program] = both));

const mira = 'Mira <mira@customer.example>';

async function open(subject, options) {
  const page = await openInbox(browser, program, 'all', options);
  await sendSoon(page);
  await row(page, new RegExp(subject)).click();
  await page.getByRole('article').first().waitFor();
  return page;
}

const who = (page) => page.getByRole('button', { name: 'Change who gets it' });
const field = (page, name) => page.getByRole('combobox', { name, exact: true });
const chip = (page, address) => page.getByRole('button', { name: `Take out ${address}` });

// What leaves for this address; looked at once over all looks, for a mail waits in case it is taken back.
async function sent(look, address, work) {
  let at = program.sink.messages.length;
  await work();
  if (look !== 'light') return null;
  for (; ; at++) {
    await program.sink.waitFor(at + 1);
    const mail = program.sink.messages[at];
    if (mail.to.includes(address)) return { to: mail.to.toSorted(), raw: mail.raw.toString('utf8') };
  }
}

for (const [look, options] of Object.entries(looks)) {
  test(`who was in copy stays so, or not, and a blind copy is seen by colleagues only: ${look}`, async () => {
    const headers = 'Cc: Ben <ben@customer.example>, support@demo.example\r\n';
    await program.deliver({ from: mira, subject: `Talk ${look}`, text: 'Where is it?', headers });
    const page = await open(`Talk ${look}`, options);
    await page.getByText('To mira@customer.example, Cc ben@customer.example').waitFor();
    const first = await sent(look, 'mira@customer.example', () => reply(page, 'To all.'));
    if (first) assert.deepEqual(first.to, ['ben@customer.example', 'mira@customer.example']);
    await page.getByRole('button', { name: 'Only Mira' }).click();
    await page.getByText('To mira@customer.example · ').waitFor();
    const second = await sent(look, 'mira@customer.example', () => reply(page, 'Only you.'));
    if (second) assert.deepEqual(second.to, ['mira@customer.example']);
    await page.getByRole('button', { name: 'Only Mira', pressed: true }).waitFor(); // all can be chosen again
    await who(page).click();
    await field(page, 'Bcc').focus();
    await page.keyboard.type('boss@inside.example; second@inside.example,');
    await chip(page, 'second@inside.example').waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.type('support@demo.example ');
    await page.getByText('support@demo.example is one of your own addresses').first().waitFor();
    await assertAccessible(page, `recipient fields, ${look}`);
    await picture(page, `recipients-${look}`);
    await chip(page, 'support@demo.example').click();
    const third = await sent(look, 'mira@customer.example', () => reply(page, 'And you.'));
    if (third) assert.deepEqual(third.to, ['boss@inside.example', 'mira@customer.example']);
    if (third) assert.ok(!third.raw.includes('inside.example'), third.raw);
    const last = page.getByRole('article').last();
    await last.getByText('to mira@customer.example and 1 more').click();
    await last.getByText('boss@inside.example').waitFor();
    await assertAccessible(page, `blind copies on record, ${look}`);
    await picture(page, `blind-copies-${look}`);
    assert.deepEqual(page.errors, []);
  });

  test(`a mail goes on to a third party, and its answer stays between us and it: ${look}`, async () => {
    const maker = `maker-${look}@parts.example`;
    const quoted = 'It does not light.\r\n\r\nOn Mon, 2 Nov 2026 at 10:00, Support wrote:\r\n> What is it?\r\n';
    await program.deliver({ from: mira, subject: `Lamp ${look}`, text: quoted });
    const page = await open(`Lamp ${look}`, options);
    await page.getByRole('article').first().getByText('It does not light.').click();
    await page.keyboard.press('f');
    const dialog = page.getByRole('dialog', { name: 'Forward to somebody else' });
    await dialog.waitFor();
    await page.keyboard.type(maker);
    await dialog.getByLabel('Your words').fill('Can you help?');
    await dialog.getByRole('switch', { name: 'With the conversation' }).check();
    await assertAccessible(page, `forward dialog, ${look}`);
    await picture(page, `forward-${look}`);
    const passed = await sent('light', maker, () => dialog.getByRole('button', { name: 'Forward' }).click());
    assert.deepEqual(passed.to, [maker]);
    assert.match(passed.raw, /^Subject: Fwd: Lamp/m);
    await page.getByText(`Forwarded to ${maker}`).waitFor();
    const id = /^Message-ID: (<[^>]+>)/im.exec(passed.raw)[1];
    const from = `Maker <${maker}>`;
    await program.deliver({
      from,
      subject: `Re: Fwd: Lamp ${look}`,
      text: 'A new bulb.',
      headers: `In-Reply-To: ${id}\r\n`,
    });
    const answer = page.getByRole('article').filter({ hasText: 'A new bulb.' });
    await answer.getByText('Third party: the customer does not see this').waitFor();
    await page.getByText('To mira@customer.example · ').waitFor(); // a plain reply goes past it
    await assertAccessible(page, `a third party's answer, ${look}`);
    await picture(page, `third-party-${look}`);
    await answer.getByRole('button', { name: 'More for the message of Maker' }).click();
    await page.getByRole('menuitem', { name: 'Answer Maker' }).click();
    await page.getByText(`Goes to ${maker}, not to the customer.`).waitFor();
    await assertAccessible(page, `an answer to a third party, ${look}`);
    await picture(page, `to-third-party-${look}`);
    const back = await sent(look, maker, () => reply(page, 'Which bulb?'));
    if (back) assert.deepEqual(back.to, [maker]);
    await page.getByText('To mira@customer.example · ').waitFor();
    const plain = await sent(look, 'mira@customer.example', () => reply(page, 'We send a bulb.'));
    if (plain) assert.deepEqual(plain.to, ['mira@customer.example']);
    if (plain) assert.ok(!plain.raw.includes('parts.example'), plain.raw);
    assert.deepEqual(page.errors, []);
  });
}

test('a formatted mail goes on as it was formatted, with its picture in it', async () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
  const part = (type, more, content) => `--r\r\nContent-Type: ${type}\r\n${more}\r\n${content}\r\n`;
  await program.deliver({
    from: mira,
    subject: 'Crack',
    type: 'multipart/related; boundary=r',
    text:
      part('text/html', '', '<p>It has a <b>crack</b>: <img src="cid:crack@x" alt="the crack"></p>') +
      part('image/png; name=crack.png', 'Content-ID: <crack@x>\r\nContent-Transfer-Encoding: base64\r\n', pixel) +
      '--r--\r\n',
  });
  const page = await open('Crack');
  await page.getByRole('article').first().getByText('It has a crack').click();
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: 'Forward to somebody else' });
  await dialog.waitFor();
  await page.keyboard.type('glazier@parts.example');
  await dialog.getByRole('button', { name: 'Forward' }).click();
  const forward = page.getByRole('article').filter({ hasText: 'Forwarded to glazier@parts.example' });
  await forward.getByRole('img', { name: 'crack.png' }).waitFor();
  await forward.getByRole('button', { name: 'As it was formatted' }).click();
  const shown = forward.frameLocator('iframe').getByRole('img', { name: 'the crack' });
  await shown.waitFor();
  assert.equal(await shown.evaluate((image) => image.naturalWidth), 1);
  assert.deepEqual(page.errors, []);
});

test('contacts are offered while one types, and are chosen by keyboard', async () => {
  await program.deliver({ from: 'Zora Zeller <zora@known.example>', subject: 'Known', text: 'Hello.' });
  await program.deliver({ from: mira, subject: 'Suggest', text: 'Where is it?' });
  const page = await open('Suggest');
  await who(page).click();
  await page.keyboard.type('zel');
  await page.getByRole('option', { name: /Zora Zeller/ }).waitFor();
  await assertAccessible(page, 'contacts offered');
  await picture(page, 'contacts-offered');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await chip(page, 'zora@known.example').waitFor();
  assert.deepEqual(page.errors, []);
});

test('what of one message is shown is corrected for everybody, and taken back', async () => {
  const text = 'The blue one.\r\n\r\nSee below\r\nWhich one would you like?\r\nBlue or red?\r\n';
  await program.deliver({ from: mira, subject: 'Correct me', text });
  const page = await open('Correct me');
  const colleague = await open('Correct me');
  await page.getByRole('button', { name: 'More for the message of Mira' }).click();
  await page.getByRole('menuitem', { name: 'Fold from a line' }).click();
  await assertAccessible(page, 'choosing where to fold');
  await picture(page, 'fold-from');
  await page.getByRole('button', { name: 'Fold from here: See below' }).click();
  await page.getByText('The message is folded from that line on, for everybody.').waitFor();
  await colleague.getByRole('button', { name: 'Show 3 quoted lines' }).waitFor();
  assert.equal(await colleague.getByRole('article').getByText('Blue or red?').count(), 0);
  await page.getByRole('button', { name: 'More for the message of Mira' }).click();
  await page.getByRole('menuitem', { name: 'Show all of this message' }).click();
  await colleague.getByRole('article').getByText('Blue or red?').waitFor();
  // The event can be there before the answer: until then the last "Undo" is that of the fold before.
  await page.getByText('All of this message is shown, for everybody.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await colleague.getByRole('button', { name: 'Show 3 quoted lines' }).waitFor();
  await page.getByRole('button', { name: 'More for the message of Mira' }).click();
  await page.getByRole('menuitem', { name: 'Fold as recognised' }).click();
  await colleague.getByRole('article').getByText('Blue or red?').waitFor();
  assert.deepEqual([...page.errors, ...colleague.errors], []);
});
