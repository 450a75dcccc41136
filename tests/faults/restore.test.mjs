// A backup is put back that was made while a reply waited to leave. It has left since, and must not leave again.
import assert from 'node:assert/strict';
import { cp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';
import { SmtpSink } from '../lib/smtp_sink.mjs';
import { until } from '../lib/within.mjs';
import * as work from './workload.mjs';

let folder, data, backup, account, sink, env;

before(async () => {
  folder = await makeDataFolder();
  [data, backup] = [join(folder, 'data'), join(folder, 'backup')];
  sink = await SmtpSink.start();
  env = sink.asRelay;
  account = await initDemo(data, env);
  const server = await Server.start(data, { env });
  const client = await work.signedIn(server, account);
  const { id } = (await work.conversations(client)).find((item) => item.channel.kind === 'email');
  const reply = { kind: 'reply', text: 'This left once.', undo_seconds: 3 };
  const { status, body } = await client.request('POST', `/api/v1/conversations/${id}/messages`, reply);
  assert.equal(status, 201, JSON.stringify(body));
  assert.equal((await server.stop()).code, 0);
  await cp(data, backup, { recursive: true });
  const later = await Server.start(data, { env });
  await sink.waitFor(1);
  assert.equal((await later.stop()).code, 0);
});
after(async () => {
  await sink?.stop();
  await removeFolder(folder);
});

// The server after the restore has looked at its queue: nothing waits, and the reply is shown as what it is.
async function checkNothingLeaves() {
  const server = await Server.start(data, { env });
  const client = await work.signedIn(server, account);
  const inState = async (state) => (await client.request('GET', `/api/v1/deliveries?state=${state}`)).body.items;
  await until('nothing waits', async () => {
    const waiting = [...(await inState('queued')), ...(await inState('sending'))];
    return waiting.length === 0 || waiting;
  });
  const unknown = await inState('unknown');
  assert.equal(unknown.length, 1);
  assert.match(unknown[0].last_error, /restored from a backup/);
  assert.equal(sink.messages.length, 1, 'it left once');
  assert.equal((await server.stop()).code, 0);
  await work.checkLedger(data);
}

test('the database of a backup is put back: what waited then is not sent again', async () => {
  await cp(join(backup, 'answerable.db'), join(data, 'answerable.db'));
  await checkNothingLeaves();
});

test('the whole data folder of a backup is put back and said to be: what waited then is not sent again', async () => {
  await rename(data, join(folder, 'before'));
  await cp(backup, data, { recursive: true });
  const { status, stdout } = await command(data, ['restored'], { env });
  assert.equal(status, 0);
  assert.match(stdout, /^1 messages/);
  await checkNothingLeaves();
});
