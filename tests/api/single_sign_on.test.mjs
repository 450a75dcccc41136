// Coming in by a company's OpenID provider, a real one, in the whole program; and what its directory does by SCIM.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startProgram } from './harness.mjs';
import { IdentityProvider } from './identity_provider.mjs';

const redirect = 'http://localhost/sso/callback';
let provider, program, admin, settings;

before(async () => {
  provider = await IdentityProvider.start({ redirect });
  program = await startProgram({ env: { ANSWERABLE_SERVER_PRIVATE_IDENTITY_PROVIDERS: 'true' } });
  provider.logout = `${program.url}/sso/logout`;
  provider.rotate();
  admin = await program.signedIn();
  settings = {
    issuer: provider.issuer,
    client_id: provider.clients.RS256,
    client_secret: provider.secret,
    domains: ['demo.example'],
    on: true,
  };
});
after(async () => {
  await program?.stop();
  await provider?.stop();
});

const nora = { sub: 'sub-of-nora', email: 'nora@demo.example', email_verified: true };

// Who comes to the door and goes to the provider, where `person` sits; and what the door then says.
async function goThere(person, client = program.client()) {
  provider.person = person;
  const way = await client.post('/session/sso', { email: 'somebody@demo.example' });
  assert.equal(way.status, 200);
  return provider.visit(way.body.url);
}
async function comeIn(person, change = (back) => back) {
  const client = program.client();
  const back = await goThere(person, client);
  const answer = await client.post('/session/sso/callback', change(back));
  return { client, back, answer };
}
const refusedWith = async (code, person, change) => {
  const { answer } = await comeIn(person, change);
  assert.deepEqual([answer.status, answer.body.code], [401, code]);
};

test('settings are refused when the issuer does not answer as itself, and the redirect address is told', async () => {
  const { body } = await admin.get('/single-sign-on');
  assert.equal(body.redirect_url, redirect);
  assert.equal(body.logout_url, 'http://localhost/sso/logout');
  const wrong = await admin.put('/single-sign-on', { ...settings, issuer: `${provider.issuer}/other` });
  assert.equal(wrong.status, 422);
  assert.equal(wrong.body.errors[0].field, 'issuer');
  const saved = await admin.put('/single-sign-on', settings);
  assert.equal(saved.status, 200);
  assert.deepEqual([saved.body.on, saved.body.has_secret], [true, true]);
  assert.equal((await program.client().post('/session/sso', { email: 'a@elsewhere.example' })).status, 404);
});

test('who is unknown, or whose address the provider has not verified, stays outside', async () => {
  await refusedWith('sign_on_unknown_person', { ...nora, email_verified: false });
  await refusedWith('sign_on_unknown_person', { ...nora, email: 'nobody@demo.example' });
  await refusedWith('sign_on_unknown_person', { ...nora, email: 'nora@elsewhere.example' });
});

test('a person comes in, is known by the subject from then on, and their new keys are found', async () => {
  const { client, back, answer } = await comeIn(nora);
  assert.equal(answer.status, 200);
  assert.equal((await client.get('/session')).body.user.email, nora.email);
  // What came back is good once, whoever has it.
  assert.equal((await client.post('/session/sso/callback', back)).status, 401);
  assert.equal((await comeIn({ sub: nora.sub, email: 'renamed@demo.example' })).answer.status, 200);
  await refusedWith('sign_on_linked_otherwise', { ...nora, sub: 'another subject' });
  provider.rotate();
  assert.equal((await comeIn(nora)).answer.status, 200);
});

test('an answer that another browser or another provider has begun is refused', async () => {
  const mine = program.client();
  const back = await goThere(nora, mine);
  const theirs = program.client();
  const stolen = await theirs.post('/session/sso/callback', back);
  assert.equal(stolen.body.code, 'sign_on_not_begun');
  await goThere(nora, theirs); // with a cookie of its own
  assert.equal((await theirs.post('/session/sso/callback', back)).body.code, 'sign_on_not_begun');
  assert.equal((await mine.post('/session/sso/callback', back)).status, 200);
  await refusedWith('sign_in_refused', nora, (said) => ({ ...said, iss: 'https://evil.example' }));
  await refusedWith('sign_in_refused', nora, ({ state, code }) => ({ state, code })); // it always says who it is
  await refusedWith('sign_in_refused', nora, (said) => ({ ...said, code: 'made up' }));
});

test('ES256 is taken as well, and a wrong secret of ours is not', async () => {
  const saved = await admin.put('/single-sign-on', { ...settings, client_id: provider.clients.ES256 });
  assert.equal(saved.status, 200);
  assert.equal((await comeIn(nora)).answer.status, 200);
  await admin.put('/single-sign-on', { ...settings, client_secret: 'not the secret' });
  await refusedWith('sign_in_refused', nora);
});

test('who signs out at the provider is signed out here, and another session of the same person is not', async () => {
  await admin.put('/single-sign-on', settings);
  const stays = await comeIn(nora);
  const ends = await comeIn(nora);
  const { password } = program.account;
  const own = program.client();
  assert.equal((await own.post('/session', { email: nora.email, password })).status, 200);
  await provider.signOut();
  assert.equal((await ends.client.get('/session')).status, 401);
  assert.equal((await stays.client.get('/session')).status, 200);
  assert.equal((await own.get('/session')).status, 200);
  const acts = (await admin.get('/ledger?limit=50')).body.items;
  assert.ok(acts.some((one) => one.action === 'session.end_by_provider'));
});

test('a logout that nobody of ours has signed ends nothing, and says so as the standard does', async () => {
  const { client } = await comeIn(nora);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: provider.issuer,
    aud: settings.client_id,
    sub: nora.sub,
    iat: now,
    exp: now + 60,
    jti: 'j-1',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  };
  for (const logout_token of [
    `${part({ alg: 'none' })}.${part(claims)}.`,
    `${part({ alg: 'RS256' })}.${part(claims)}.${part('x')}`,
    `${part({ alg: 'RS256' })}.${part({ ...claims, iss: 'https://evil.example' })}.${part('x')}`,
    'nothing',
  ]) {
    const answer = await fetch(provider.logout, { method: 'POST', body: new URLSearchParams({ logout_token }) });
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).error, 'invalid_request');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  }
  assert.equal((await client.get('/session')).status, 200);
});

test('where the workspace asks how sure the provider is, a weaker sign-in is refused', async () => {
  const saved = await admin.put('/single-sign-on', { ...settings, acr_values: ['urn:acme:strong', 'mfa'] });
  assert.deepEqual(saved.body.acr_values, ['urn:acme:strong', 'mfa']);
  await refusedWith('sign_on_too_weak', nora);
  await refusedWith('sign_on_too_weak', { ...nora, amr: ['pwd'] });
  assert.equal((await comeIn({ ...nora, acr: 'urn:acme:strong' })).answer.status, 200);
  assert.equal((await admin.put('/single-sign-on', settings)).status, 200);
});

test('where it is enforced a password lets in the break-glass administrator alone', async () => {
  const me = (await admin.get('/session')).body.user;
  const enforced = { ...settings, enforced: true };
  assert.equal((await admin.put('/single-sign-on', enforced)).body.code, 'break_glass_needed');
  const saved = await admin.put('/single-sign-on', { ...enforced, break_glass_user_id: me.id });
  assert.equal(saved.status, 200);
  const { password } = program.account;
  const refused = await program.client().post('/session', { email: nora.email, password });
  assert.deepEqual([refused.status, refused.body.code], [401, 'single_sign_on_required']);
  assert.equal((await comeIn(nora)).answer.status, 200);
  assert.equal((await program.client().post('/session', { email: me.email, password })).status, 200);
});

test('who leaves the company is out at once, and does not come in again', async () => {
  const { body: token } = await admin.post('/scim-token');
  const scim = (method, path, body) =>
    fetch(`${program.url}/scim/v2${path}`, {
      method,
      headers: { Authorization: `Bearer ${token.secret}`, 'Content-Type': 'application/scim+json' },
      body: body && JSON.stringify(body),
    });
  const made = await scim('POST', '/Users', { userName: 'kim@demo.example', name: { givenName: 'Kim' } });
  assert.equal(made.status, 201);
  const kim = await made.json();
  const { client, answer } = await comeIn({ sub: 'sub-of-kim', email: kim.userName, email_verified: true });
  assert.equal(answer.status, 200);
  const gone = { Operations: [{ op: 'replace', path: 'active', value: false }] };
  assert.equal((await scim('PATCH', `/Users/${kim.id}`, gone)).status, 200);
  assert.equal((await client.get('/session')).status, 401); // at once on this node
  await refusedWith('sign_on_unknown_person', { sub: 'sub-of-kim', email: kim.userName, email_verified: true });
});
