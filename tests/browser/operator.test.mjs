// The operator of an installation: sees its workspaces, adds one, and sees nothing of what is in them.
import assert from 'node:assert/strict';
import { assertAccessible, judgeLooks, openPage, picture, visit } from './browser.mjs';
import { fillSignIn, reply, row, signIn, testsOfProgram } from './program.mjs';

const operator = 'op@host.example';
const second = 'op2@host.example';
let browser;
let program;
const test = testsOfProgram({ operator: [operator, second] }, (...both) => ([browser, program] = both));

test('the operator adds a workspace, whose administrator signs in and chooses a password of the own', async () => {
  const page = await openPage(browser);
  const refused = [];
  page.on('response', (response) => response.status() === 403 && refused.push(response.url()));
  await signIn(page, program, operator);
  await page.getByRole('heading', { name: 'Workspaces' }).waitFor();
  await page.getByRole('listitem').getByText('4 people').waitFor();
  await page.getByRole('button', { name: 'Add a workspace' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a workspace' });
  await dialog.getByLabel('Name of the company').fill('Globex');
  await dialog.getByLabel('Name of its first').fill('Ada');
  await dialog.getByLabel('Email of its first').fill(program.account.email);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByText('Somebody uses this address already.').waitFor();
  await assertAccessible(page, 'workspace dialog');
  await picture(page, 'operator-dialog');
  await dialog.getByLabel('Email of its first').fill('ada@globex.example');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const shown = page.getByRole('dialog', { name: 'Password of ada@globex.example' });
  const password = await shown.getByRole('region').innerText();
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('listitem').getByText('Globex').waitFor();
  assert.deepEqual(refused, []);

  const ada = await openPage(browser);
  await fillSignIn(ada, { ...program, account: { ...program.account, password } }, 'ada@globex.example');
  await ada.getByRole('heading', { name: 'Choose your own password' }).waitFor();
  await assertAccessible(ada, 'choose password');
  await picture(ada, 'choose-password');
  await ada.emulateMedia({ colorScheme: 'dark' });
  await ada.setViewportSize({ width: 360, height: 740 });
  await assertAccessible(ada, 'choose password, dark and narrow');
  await picture(ada, 'choose-password-dark-narrow');
  await ada.getByLabel('Current password').fill(password);
  await ada.getByLabel('New password').fill('nine green 4 bottles');
  await ada.getByRole('button', { name: 'Change password' }).click();
  await ada.getByRole('navigation', { name: 'Main' }).waitFor();
  await ada.goto(`${program.url}/workspaces`);
  await ada.getByRole('heading', { name: 'There is no such page' }).waitFor();
  assert.equal(await ada.getByText('Globex').count(), 0);
});

test('a suspended workspace appeals and is reinstated by two operators, seen live by its administrator', async () => {
  const op = await openPage(browser);
  await signIn(op, program, operator);
  await op.getByRole('link', { name: 'Demo' }).click();
  await op.getByLabel('Date of the signature').fill('2026-01-05');
  await op.getByLabel('Who signed').fill('Ada Buyer');
  await op.getByLabel('Address of the security contact').fill('security@demo.example');
  await op.getByLabel('Storage in megabytes').fill('0');
  await op.getByLabel('Live connections at once').fill('100');
  await op.getByLabel('Terms that go before').fill('no_bulk ladder = 1 suspend sending');
  await op.getByRole('button', { name: 'Save the agreement' }).click();
  await op.getByText('The agreement is saved.').waitFor();

  const admin = await openPage(browser);
  await signIn(admin, program);
  await program.deliver({ from: 'Vera <vera@customer.example>', subject: 'Before the stop', text: 'Are you there?' });
  const nora = await openAgent();
  await op.getByRole('button', { name: 'Report a violation' }).click();
  const report = op.getByRole('dialog', { name: 'Report a violation' });
  await report.getByLabel('Clause').selectOption('No bulk mail');
  await report.getByLabel('Facts').fill('Sixty identical replies within an hour.');
  await report.getByRole('button', { name: 'Report', exact: true }).click();
  await op.getByText('Breach of the policy').waitFor();
  await assertAccessible(op, 'overseen workspace');
  await picture(op, 'oversight-workspace');

  await admin.getByText('Suspended: Sending (Breach of the policy).').waitFor();
  await picture(admin, 'suspended-banner');
  await nora.getByRole('note').getByText('Sixty identical replies within an hour.').waitFor();
  assert.equal(await nora.getByRole('textbox', { name: /^Reply to/ }).count(), 0);
  await assertAccessible(nora, 'suspended agent');
  await picture(nora, 'suspended-agent');
  await admin.getByRole('link', { name: 'Why, and what to do' }).click();
  await admin.getByText('Sixty identical replies within an hour.').first().waitFor();
  await admin.getByText('Rests on the agreement’s term on “No bulk mail”').waitFor();
  await admin.getByText('The storage of the agreement is full.').waitFor();
  await admin.getByText(/of storage used\. Live connections now: [1-9]/).waitFor();
  await assertAccessible(admin, 'suspended workspace');
  await picture(admin, 'suspended-administrator');
  await admin.getByRole('button', { name: /^Appeal against/ }).click();
  await admin.getByRole('dialog').getByRole('textbox').fill('One campaign, agreed with you.');
  await admin.getByRole('button', { name: 'Send the appeal' }).click();
  await admin.getByText('The appeal waits for a decision.').waitFor();

  const other = await openPage(browser);
  await signIn(other, program, second);
  await other.getByRole('link', { name: 'Acceptable use' }).click();
  await other.getByText('One campaign, agreed with you.').waitFor();
  await picture(other, 'oversight-queue');
  await other.getByRole('button', { name: 'Decide the appeal' }).click();
  const deciding = other.getByRole('dialog', { name: 'Decide the appeal' });
  await deciding.getByLabel('Outcome').selectOption('reversed');
  await deciding.getByLabel('Reasons').fill('It was agreed.');
  await deciding.getByRole('button', { name: 'Decide', exact: true }).click();
  await other.getByText('Another operator confirms it.').waitFor();
  await op.getByRole('link', { name: 'Acceptable use' }).click();
  await op.getByRole('button', { name: 'Confirm' }).click();
  await op.getByText('Nothing waits for a second operator.').waitFor();
  await reply(nora, 'Yes, again.');
  await program.sink.waitFor(1);
  const reasons = program.sink.letters.find(({ to }) => to[0] === 'security@demo.example');
  assert.match(reasons.raw.toString(), /Sixty identical replies within an hour/);

  await admin.getByText('Nothing is suspended.').waitFor();
  await admin.getByText('Reversed: the measure was wrong. It was agreed.').waitFor();
  assert.equal(await admin.getByText('Suspended: Sending').count(), 0);
  assert.deepEqual([...admin.errors, ...op.errors, ...other.errors, ...nora.errors], []);
});

// An agent who reads the customer's mail.
async function openAgent() {
  const page = await openPage(browser);
  await signIn(page, program, 'nora@demo.example');
  await page.goto(`${program.url}/inbox/all`);
  await row(page, /Before the stop/).click();
  await page.getByRole('textbox', { name: /^Reply to/ }).waitFor();
  return page;
}

test('everybody reads the policy, in the own language, and what changed', async () => {
  const page = await openPage(browser, { locale: 'fr-FR', colorScheme: 'dark', viewport: { width: 360, height: 740 } });
  await page.goto(`${program.url}/acceptable-use`);
  await page.getByRole('heading', { name: 'Contenus licites' }).waitFor();
  await assertAccessible(page, 'public policy');
  await picture(page, 'policy-public-dark-narrow');
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.ok(overflow <= 0, `the policy is ${overflow} px too wide`);
  assert.deepEqual(page.errors, []);
});

test('what was noticed or reported stands before the operator until somebody has looked at it', async () => {
  const agent = await openAgent();
  await agent
    .getByRole('button', { name: /^More for/ })
    .first()
    .click();
  await agent.getByRole('menuitem', { name: 'Report a violation…' }).click();
  await agent.getByLabel('What is wrong').fill('They sell what is stolen.');
  await assertAccessible(agent, 'report a message');
  await picture(agent, 'report-message');
  await agent.getByRole('dialog').getByRole('button', { name: 'Report' }).click();
  await agent.getByText('It was reported.').waitFor();
  const answers = await agent.evaluate(async () => {
    const seen = [];
    for (let i = 0; i < 20; i++) seen.push((await fetch('/api/v1/ledger')).status);
    return seen;
  });
  assert.deepEqual([answers[0], answers[19]], [403, 429]);
  const op = await openPage(browser);
  await signIn(op, program, operator);
  await visit(op, `${program.url}/oversight`);
  const line = op.getByRole('listitem').filter({ hasText: 'Trying what is not allowed' });
  await line.getByText(/\d+ times within .* By: Nora Lindqvist\./).waitFor();
  await op
    .getByText(
      /A message of a customer, of [\d-]+ [\d:]+ UTC, in the conversation no\. \d+\. Reported by Nora Lindqvist\./,
    )
    .waitFor();
  await line.getByText('Counts as a violation of “No attempts on restricted access”').waitFor();
  await assertAccessible(op, 'findings');
  await picture(op, 'findings');
  await line.getByRole('button', { name: 'Seen' }).click();
  await line.waitFor({ state: 'detached' });
  const report = op.getByRole('listitem').filter({ hasText: 'They sell what is stolen.' });
  await report.getByRole('button', { name: 'It is a violation' }).click();
  await op.getByLabel('Your reasons').fill('Shown by two witnesses.');
  await picture(op, 'finding-reasons');
  await op.getByRole('dialog').getByRole('button', { name: 'It is a violation' }).click();
  await report.waitFor({ state: 'detached' });
  await op.getByText('Everything that was noticed has been looked at.').waitFor();
  await op.getByRole('button', { name: 'Show all, with what was looked at' }).click();
  await report.waitFor();
  assert.doesNotMatch(await op.getByRole('main').innerText(), /[0-9a-f]{8}-[0-9a-f]{4}-/); // people have names
});

test("the operator's screens are accessible, fit, and ask for nothing that is refused", async () => {
  const page = await openPage(browser);
  await signIn(page, program, operator);
  for (const path of ['', 'oversight', 'inbox/all', 'settings', 'settings/sessions', 'settings/people']) {
    await visit(page, `${program.url}/${path}`);
    await judgeLooks(page, `operator-${path.replace(/\W+/g, '-')}`);
  }
  assert.equal(await page.getByRole('link', { name: 'People' }).count(), 0);
  assert.deepEqual(page.errors, []);
});
