// The operator of an installation: sees its workspaces, adds one, and sees nothing of what is in them.
import assert from 'node:assert/strict';
import { assertAccessible, looks, openPage, picture, visit } from './browser.mjs';
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
  await report.getByLabel('Clause').fill('no_bulk');
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
  await admin.getByText('Rests on the agreement’s term on no_bulk').waitFor();
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
  const [reasons] = program.sink.messages;
  assert.deepEqual(reasons.to, ['security@demo.example']);
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

test('what was noticed stands before the operator until somebody has looked at it', async () => {
  const agent = await openPage(browser);
  await signIn(agent, program, 'nora@demo.example');
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
  await line.getByText('times within').waitFor();
  await line.getByText('Counts as a violation of no_intrusion').waitFor();
  await assertAccessible(op, 'findings');
  await picture(op, 'findings');
  await line.getByRole('button', { name: 'Seen' }).click();
  await line.waitFor({ state: 'detached' });
});

for (const [look, options] of Object.entries(looks)) {
  test(`the operator's screens are accessible, fit, and ask for nothing that is refused: ${look}`, async () => {
    const page = await openPage(browser, options);
    await signIn(page, program, operator);
    for (const path of ['', 'oversight', 'inbox/all', 'settings', 'settings/sessions', 'settings/people']) {
      await visit(page, `${program.url}/${path}`);
      await assertAccessible(page, `operator ${look} ${path}`);
      await picture(page, `operator-${look}-${path.replace(/\W+/g, '-')}`);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.ok(overflow <= 0, `operator ${look} ${path} is ${overflow} px too wide`);
    }
    assert.equal(await page.getByRole('link', { name: 'People' }).count(), 0);
    assert.deepEqual(page.errors, []);
  });
}

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
  await dialog.getByLabel('One a line').fill('lottery');
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
  await op.screenshot({ path: new URL('../../build/screens/oversight.png', import.meta.url).pathname, fullPage: true });
  await mailWith(/It is no photo/);
  assert.deepEqual([...page.errors, ...op.errors], []);
});

// The rest is about who may do and see what in a workspace; the demo's people are its people.
async function settingsOf(page, section) {
  await visit(page, `${program.url}/settings/${section}`);
}

test('a role is composed and given, and the person sees only what is theirs, without addresses', async () => {
  const ada = await openPage(browser);
  await signIn(ada, program);
  await settingsOf(ada, 'roles');
  await ada.getByText('No role of your own yet.').waitFor();
  await ada.getByRole('button', { name: 'Compose a role' }).click();
  const dialog = ada.getByRole('dialog', { name: 'Compose a role' });
  await dialog.getByLabel('Name of the role').fill('Night shift');
  await dialog.getByLabel('Begin with').selectOption('agent');
  assert.ok(await dialog.getByLabel('Reply to customers').isChecked());
  assert.ok(!(await dialog.getByLabel('Read the ledger').isChecked()));
  await dialog.getByLabel('Sees only conversations').check();
  await dialog.getByLabel('Addresses and notes').check();
  await assertAccessible(ada, 'role editor');
  await picture(ada, 'role-editor');
  await ada.setViewportSize({ width: 360, height: 740 });
  await ada.emulateMedia({ colorScheme: 'dark' });
  await picture(ada, 'role-editor-dark-narrow');
  await dialog.getByRole('button', { name: 'Save the role' }).click();
  await ada.getByText('Night shift').waitFor();
  await assertAccessible(ada, 'roles');
  await picture(ada, 'roles-dark-narrow');
  await settingsOf(ada, 'people');
  await ada.getByLabel('Role of Théo Marchand').selectOption('Night shift');
  await ada.getByRole('button', { name: 'What may they do? Théo Marchand' }).click();
  const reach = ada.getByRole('dialog', { name: 'What may Théo Marchand do?' });
  await reach.getByText('Reply to customers').waitFor();
  await reach.getByText('Sees only conversations').waitFor();
  await assertAccessible(ada, 'what may');
  await picture(ada, 'what-may');
  await reach.getByRole('button', { name: 'Close' }).click();

  await program.deliver({ from: 'Rosa Field <rosa@customer.example>', subject: 'For the night', text: 'Anybody up?' });
  const theo = await openPage(browser);
  await signIn(theo, program, 'theo@demo.example');
  await visit(theo, `${program.url}/inbox/all`);
  assert.equal(await theo.getByRole('option', { name: /For the night/ }).count(), 0);
  const night = await conversationOf(ada, 'For the night');
  const person = await ada.evaluate(async () => {
    const people = await (await fetch('/api/v1/users')).json();
    return people.items.find((one) => one.email === 'theo@demo.example').id;
  });
  await assign(ada, night, person);
  await theo.getByRole('option', { name: /For the night/ }).click();
  await theo.getByRole('article').getByText('Anybody up?').waitFor();
  await theo.getByText('hidden').first().waitFor();
  assert.equal(await theo.getByText('rosa@customer.example').count(), 0);
  await assertAccessible(theo, 'confined inbox');
  await picture(theo, 'confined-inbox');
  await assign(ada, night, null);
  await theo.getByText('This conversation does not exist').waitFor();
  assert.equal(await theo.getByRole('option', { name: /For the night/ }).count(), 0);
  assert.deepEqual([...ada.errors, ...theo.errors], []);
});

// The id of the conversation of a mail, once it has become one.
async function conversationOf(page, subject) {
  const end = Date.now() + 45_000;
  while (true) {
    const id = await page.evaluate(async (subject) => {
      const list = await (await fetch('/api/v1/conversations?limit=100')).json();
      return list.items.find((one) => one.subject === subject)?.id;
    }, subject);
    if (id) return id;
    assert.ok(Date.now() < end, `${subject} does not arrive`);
  }
}

const assign = (page, conversation, assignee) =>
  page.evaluate(
    async ([id, assignee]) => {
      const answer = await fetch(`/api/v1/conversations/${id}`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'answerable' },
        body: JSON.stringify({ assignee }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    [conversation, assignee],
  );

test('who opens what a colleague has says why, and it stands in the log of who read what', async () => {
  const ada = await openPage(browser);
  await signIn(ada, program);
  await settingsOf(ada, 'read-log');
  await ada.getByRole('switch', { name: 'When a colleague has the conversation' }).check();
  await ada.getByRole('button', { name: 'Save' }).click();
  await ada.getByText('The rules are saved.').waitFor();
  await program.deliver({ from: 'Ivo <ivo@customer.example>', subject: 'Of a colleague', text: 'Private words' });
  const id = await conversationOf(ada, 'Of a colleague');
  const own = await ada.evaluate(async () => (await (await fetch('/api/v1/session')).json()).user.id);
  await assign(ada, id, own);
  const nora = await openPage(browser, looks['dark-narrow']);
  await signIn(nora, program, 'nora@demo.example');
  await nora.goto(`${program.url}/inbox/all/${id}`);
  await nora.getByRole('heading', { name: 'Why do you open this?' }).waitFor();
  assert.equal(await nora.getByText('Private words').count(), 0);
  await assertAccessible(nora, 'reason');
  await picture(nora, 'reason-dark-narrow');
  await nora.getByLabel('Your reason').fill('Ada is ill');
  await nora.keyboard.press('Enter');
  await nora.getByRole('article').getByText('Private words').waitFor();
  await ada.getByRole('switch', { name: 'When a colleague has the conversation' }).uncheck();
  await ada.getByRole('button', { name: 'Save' }).click();
  const line = ada.getByRole('row', { name: /Ada is ill/ });
  for (let end = Date.now() + 20_000; (await line.count()) === 0;) {
    assert.ok(Date.now() < end, 'the reading does not come into the log');
    await settingsOf(ada, 'read-log');
  }
  await ada.getByRole('button', { name: 'Verify' }).click();
  await ada.getByText(/all digests match/).waitFor();
  await assertAccessible(ada, 'read log');
  await picture(ada, 'read-log');
});
