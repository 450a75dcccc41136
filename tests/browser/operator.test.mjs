// The operator of an installation: sees its workspaces, adds one, and sees nothing of what is in them.
import assert from 'node:assert/strict';
import { assertAccessible, looks, openPage, picture, visit } from './browser.mjs';
import { fillSignIn, signIn, testsOfProgram } from './program.mjs';

const operator = 'op@host.example';
let browser;
let program;
const test = testsOfProgram({ operator }, (...both) => ([browser, program] = both));

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

for (const [look, options] of Object.entries(looks)) {
  test(`the operator's screens are accessible, fit, and ask for nothing that is refused: ${look}`, async () => {
    const page = await openPage(browser, options);
    await signIn(page, program, operator);
    for (const path of ['', 'inbox/all', 'settings', 'settings/sessions', 'settings/people']) {
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
