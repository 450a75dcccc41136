// Who may do what, generated from the description: every operation, as everybody.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { description, operations, startProgram } from './harness.mjs';

const rank = { agent: 0, supervisor: 1, administrator: 2, operator: 3 };
// The least role that each pair needs, written down here a second time: a slip in the server's table shows.
const administrators = new Set([
  'user create',
  'user update',
  'user reset_password',
  'user reset_second_factor',
  'user report_exposed',
  'user read_sessions',
  'scim read',
  'scim update',
  'scim end',
  'single_sign_on read',
  'single_sign_on update',
  'user end_sessions',
  'second_factor_rule read',
  'second_factor_rule update',
  'incident read',
  'incident update',
  'incident export',
  'incident_rule read',
  'incident_rule update',
  'read_log read',
  'read_rule read',
  'read_rule update',
  'role list',
  'role compose',
  'api_key list',
  'api_key create',
  'api_key revoke',
  'application list',
  'application register',
  'application end',
  'channel create',
  'channel update',
  'channel test',
  'channel disable',
  'channel completeness',
  'channel authorise',
  'channel dkim',
  'channel reconcile',
  'delivery list',
  'delivery retry',
  'delivery resolve',
  'message take_down',
  'content_rule list',
  'content_rule change',
  'quarantine list',
  'quarantine read',
  'quarantine replay',
  'quarantine release',
  'ledger read',
  'ledger verify',
  'policy accept',
  'policy agreement',
  'policy measures',
  'policy appeal',
  'ledger export',
  'setup read',
]);
const supervisors = new Set(['conversation export', 'search export']);
const leastRole = ({ resource, action }) => {
  if (resource === 'review') return 'supervisor';
  if (resource === 'workspace' || resource === 'oversight') return 'operator';
  if (supervisors.has(`${resource} ${action}`)) return 'supervisor';
  return administrators.has(`${resource} ${action}`) ? 'administrator' : 'agent';
};
// A program has no session, no draft, and takes no conversation: those are a person's.
const forPeopleOnly = new Set([
  'session confirm',
  'me read_second_factor',
  'me second_factor',
  'me report_exposed',
  'session end',
  'session read',
  'me update',
  'me change_password',
  'draft save',
  'conversation take',
]);
const writes = (one) => one.method !== 'GET';

let program;
const clients = {};

before(async () => {
  // Whoever tries every door is slowed down: not here.
  program = await startProgram({ env: { ANSWERABLE_SERVER_ATTEMPTS_PATIENCE: '1000' } });
  clients.administrator = await program.signedIn();
  clients.supervisor = await program.signedIn('imani@demo.example');
  clients.agent = await program.signedIn('nora@demo.example');
  for (const role of Object.keys(clients)) {
    for (const scopes of [['read'], ['read', 'write']]) {
      const made = await clients.administrator.post('/api-keys', { name: `${role} ${scopes}`, scopes, role });
      assert.equal(made.status, 201);
      const key = program.client();
      key.bearer = made.body.secret;
      clients[`${role} key ${scopes.join('+')}`] = key;
    }
  }
});
after(() => program?.stop());

// An id that belongs to nobody: whoever is let through learns that it does not exist, whoever is not learns nothing.
const attempt = (client, one) => {
  const target = one.path.replaceAll(/\{\w+\}/g, randomUUID());
  const required = (one.operation.parameters ?? []).filter((p) => p.in === 'query' && p.required);
  const query = required.length
    ? `?${required.map((p) => `${p.name}=x`).join('&')}`
    : one.path === '/events'
      ? '?wait=0'
      : '';
  const raw = one.operation.requestBody?.content['application/octet-stream'] ? 'bytes' : undefined;
  return client.send(one.method, target + query, one.hasBody && !raw ? { body: {} } : raw ? { raw } : {});
};
// Those whose success would end the sessions that the test needs.
const isFatal = (one) =>
  ['DELETE /session', 'DELETE /sessions', 'POST /me/exposed'].includes(`${one.method} ${one.path}`);

for (const one of operations) {
  test(`${one.method} ${one.path} is for those who may, and for nobody else`, async () => {
    const stranger = await attempt(program.client(), one);
    if (!one.needs) return assert.notEqual(stranger.status, 403);
    assert.equal(stranger.status, 401);
    const forged = program.client();
    forged.bearer = `ak_${'A'.repeat(49)}`;
    assert.equal((await attempt(forged, one)).status, 401);
    forged.bearer = '';
    forged.cookies.set('answerable', 'A'.repeat(43));
    assert.equal((await attempt(forged, one)).status, 401);
    for (const [name, client] of Object.entries(clients)) {
      const [role, isKey] = name.split(' ');
      const may =
        rank[role] >= rank[leastRole(one.needs)] &&
        !(name.endsWith('key read') && writes(one)) &&
        !(isKey && forPeopleOnly.has(`${one.needs.resource} ${one.needs.action}`));
      if (may && isFatal(one)) continue;
      const answer = await attempt(client, one);
      assert.equal(
        answer.status === 403,
        !may,
        `${name}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`,
      );
      assert.notEqual(answer.status, 401, name);
      assert.ok(answer.status < 500, `${name}: ${answer.status}`);
    }
  });
}

test('a method that a path does not have is 405, an unknown path 404, both as problems', async () => {
  for (const path of Object.keys(description.paths)) {
    const answer = await fetch(`${program.url}/api/v1${path.replaceAll(/\{\w+\}/g, randomUUID())}`, {
      method: 'QUERY',
    }).catch(() => null);
    if (answer) assert.ok([400, 405, 501].includes(answer.status), `${path}: ${answer.status}`);
  }
  const missing = await fetch(`${program.url}/api/v1/nothing`);
  assert.equal(missing.status, 404);
  assert.equal(missing.headers.get('content-type'), 'application/problem+json');
});
