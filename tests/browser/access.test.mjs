// How people come in, and where they are: passkeys of a virtual authenticator, a real OpenID provider, sessions and
// devices, in the whole program.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { IdentityProvider } from '../api/identity_provider.mjs';
import { assertAccessible, judgeLooks, openPage, picture, visit } from './browser.mjs';
import { fillSignIn, signInAnew, testsOfProgram } from './program.mjs';

let browser;
let program;
let provider;
const env = { ANSWERABLE_SERVER_PRIVATE_IDENTITY_PROVIDERS: 'true' };
const test = testsOfProgram({ env }, (...both) => ([browser, program] = both));

after(() => provider?.stop());

// A passkey provider in the browser itself, that agrees at once.
async function addAuthenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const agree = (isUserVerified) => devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  // Somebody touches it at once, or nobody ever does. The sign-in page offers passkeys by itself: who touches is in.
  const touch = (enabled) => devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  return { agree, touch };
}

async function addPasskey(page, name) {
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
  await dialog.getByLabel('Name of the passkey').fill(name);
  return dialog;
}

const signOut = async (page) => {
  await visit(page, `${program.url}/settings/sessions`); // or the list is still asked for when there is no session
  await page.getByRole('button', { name: 'Sign out (', exact: false }).click();
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
};

test('a passkey is added, signs in without a password, and is removed', async () => {
  const page = await openPage(browser);
  const { touch } = await addAuthenticator(page);
  await signInAnew(page, program, 'nora@demo.example');
  await visit(page, `${program.url}/settings/profile`);
  const dialog = await addPasskey(page, 'Work laptop');
  await judgeLooks(page, 'passkey-new');
  await dialog.getByRole('button', { name: 'Go on' }).press('Enter');
  await page.getByRole('dialog', { name: 'Recovery codes' }).getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('listitem').getByText('Work laptop').scrollIntoViewIfNeeded();
  await judgeLooks(page, 'passkeys');

  await touch(false);
  await signOut(page);
  const button = page.getByRole('button', { name: 'Use a passkey' });
  await button.waitFor();
  await judgeLooks(page, 'sign-in-passkey');
  await touch(true);
  await button.press('Enter');
  await page.getByRole('navigation', { name: 'Main' }).waitFor();

  await page.goto(`${program.url}/settings/profile`);
  await page.getByRole('button', { name: 'Remove Work laptop' }).click();
  await page.getByRole('button', { name: 'Remove Work laptop' }).waitFor({ state: 'detached' });
  assert.deepEqual(page.errors, []);
});

test('a passkey shows again who it is, and the act that asked for it goes on by itself', async () => {
  const page = await openPage(browser);
  const { agree } = await addAuthenticator(page);
  await signInAnew(page, program);
  await page.goto(`${program.url}/settings/profile`);
  const dialog = await addPasskey(page, 'Desk');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('dialog', { name: 'Recovery codes' }).getByRole('button', { name: 'I have kept them' }).click();
  await visit(page, `${program.url}/settings/api-keys`);
  // As if signing in were six minutes ago: the first try is refused, all else is real.
  let refusals = 1;
  await page.route(/\/api\/v1\/api-keys$/, (route) => {
    if (route.request().method() !== 'POST' || refusals-- <= 0) return route.continue();
    const body = { status: 403, code: 'step_up_required', title: 'Denied', detail: 'Show again that it is you.' };
    return route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(body) });
  });
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByRole('dialog', { name: 'Make a key' }).getByLabel('Name').fill('Robot');
  await page.getByRole('button', { name: 'Make', exact: true }).press('Enter');
  const question = page.getByRole('dialog', { name: 'Is it still you?' });
  const use = question.getByRole('button', { name: 'Use a passkey' });
  await use.waitFor();
  await assertAccessible(page, 'step-up by passkey');
  await picture(page, 'step-up-passkey');
  await agree(false); // an authenticator that did not look who it is
  await use.click();
  await question.getByText('No passkey was used.').waitFor();
  await agree(true);
  await use.press('Enter');
  await page.getByRole('dialog', { name: 'New key' }).waitFor();
  await page.goto(`${program.url}/settings/profile`);
  await page.getByRole('button', { name: 'Remove Desk' }).click();
  await page.getByRole('button', { name: 'Remove Desk' }).waitFor({ state: 'detached' });
});

test('the sign-in page offers a passkey by itself: who touches it is in, without a button and an address', async () => {
  const page = await openPage(browser);
  const { touch } = await addAuthenticator(page);
  await signInAnew(page, program, 'nora@demo.example');
  await page.goto(`${program.url}/settings/profile`);
  const dialog = await addPasskey(page, 'Ring');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('dialog', { name: 'Recovery codes' }).getByRole('button', { name: 'I have kept them' }).click();
  await touch(false);
  await signOut(page);
  const field = page.getByRole('textbox', { name: 'Email' });
  assert.equal(await field.getAttribute('autocomplete'), 'username webauthn');
  await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
  const confirmed = page.waitForRequest((one) => one.method() === 'POST' && /session\/passkey$/.test(one.url()));
  await touch(true);
  await page.goto(program.url); // a new page, and its offer is answered at once
  assert.equal((await confirmed).method(), 'POST');
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.goto(`${program.url}/settings/profile`);
  await page.getByRole('button', { name: 'Remove Ring' }).click();
  await page.getByRole('button', { name: 'Remove Ring' }).waitFor({ state: 'detached' });
});

test('neither a password alone lets in who has a passkey, nor a passkey that did not check', async () => {
  const page = await openPage(browser);
  const { agree, touch } = await addAuthenticator(page);
  await signInAnew(page, program, 'nora@demo.example');
  await page.goto(`${program.url}/settings/profile`);
  const dialog = await addPasskey(page, 'Phone');
  await dialog.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('dialog', { name: 'Recovery codes' }).getByRole('button', { name: 'I have kept them' }).click();
  await touch(false);
  await signOut(page);
  await agree(false);
  await touch(true);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByText('No passkey was used.').waitFor();
  await fillSignIn(page, program, 'nora@demo.example');
  await page.getByLabel('Code of your app').waitFor();
  await agree(true);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.goto(`${program.url}/settings/profile`);
  await page.getByRole('button', { name: 'Remove Phone' }).click();
  await page.getByRole('button', { name: 'Remove Phone' }).waitFor({ state: 'detached' });
});

test('signing out leaves nothing written in the browser, and asks where it is nowhere else', async () => {
  const page = await openPage(browser);
  const kept = () =>
    page.evaluate(() => Object.keys(localStorage).filter((name) => /^answerable\.(draft|outgoing)\./.test(name)));
  await signInAnew(page, program, 'nora@demo.example');
  await page.goto(`${program.url}/inbox/all`);
  await page.getByRole('option').first().click();
  await page.getByRole('article').first().waitFor();
  await page.getByRole('textbox', { name: /^Reply to/ }).fill('Not sent yet');
  await page.context().setOffline(true);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('article').getByText('Not sent yet').waitFor();
  await page.waitForFunction(() => Object.keys(localStorage).some((name) => /^answerable\.outgoing\./.test(name)));
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.ok(!stored.includes('Not sent yet'), 'what is kept cannot be read');
  // Back, but not for messages: what waits goes on waiting.
  await page.route(/\/messages$/, (route) => route.abort());
  await page.context().setOffline(false);
  await page.goto(`${program.url}/settings/sessions`);
  const signOutHere = page.getByRole('button', { name: 'Sign out (', exact: false });
  await signOutHere.click();
  const dialog = page.getByRole('dialog', { name: 'Sign out anyway?' });
  await dialog.getByText('1 message is not sent yet.').waitFor();
  await judgeLooks(page, 'sign-out-question');
  await dialog.getByRole('button', { name: 'Stay signed in' }).click();
  assert.notDeepEqual(await kept(), []);
  await signOutHere.click();
  await dialog.getByRole('button', { name: 'Delete and sign out' }).press('Enter');
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  assert.deepEqual(await kept(), []);
});

test('devices are listed and forgotten, by oneself and by an administrator', async () => {
  const nora = await openPage(browser);
  await signInAnew(nora, program, 'nora@demo.example');
  await visit(nora, `${program.url}/settings/sessions`);
  await judgeLooks(nora, 'sessions');
  const page = await openPage(browser);
  await signInAnew(page, program);
  await visit(page, `${program.url}/settings/people`);
  await page.getByRole('button', { name: 'More for Nora' }).click();
  await page.getByRole('menuitem', { name: 'Signed in' }).click();
  const dialog = page.getByRole('dialog', { name: 'Where Nora' });
  await dialog
    .getByRole('button', { name: /^Forget/ })
    .first()
    .waitFor();
  await judgeLooks(page, 'signed-in');
  await dialog.getByRole('button', { name: 'End all, forget all devices' }).press('Enter');
  await nora.getByRole('dialog', { name: 'Sign in again' }).waitFor(); // within a second, by itself
  assert.deepEqual(page.errors, []);
});

test('single sign-on is set up by an administrator and lets a person in', async () => {
  provider = await IdentityProvider.start({ redirect: `${program.url}/sso/callback` });
  const page = await openPage(browser);
  await signInAnew(page, program);
  await visit(page, `${program.url}/settings/people`);
  const form = page.getByRole('region', { name: 'Single sign-on' });
  await form.getByText(provider.redirect).waitFor();
  await form.getByLabel('Issuer').fill(provider.issuer);
  await form.getByLabel('Client id').fill(provider.clients.RS256);
  await form.getByLabel('Client secret').fill(provider.secret);
  await form.getByLabel('Domains of your addresses').fill('demo.example');
  await form.getByRole('switch', { name: 'Offer it' }).press('Space');
  await form.scrollIntoViewIfNeeded();
  await judgeLooks(page, 'single-sign-on');
  await form.getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByText('Single sign-on is saved.').waitFor();
  await page.getByRole('region', { name: 'Your company' }).scrollIntoViewIfNeeded();
  await judgeLooks(page, 'directory');

  provider.person = { sub: 'sub-of-nora', email: 'nora@demo.example', email_verified: true };
  const nora = await openPage(browser);
  await nora.goto(program.url);
  await nora.getByRole('textbox', { name: 'Email' }).fill('nora@demo.example');
  await nora.getByRole('button', { name: 'Single sign-on' }).press('Enter');
  await nora.getByRole('navigation', { name: 'Main' }).waitFor();
  assert.deepEqual([...page.errors, ...nora.errors], []);
});
