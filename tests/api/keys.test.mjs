// The installation key is replaced, by the real program: what lies in files and rows is read under the new one.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './harness.mjs';
import { command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';

let folder, account;
before(async () => {
  folder = await makeDataFolder();
  account = await initDemo(folder);
});
after(() => removeFolder(folder));

async function replace(status) {
  const result = await command(folder, ['keys', 'replace']);
  assert.equal(result.status, status, `${result.stdout}\n${result.stderr}`);
  return result;
}

test('files that were sealed under the old installation key are read under the new one', async () => {
  const key = join(folder, 'keys', 'installation.key');
  const first = readFileSync(key);
  let server = await Server.start(folder);
  let admin = await new Client(server.url).signIn(account.email, account.password);
  const sent = { raw: 'sealed at rest' };
  const upload = await admin.send('POST', '/uploads?filename=note.txt&content_type=text/plain', sent);
  assert.equal(upload.status, 201, JSON.stringify(upload.body));
  await replace(6); // the server is running
  assert.equal((await server.stop()).code, 0);

  assert.match((await replace(0)).stdout, /: [1-9]\d* files and all secrets/);
  assert.notDeepEqual(readFileSync(key), first);
  const old = readdirSync(join(folder, 'keys')).find((name) => name.startsWith('installation.key.until-'));
  assert.deepEqual(readFileSync(join(folder, 'keys', old)), first);
  // As if the power had gone before the new key was in force.
  renameSync(key, `${key}.next`);
  renameSync(join(folder, 'keys', old), key);
  const refused = await command(folder, ['serve']);
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /keys replace/);
  await replace(0);

  server = await Server.start(folder);
  admin = await new Client(server.url).signIn(account.email, account.password);
  assert.equal((await admin.get(`/attachments/${upload.body.id}`, { check: false })).body, 'sealed at rest');
  assert.equal((await server.stop()).code, 0);
  const verified = await command(folder, ['audit', 'verify']);
  assert.equal(verified.status, 0, verified.stderr);
});
