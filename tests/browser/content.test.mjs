// Rules on what messages say: tried, warned of, reviewed; and the complaint of somebody who has no account.
import assert from 'node:assert/strict';
import { assertAccessible, openPage, picture, visit } from './browser.mjs';
import { reply, row, signIn, testsOfProgram } from './program.mjs';

const operator = 'op@host.example';
let browser;
let program;
const test = testsOfProgram({ operator }, (...both) => ([browser, program] = both));

// Waits until a mail that says so has left.
async function mailWith(words) {
  const { sink } = program;
  while (!sink.messages.some(({ raw }) => words.test(raw.toString()))) await sink.waitFor(sink.messages.length + 1);
}

test('a rule is tried before it is saved, and says what it finds', async () => {
  const page = await openPage(browser);
  await signIn(page, program);
  await visit(page, `${program.url}/settings/content-rules`);
  await page.getByRole('button', { name: 'New rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'New rule' });
  await dialog.getByLabel('Name', { exact: true }).fill('Games');
  await dialog.getByLabel('One per line').fill('lottery');
  assert.ok(await dialog.getByRole('button', { name: 'Save the rule' }).isDisabled());
  await dialog.getByLabel('An example').fill('You won the LOTTERY!');
  await dialog.getByRole('button', { name: 'Try', exact: true }).click();
  await dialog.getByText('Found: You won the LOTTERY!').waitFor();
  await assertAccessible(page, 'rule dialog');
  await picture(page, 'content-rule-dialog');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 360, height: 740 });
  await picture(page, 'content-rule-dialog-dark-narrow');
  await dialog.getByRole('button', { name: 'Save the rule' }).click();
  await page.getByRole('button', { name: 'Change the rule Games' }).waitFor();
  await picture(page, 'content-rules-dark-narrow');
  assert.deepEqual(page.errors, []);
});

test('an agent is warned of a card number, sends it all the same, and a supervisor reads and releases it', async () => {
  await program.deliver({ from: 'Mira <mira@customer.example>', subject: 'A refund', text: 'Which card was it?' });
  const agent = await openPage(browser);
  await signIn(agent, program, 'theo@demo.example');
  await visit(agent, `${program.url}/inbox/all`);
  await row(agent, /A refund/).click();
  await agent.getByRole('article').getByText('Which card was it?').hover();
  await reply(agent, 'It was 4111 1111 1111 1111.');
  await agent.getByText('The rule "Payment card numbers" asks you to look again: Visa •••• 1111').waitFor();
  await picture(agent, 'content-warning');
  await agent.getByRole('button', { name: 'Send all the same' }).click();
  await agent.getByText('Waits for a reviewer before it leaves.').waitFor();
  await agent.getByText('Rule “Payment card numbers” holds for review: Visa •••• 1111').waitFor();
  await picture(agent, 'content-held');

  const lead = await openPage(browser, { colorScheme: 'dark' });
  await signIn(lead, program, 'imani@demo.example');
  await visit(lead, `${program.url}/settings/reviews`);
  await lead.getByText('It was 4111 1111 1111 1111.').waitFor();
  await assertAccessible(lead, 'reviews');
  await picture(lead, 'reviews');
  await lead.getByRole('button', { name: 'Release' }).click();
  await lead.getByText('Nothing waits for a reviewer.').waitFor();
  await mailWith(/It was 4111 1111 1111 1111/);
  assert.deepEqual(lead.errors, []);
});

test('a third party complains without an account, and both sides read the decision', async () => {
  const page = await openPage(browser, { locale: 'fr-FR', colorScheme: 'dark', viewport: { width: 360, height: 740 } });
  await page.goto(`${program.url}/report`);
  await page.getByLabel('Votre adresse').fill('eve@rights.example');
  await page.getByLabel('De quoi il s’agit').fill('<1@shop.example>');
  await page.getByLabel('Pourquoi').fill('C’est ma photo.');
  await page.getByLabel('Ce que j’écris est exact').check();
  await assertAccessible(page, 'report form');
  await picture(page, 'report-dark-narrow');
  await page.getByRole('button', { name: 'Envoyer' }).click();
  await page.getByText('Nous avons reçu votre signalement.').waitFor();
  await mailWith(/Subject: Votre signalement 1\r/);

  const op = await openPage(browser);
  await signIn(op, program, operator);
  await visit(op, `${program.url}/oversight`);
  await op.getByText('C’est ma photo.').waitFor();
  await assertAccessible(op, 'oversight with a complaint');
  await op.getByRole('button', { name: 'Decide complaint 1' }).click();
  const dialog = op.getByRole('dialog', { name: 'Decide complaint 1' });
  await dialog.getByLabel('Reasons').fill('It is no photo.');
  await dialog.getByRole('button', { name: 'Decide', exact: true }).click();
  await op.getByText('No measure is taken. It is no photo.').waitFor();
  await picture(op, 'oversight', { fullPage: true });
  await mailWith(/It is no photo/);
  assert.deepEqual([...page.errors, ...op.errors], []);
});
