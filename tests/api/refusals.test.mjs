// What the log of the real program says of what it refused.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Client, startProgram } from './harness.mjs';

let program;
before(async () => {
  program = await startProgram({ env: { ANSWERABLE_LOG_LEVEL: 'info', ANSWERABLE_LOG_FORMAT: 'json' } });
});

test('what was refused stands in the log: who, from where, what, and why', async () => {
  const admin = await program.signedIn();
  const key = (await admin.post('/api-keys', { name: 'reader', scopes: ['read'] })).body;
  const reader = new Client(program.url);
  reader.bearer = key.key ?? key.secret ?? key.token;
  assert.equal((await reader.get('/conversations')).status, 200);
  const refused = await reader.post('/conversations', {});
  assert.equal(refused.status, 403, JSON.stringify(refused.body));
  await program.stop(); // then all of the log is here
  const said = program.server.log
    .split('\n')
    .filter((line) => line.includes('"refused"'))
    .map((line) => JSON.parse(line));
  assert.equal(said.length, 1, program.server.log);
  assert.equal(said[0].code, refused.body.code);
  assert.equal(said[0].by, key.id ?? key.api_key?.id);
  assert.equal(said[0].address, '127.0.0.1');
  assert.equal(said[0].asked, 'POST /api/v1/conversations');
  assert.equal(said[0].request, refused.body.request_id);
});
