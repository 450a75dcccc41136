// Who may do and see what in a workspace, and who read what; the demo's people are its people.
import assert from 'node:assert/strict';
import { assertAccessible, looks, openPage, picture, visit } from './browser.mjs';
import { signIn, testsOfProgram } from './program.mjs';

let browser;
let program;
const test = testsOfProgram({}, (...both) => ([browser, program] = both));

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
  await ada.getByRole('button', { name: 'More for Théo Marchand' }).click();
  await assertAccessible(ada, 'what can be done about a person');
  await picture(ada, 'person-menu');
  await ada.getByRole('menuitem', { name: 'What may they do?' }).click();
  const reach = ada.getByRole('dialog', { name: 'What may Théo Marchand do?' });
  await reach.getByText('Reply to customers').waitFor();
  await reach.getByText('Sees only conversations').waitFor();
  assert.doesNotMatch(await reach.innerText(), /^[a-z_]+:[a-z_]+/m); // each permission in words
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
