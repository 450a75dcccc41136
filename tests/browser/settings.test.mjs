// What an administrator sets up, in the whole program, and how it looks before anything is there.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { assertAccessible, judgeLooks, looks, openPage, picture, visit } from './browser.mjs';
import { draft, openInbox, reply, row, signIn, testsOfProgram } from './program.mjs';

let browser;
let program;
let mias_recovery_code;
const test = testsOfProgram({ empty: true }, (...both) => ([browser, program] = both));

// The link of a mail about an account; long lines of its text are folded.
const linkIn = ({ raw }) =>
  /href="([^"]*\/account\/[^"]*)"/.exec(raw.toString().replace(/=\r\n/g, '').replace(/=3D/g, '='))[1];

async function openSettings(section, options) {
  const page = await openPage(browser, options);
  await signIn(page, program);
  await page.goto(`${program.url}/settings/${section}`);
  return page;
}

// In this order: the workspace is empty at first.
test('an empty workspace says what comes next, on every screen', async () => {
  const page = await openPage(browser);
  await signIn(page, program);
  for (const path of ['inbox/all', 'inbox/mine', 'contacts', 'settings/channels', 'settings/deliveries', 'welcome']) {
    await visit(page, `${program.url}/${path}`);
    await judgeLooks(page, `empty-${path.replace(/\W+/g, '-')}`);
  }
  await page.goto(`${program.url}/inbox/all`);
  await page.getByText('No conversation yet.').waitFor();
  await page.getByRole('button', { name: 'Set it up in a few steps' }).click();
  await page.getByRole('heading', { name: /Ada/ }).waitFor();
  assert.deepEqual(page.errors, []);
});

test('a mail channel that is added takes mail, and a mistake in it is said at its field', async () => {
  const page = await openSettings('channels');
  await page.getByRole('button', { name: 'Add mail' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add mail' });
  await dialog.getByLabel('Name', { exact: true }).fill('Support');
  await dialog.getByLabel('Mail address', { exact: true }).fill('support@demo.example');
  await dialog.getByLabel('Addresses by LMTP').fill('no address');
  await assertAccessible(page, 'channel dialog');
  await picture(page, 'channel-dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Addresses by LMTP').fill('support@demo.example');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('region', { name: 'Support', exact: true }).waitFor();
  await page.goto(`${program.url}/inbox/unassigned`);
  await page.getByText('write to support@demo.example from another mailbox').waitFor();
  await program.deliver({ from: 'Mira <mira@customer.example>', subject: 'First mail', text: 'Is anybody there?' });
  await row(page, /First mail/).waitFor();
  await page.goto(`${program.url}/settings/ledger`);
  await page
    .getByRole('row', { name: /Message received/ })
    .getByRole('link', { name: /^message/ })
    .click();
  await page.getByRole('article').getByText('Is anybody there?').waitFor();
});

test('whose checks of senders are believed is set for a channel, and stays when another field is changed', async () => {
  const page = await openSettings('channels');
  const edit = async () => {
    await page.getByRole('button', { name: 'Edit Support' }).click();
    return page.getByRole('dialog').getByRole('group', { name: 'Who has checked the sender' });
  };
  const save = async () => {
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  let group = await edit();
  await group.getByLabel('Server that receives your mail').fill('no server');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await group.getByLabel('Server that receives your mail').fill('MX.demo.example');
  await group.getByLabel('Forwarders that you trust').fill('lists.example\nforward.example');
  await assertAccessible(page, 'channel dialog, trusted servers');
  await picture(page, 'channel-dialog-trusted');
  await save();
  await edit();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Support');
  await save();
  group = await edit();
  assert.equal(await group.getByLabel('Server that receives your mail').inputValue(), 'mx.demo.example');
  assert.equal(await group.getByLabel('Forwarders that you trust').inputValue(), 'lists.example\nforward.example');
});

test('a mail channel fetches by POP3 when that is chosen, and may have stored mail deleted there', async () => {
  for (const [look, options] of Object.entries(looks)) {
    const page = await openSettings('channels', options);
    await page.getByRole('button', { name: 'Add mail' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add mail' });
    await dialog.getByLabel('Folders').waitFor(); // IMAP
    await dialog.getByLabel('Fetch mail by').selectOption('POP3');
    const server = dialog.getByRole('group', { name: 'Fetch by POP3' });
    assert.equal(await server.getByLabel('Port').inputValue(), '995');
    assert.equal(await dialog.getByLabel('Folders').count(), 0);
    const providers = dialog.getByLabel('Sign in to the mail servers');
    await providers.selectOption('google'); // its servers are filled in; POP3 stays chosen
    assert.match(await server.getByLabel('Host').inputValue(), /^pop\./);
    await assertAccessible(page, `POP3 dialog of a provider ${look}`);
    await picture(page, `channel-dialog-pop3-provider-${look}`);
    await providers.selectOption('');
    await server.getByLabel('When a mail is stored').selectOption('Delete it');
    await server.scrollIntoViewIfNeeded();
    await assertAccessible(page, `POP3 dialog ${look}`);
    await picture(page, `channel-dialog-pop3-${look}`);
    if (look === 'light') {
      await dialog.getByLabel('Name', { exact: true }).fill('Old box');
      await dialog.getByLabel('Mail address', { exact: true }).fill('old@demo.example');
      await server.getByLabel('Host').fill('pop.example.org');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('region', { name: 'Old box', exact: true }).waitFor();
      await page.getByRole('button', { name: 'Edit Old box' }).click();
      const again = page.getByRole('dialog', { name: 'Edit Old box' });
      assert.equal(await again.getByLabel('Fetch mail by').inputValue(), 'pop3');
      assert.equal(await again.getByLabel('When a mail is stored').inputValue(), 'delete');
      await again.getByLabel('Sign in to the mail servers').selectOption('microsoft');
      assert.equal(await again.getByLabel('Fetch mail by').inputValue(), 'pop3'); // a provider changes the server only
      const filled = again.getByRole('group', { name: 'Fetch by POP3' }).getByLabel('Host');
      assert.equal(await filled.inputValue(), 'outlook.office365.com');
    }
    await page.close();
  }
});

test('a mail channel shows that nothing is missing, and looks again when asked', async () => {
  for (const options of [{}, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }]) {
    const page = await openSettings('channels', options);
    const ledger = page.getByRole('region', { name: 'Completeness of Support' });
    await ledger.getByText('Nothing is missing.').waitFor();
    await ledger.getByText(/LMTP, 30 days/).waitFor();
    await page.getByRole('button', { name: 'Check now: Support' }).click();
    await ledger.getByText(/1 acknowledged, 1 handed over and stored, 0 refused/).waitFor();
    await assertAccessible(page, 'completeness');
    await picture(page, `completeness-${options.colorScheme ?? 'light'}`);
    assert.deepEqual(page.errors, []);
  }
});

test('the quarantine is searched, and all that is found is tried again', async () => {
  const hops = 'Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\n'.repeat(31);
  for (const subject of ['Round and round', 'Once more'])
    await program.deliver({ from: 'Lo <lo@loop.example>', subject, text: subject, headers: hops });
  const page = await openSettings('quarantine');
  await page.getByText('Round and round').waitFor();
  await page.getByLabel('Search the quarantine').fill('once MORE');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByText('Round and round').waitFor({ state: 'detached' });
  await page.getByText('Once more').waitFor();
  await assertAccessible(page, 'quarantine search');
  await picture(page, 'quarantine-search');
  await page.getByRole('button', { name: 'Try all found again' }).click();
  await page.getByText('Nothing in quarantine has these words.').waitFor();
  await page.goto(`${program.url}/inbox/all`);
  await row(page, /Once more/).waitFor();
  await page.goto(`${program.url}/settings/quarantine`);
  await page.getByText('Round and round').waitFor();
});

test('a web chat that is added shows its line for the site and its secret once', async () => {
  const page = await openSettings('channels', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await page.getByRole('button', { name: 'Add web chat' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add web chat' });
  await dialog.getByLabel('Name', { exact: true }).fill('Shop chat');
  await assertAccessible(page, 'chat dialog');
  await picture(page, 'chat-dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await page.getByRole('region', { name: 'Shop chat' }).getByText('<script').waitFor();
  assert.deepEqual(page.errors, []);
});

test('a person who is added gets a password that is shown once', async () => {
  const page = await openSettings('people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a person' });
  await dialog.getByLabel('Name', { exact: true }).fill('Bo');
  await dialog.getByLabel('Email').fill('bo@new.example');
  await dialog.getByLabel('How the person gets in').selectOption('password');
  await assertAccessible(page, 'person dialog');
  await picture(page, 'person-dialog');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const shown = page.getByRole('dialog', { name: 'Password of Bo' });
  const password = await shown.getByRole('region').innerText();
  await assertAccessible(page, 'password shown once');
  await shown.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('listitem').getByText('bo@new.example').waitFor();
  const signedIn = await page.request.post(`${program.url}/api/v1/session`, {
    data: { email: 'bo@new.example', password },
    headers: { 'X-Requested-With': 'answerable', Origin: program.url },
  });
  assert.equal(signedIn.status(), 200);
});

test('who is invited gets a link by mail, chooses a password behind it, and is let in', async () => {
  const page = await openSettings('people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a person' });
  await dialog.getByLabel('Name', { exact: true }).fill('Mia');
  await dialog.getByLabel('Email').fill('mia@new.example');
  const before = program.sink.messages.length;
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('listitem').filter({ hasText: 'mia@new.example' }).getByText('invited').waitFor();
  await program.sink.waitFor(before + 1);
  const address = linkIn(program.sink.messages.at(-1));
  const mia = await openPage(browser);
  await mia.goto(address);
  await mia.getByRole('heading', { name: 'Welcome to New' }).waitFor();
  assert.ok(!mia.url().includes('#'), 'the token leaves the address');
  await assertAccessible(mia, 'invitation');
  await picture(mia, 'invitation');
  await mia.getByLabel('New password').fill('quiet lamp over stone');
  await mia.getByRole('button', { name: 'Save the password' }).click();
  await mia.getByRole('button', { name: 'Back to sign-in' }).click();
  await mia.getByRole('textbox', { name: 'Email' }).fill('mia@new.example');
  await mia.getByLabel('Password').fill('quiet lamp over stone');
  await mia.getByRole('button', { name: 'Sign in' }).click();
  await mia.getByRole('navigation', { name: 'Main' }).waitFor();
  assert.deepEqual(mia.errors, []);
});

// The code that an authenticator app shows (RFC 6238).
function codeOf(secret, later = 0) {
  const bits = [...secret.replace(/ /g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c));
  const key = Buffer.from(
    bits
      .map((five) => five.toString(2).padStart(5, '0'))
      .join('')
      .match(/.{8}/g)
      .map((byte) => parseInt(byte, 2)),
  );
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function signInAs(page, email, password) {
  await page.goto(program.url);
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('a second factor is set up with an app, and the next sign-in asks for its code', async () => {
  const page = await openPage(browser);
  await signInAs(page, 'mia@new.example', 'quiet lamp over stone');
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
  await page.goto(`${program.url}/settings/profile`);
  await page.getByRole('button', { name: 'Set up an app' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set up an app' });
  await dialog.getByRole('img', { name: 'QR code for your app' }).waitFor();
  const secret = await dialog.getByRole('region', { name: 'Key for your app' }).innerText();
  await assertAccessible(page, 'second factor');
  await picture(page, 'second-factor');
  await dialog.getByLabel('Code of your app').fill(codeOf(secret));
  await dialog.getByRole('button', { name: 'Turn it on' }).click();
  const codes = page.getByRole('dialog', { name: 'Recovery codes' });
  const [recovery, another] = (await codes.getByRole('region').innerText()).split('\n');
  await assertAccessible(page, 'recovery codes');
  await picture(page, 'recovery-codes');
  mias_recovery_code = another;
  await codes.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('On. 10 recovery codes are left.').waitFor();
  const again = await openPage(browser);
  await signInAs(again, 'mia@new.example', 'quiet lamp over stone');
  await again.getByLabel('Code of your app').fill(recovery);
  await assertAccessible(again, 'sign-in with a code');
  await picture(again, 'sign-in-code');
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.getByRole('navigation', { name: 'Main' }).waitFor();
  assert.deepEqual(page.errors, []);
});

test('who fears that the code is known ends everything by one click, and an administrator looks into it', async () => {
  const bo = await openPage(browser);
  await signInAs(bo, 'mia@new.example', 'quiet lamp over stone');
  await bo.getByLabel('Code of your app').fill(mias_recovery_code);
  await bo.getByRole('button', { name: 'Sign in' }).click();
  await bo.getByRole('navigation', { name: 'Main' }).waitFor();
  await bo.goto(`${program.url}/inbox/all`);
  await draft(bo, /First mail/, 'Pay to another account');
  await bo.goto(`${program.url}/settings/profile`);
  await bo.getByRole('button', { name: 'Report it' }).click();
  await assertAccessible(bo, 'report');
  await picture(bo, 'report-exposed');
  await bo.getByRole('button', { name: 'End everything now' }).click();
  await bo.getByRole('heading', { name: 'Everything has ended' }).waitFor();
  await picture(bo, 'report-ended');
  const page = await openSettings('incidents');
  await page.getByRole('button', { name: 'Look into it' }).click();
  await page.getByText('Reported', { exact: true }).waitFor();
  await page.getByText('Second factor set up').waitFor();
  await page.getByRole('heading', { name: 'Drafts written with the code' }).waitFor();
  await page.getByRole('link', { name: 'A reply not sent' }).waitFor();
  assert.equal(await page.getByText('Pay to another account').count(), 0);
  await assertAccessible(page, 'incident');
  await picture(page, 'incident');
  await page.getByLabel('Add to the timeline').fill('Nothing strange.');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('listitem').getByText('Nothing strange.').waitFor();
  assert.deepEqual(page.errors, []);
});

test('a delivery is found under the state that it is in', async () => {
  const page = await openInbox(browser, program, 'all');
  await row(page, /First mail/).click();
  const before = program.sink.messages.length;
  await reply(page, 'Yes, we are.');
  await program.sink.waitFor(before + 1);
  await page.getByText('Sent', { exact: true }).waitFor();
  await page.goto(`${program.url}/settings/deliveries`);
  await page.getByText('No delivery is in this state.').waitFor();
  await page.getByRole('button', { name: 'Sent', exact: true }).click();
  await page.getByRole('listitem').getByText('mira@customer.example').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0);
  assert.equal(await page.getByText('next try').count(), 0);
  await assertAccessible(page, 'deliveries');
  await picture(page, 'deliveries-sent');
});

test('an administrator writes acknowledgements, sees what customers get, and a customer gets it', async () => {
  const page = await openSettings('channels');
  const edit = async () => {
    await page.getByRole('button', { name: 'Edit Support' }).click();
    return page.getByRole('dialog', { name: 'Edit Support' });
  };
  let dialog = await edit();
  await dialog.getByRole('switch', { name: 'Acknowledge at once' }).press('Space');
  await dialog.getByRole('group', { name: 'English' }).getByLabel('Subject').fill('We have it (no. {reference})');
  await dialog.getByLabel('What the customer gets').getByText('We have it (no. 1234)').waitFor();
  await dialog.getByRole('button', { name: 'Add a language' }).press('Enter');
  const french = dialog.getByRole('group', { name: 'French' });
  await french.getByLabel('Text').fill('Bonjour {name}');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await french.getByText('There is no {name}: use {reference} and {workspace}.').waitFor();
  await french.getByLabel('Text').fill('Bonjour de {workspace}, nous avons votre message.');
  await french.getByText('Bonjour de New, nous avons votre message.').waitFor();
  await assertAccessible(page, 'acknowledgements');
  await french.scrollIntoViewIfNeeded();
  await picture(page, 'acknowledgements');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  dialog = await edit();
  assert.equal(
    await dialog.getByRole('group', { name: 'English' }).getByLabel('Subject').inputValue(),
    'We have it (no. {reference})',
  );
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  const sent = program.sink.messages.length;
  await program.deliver({
    from: 'Ona <ona@customer.example>',
    subject: 'A lamp',
    text: 'It is dark.',
  });
  await program.sink.waitFor(sent + 1);
  const mail = program.sink.messages.at(-1);
  assert.deepEqual([mail.from, mail.to], ['', ['ona@customer.example']]);
  assert.match(mail.raw.toString(), /^Subject: We have it \(no\. \d+\)\r$/m);
  assert.deepEqual(
    page.errors.filter((one) => !/ 422 /.test(one)),
    [],
  );
});

for (const [look, options] of Object.entries(looks)) {
  test(`an acknowledgement stands folded in its thread and opens by keyboard: ${look}`, async () => {
    const page = await openPage(browser, options);
    await signIn(page, program);
    await page.goto(`${program.url}/inbox/all`);
    await row(page, /A lamp/).click();
    const folded = page.getByRole('button', {
      name: /Show the automatic message/,
    });
    await folded.waitFor();
    const words = page.getByText('This is an automatic message.');
    assert.equal(await words.count(), 0);
    await assertAccessible(page, `folded ${look}`);
    await picture(page, `acknowledgement-folded-${look}`);
    await folded.press('Enter');
    await words.waitFor();
    await picture(page, `acknowledgement-open-${look}`);
    await page.getByRole('button', { name: 'Fold the automatic message' }).press('Enter');
    await folded.waitFor();
    await page.goto(`${program.url}/settings/channels`);
    await page.getByRole('button', { name: 'Edit Support' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit Support' });
    await dialog.getByRole('group', { name: 'French' }).scrollIntoViewIfNeeded();
    await assertAccessible(page, `acknowledgement settings ${look}`);
    await picture(page, `acknowledgement-settings-${look}`);
    assert.deepEqual(page.errors, []);
  });
}
