// Quoted text is folded, never hidden for good: the screen says how much, one key shows it, and an agent's word that a
// sender's mail is to be shown whole holds for that sender, for everybody.
import assert from 'node:assert/strict';
import { assertAccessible, picture } from './browser.mjs';
import { openInbox, row, testsOfProgram } from './program.mjs';

let browser;
let program;
const test = testsOfProgram({}, (...both) => ([browser, program] = both));

const deliver = (subject, from = 'Ines <ines@customer.example>') =>
  program.deliver({
    from,
    subject,
    text:
      'The blue one, please.\r\n\r\nOn Mon, 2 Nov 2026 at 10:00, Support <support@demo.example> wrote:\r\n' +
      '> Which one would you like?\r\n> We have a blue and a red one.\r\n',
  });

async function open(subject) {
  const page = await openInbox(browser, program, 'all');
  await row(page, new RegExp(subject)).click();
  await page.getByText('The blue one, please.').last().waitFor();
  return page;
}

const quote = (page) => page.getByRole('article').getByText('We have a blue and a red one.');
const fold = (page) => page.getByRole('button', { name: 'Show 3 quoted lines' });

test('quoted text is folded, with its size, and one key shows and folds it', async () => {
  await deliver('One key');
  const page = await open('One key');
  await fold(page).waitFor();
  assert.equal(await quote(page).count(), 0);
  await page.keyboard.press('q');
  await quote(page).waitFor();
  await page.keyboard.press('q');
  await fold(page).click();
  await quote(page).waitFor();
  await page.getByRole('button', { name: 'Hide the quoted text' }).click();
  await fold(page).waitFor();
  assert.deepEqual(page.errors, []);
});

test('that all of a sender is shown is remembered for that sender, and everybody sees it at once', async () => {
  await deliver('Whole sender');
  await deliver('Another sender', 'Jo <jo@customer.example>');
  const page = await open('Whole sender');
  const colleague = await open('Whole sender');
  await fold(page).click();
  await picture(page, 'folding-offer');
  await page.getByRole('button', { name: 'Always show all from this sender' }).click();
  await page.getByText('From now on everything that Ines writes is shown.').waitFor();
  await page.getByRole('button', { name: 'Fold this sender’s quoted text again' }).waitFor();
  await assertAccessible(page, 'folding');
  await picture(page, 'folding-remembered');
  await quote(colleague).waitFor();
  const later = await open('Whole sender');
  await quote(later).waitFor();
  // What the conversation says is enough: nothing is drawn folded until the contact has come.
  const waits = await openInbox(browser, program, 'all');
  await waits.route('**/api/v1/contacts/*', () => {});
  await row(waits, /Whole sender/).click();
  await quote(waits).waitFor();
  await row(later, /Another sender/).click();
  await fold(later).waitFor();
  await later.keyboard.press('?');
  await later.getByRole('dialog').getByText('Always show, or fold again').waitFor();
  await later.keyboard.press('Escape');
  await page.keyboard.press('w');
  await fold(page).waitFor();
  await fold(colleague).waitFor();
  assert.deepEqual([...page.errors, ...colleague.errors, ...later.errors], []);
});
