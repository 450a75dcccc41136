// A mailbox whose provider has to be asked: how it is set up, what every screen says while it waits, and how it is
// connected, in the whole program with a provider and a mail server that are real.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before } from 'node:test';
import { Dovecot } from '../lib/dovecot.mjs';
import { TokenServer } from '../lib/token_server.mjs';
import { judge, judgeLooks, openPage, visit } from './browser.mjs';
import { signIn, testsOfProgram } from './program.mjs';

const port = execFileSync('node', ['tests/lib/free_port.mjs']).toString().trim();
const env = {
  ANSWERABLE_MAIL_PRIVATE_SERVERS: 'true',
  ANSWERABLE_SERVER_LISTEN: `127.0.0.1:${port}`,
  ANSWERABLE_SERVER_PUBLIC_URL: `http://localhost:${port}`, // the browser comes back to it
};
let browser, program, provider, dovecot;
before(async () => {
  provider = await TokenServer.start();
  dovecot = await Dovecot.start({ ANSWERABLE_TEST_TOKEN_PORT: provider.port });
});
after(async () => {
  await dovecot.stop();
  await provider.stop();
});
const test = testsOfProgram({ env }, (...both) => ([browser, program] = both));

async function openSettings() {
  const page = await openPage(browser);
  await signIn(page, program);
  await page.goto(`${program.url}/settings/channels`);
  await page.getByRole('main').waitFor();
  return page;
}

test('a mailbox at a provider is set up in the dialog, and waits to be connected', async () => {
  const page = await openSettings();
  await page.getByRole('button', { name: 'Add mail' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add mail' });
  await dialog.getByLabel('Name', { exact: true }).fill('Box');
  await dialog.getByLabel('Mail address', { exact: true }).fill('box@demo.example');
  await dialog.getByLabel('Sign in to the mail servers').selectOption({ label: 'With Google (OAuth)' });
  const imap = dialog.getByRole('group', { name: 'Fetch by IMAP' });
  assert.equal(await imap.getByLabel('Host').inputValue(), 'imap.gmail.com');
  assert.equal(await imap.getByLabel('Password').count(), 0);
  await judge(page, 'reauthorisation dialog-google');
  await dialog.getByLabel('Sign in to the mail servers').selectOption({ label: 'With another provider (OAuth)' });
  await dialog.getByText(`${program.url}/oauth/callback`).waitFor();
  await dialog.getByLabel('Client ID').fill(provider.client.id);
  await dialog.getByLabel('Client secret').fill(provider.client.secret);
  await dialog.getByLabel('Authorisation address').fill(`${provider.url}/authorise`);
  await dialog.getByLabel('Token address').fill('http://provider.example/token');
  await imap.getByLabel('Host').fill('127.0.0.1');
  await imap.getByLabel('Port').fill(String(dovecot.port));
  await imap.getByLabel('Encryption').selectOption('none');
  await imap.getByLabel('User').fill('zoe');
  await judge(page, 'reauthorisation dialog-other');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Token address').fill(`${provider.url}/token`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('region', { name: 'Box', exact: true }).getByText('Needs re-authorisation').waitFor();
});

test('every screen of an administrator says that a channel waits', async () => {
  const page = await openSettings();
  await page.getByText('“Box” needs re-authorisation').waitFor();
  const box = page.getByRole('region', { name: 'Box', exact: true });
  await box.getByText('The mailbox has not been checked yet: nothing is known about it.').waitFor();
  await judgeLooks(page, 'reauthorisation channels');
  await page.goto(`${program.url}/inbox/all`);
  await page.getByText('“Box” needs re-authorisation').waitFor();
  await page.getByRole('listbox', { name: 'Conversations' }).waitFor();
  await judgeLooks(page, 'reauthorisation inbox');
  assert.deepEqual(page.errors, []);
});

test('who is no administrator is not told, and in French the words are French', async () => {
  const page = await openPage(browser);
  await signIn(page, program, 'nora@demo.example');
  await visit(page, `${program.url}/inbox/all`);
  assert.equal(await page.getByText('needs re-authorisation').count(), 0);
  const french = await openSettings();
  const change = (language) =>
    french.evaluate(
      (words) =>
        fetch('/api/v1/me', {
          method: 'PATCH',
          headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'answerable' },
          body: JSON.stringify({ language: words }),
        }).then(({ status }) => status),
      language,
    );
  assert.equal(await change('fr'), 200);
  await french.reload();
  await french.getByText('est à autoriser de nouveau').waitFor();
  await french.getByRole('button', { name: 'Modifier Box' }).click();
  await french.getByRole('dialog').waitFor();
  await judge(french, 'reauthorisation dialog-french');
  assert.equal(await change('en'), 200);
});

test('one key on the banner leads to the provider: who refuses is told so, who agrees is connected', async () => {
  const page = await openSettings();
  await page.getByRole('button', { name: 'Connect again: Box' }).press('Enter');
  await page.getByRole('link', { name: 'Deny' }).click();
  await page.getByRole('heading', { name: 'The channel is not connected.' }).waitFor();
  await page.getByText('access_denied').waitFor();
  await judge(page, 'reauthorisation refused');
  await page.getByRole('button', { name: 'To the channels' }).click();
  await page.getByRole('button', { name: 'Connect with the provider: Box' }).press('Enter');
  await page.getByRole('link', { name: 'Allow' }).click();
  await page.getByText('“Box” is connected.').waitFor();
  await page.getByRole('region', { name: 'Box', exact: true }).getByText('Active', { exact: true }).waitFor();
  await page.getByText('“Box” needs re-authorisation').waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).search, '');
  await judge(page, 'reauthorisation connected');
  assert.deepEqual(page.errors, []);
  // What the provider takes back is said at once, on a page that is open.
  provider.revoke('zoe');
  await page.getByRole('button', { name: 'Test Box' }).click();
  await page.getByText('“Box” needs re-authorisation').waitFor();
});
