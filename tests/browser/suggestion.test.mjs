// What may belong to another conversation, in the whole program: an agent joins it or keeps it apart with one key, and
// each mail says why it stands where it stands.
import assert from 'node:assert/strict';
import { assertAccessible, picture } from './browser.mjs';
import { openInbox, row, testsOfProgram } from './program.mjs';

let browser;
let program;
const test = testsOfProgram({}, (...both) => ([browser, program] = both));

const mira = 'Mira <mira@customer.example>';
const rosa = 'Rosa <rosa@other.example>';

// Mira's mail, and one of Rosa that refers to it; Rosa's is open.
async function openSuggestion(name) {
  const id = await program.deliver({ from: mira, subject: `Order ${name}`, text: 'Where is my order?' });
  const headers = `In-Reply-To: ${id}\r\n`;
  await program.deliver({ from: rosa, subject: `Parcel ${name}`, text: 'It is for me.', headers });
  const page = await openInbox(browser, program, 'all');
  await row(page, new RegExp(`Parcel ${name}`)).click();
  await page.getByText(`This may belong to “Order ${name}”`).waitFor();
  return page;
}

test('one key joins what is suggested, and the mail says who did so', async () => {
  const page = await openSuggestion('one');
  await page.getByText('It refers to a message there. But the sender is not part of that conversation.').waitFor();
  await assertAccessible(page, 'a suggested join');
  await picture(page, 'suggested-join');
  await page.keyboard.press('y');
  await page.getByRole('heading', { name: 'Order one' }).waitFor();
  await page.getByRole('article').getByText('Where is my order?').waitFor();
  const joined = page.getByRole('article').filter({ hasText: 'It is for me.' });
  await joined.getByText('to support@demo.example').click();
  await joined.getByText('It was “Parcel one”').waitFor();
  await joined.getByText('The sender is proven.').waitFor();
  await page.getByText('To rosa@other.example').waitFor(); // who wrote last is answered, and is shown
  await assertAccessible(page, 'why a mail stands here');
  await page.getByText('This may belong to').waitFor({ state: 'detached' });
  assert.equal(await row(page, /Parcel one/).count(), 0);
  assert.deepEqual(page.errors, []);
});

test('another key keeps it apart, and who looks at a conversation that a colleague joins is taken along', async () => {
  const page = await openSuggestion('two');
  await page.keyboard.press('x');
  await page.getByText('This may belong to').waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Parcel two' }).waitFor();
  const mine = await openSuggestion('three');
  const theirs = await openInbox(browser, program, 'all');
  await row(theirs, /Parcel three/).click();
  await theirs.getByText('This may belong to').waitFor();
  await mine.getByRole('button', { name: 'Join to what is suggested' }).click();
  await theirs.getByRole('heading', { name: 'Order three' }).waitFor();
  assert.deepEqual([...page.errors, ...theirs.errors], []);
});
