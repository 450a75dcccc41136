// /metrics as an operator's monitoring reads it: the names that alarms stand on are there, and they move.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { until } from '../lib/within.mjs';
import { openWebSocket } from './websocket.mjs';
import { seqOf, startProgram, waitForEvent } from './harness.mjs';

let program, admin;
before(async () => {
  program = await startProgram();
  admin = await program.signedIn();
});
after(() => program?.stop());

async function read() {
  const answer = await fetch(`${program.url}/metrics`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  const lines = (await answer.text()).split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

// Reads until it is so: a figure follows what happened, it is not part of the answer to it.
const moved = (holds) => until('the figure moved', async () => holds(await read()));

const names = [
  ...['connections', 'websockets', 'in_flight', 'requests', 'malformed', 'timeouts', 'refused', 'queue_full'].map(
    (name) => `answerable_http_${name}`,
  ),
  'answerable_workers_waiting',
  'answerable_store_queue_depth',
  'answerable_store_commits_total',
  'answerable_mail_received_total',
  'answerable_ledger_broken',
  ...[
    'uploads',
    'chat_files',
    'chat_tokens',
    'chat_visitors',
    'idempotency_keys',
    'sessions',
    'devices',
    'acknowledgements',
  ].map((what) => `answerable_collected_rows_total{what="${what}"}`),
  'answerable_collected_blobs_total',
  'answerable_collected_blob_bytes_total',
  ...['queued', 'sending', 'held'].map((state) => `answerable_outbox_depth{state="${state}"}`),
  ...['failed', 'unknown', 'dead'].map((state) => `answerable_outbox_ended{state="${state}"}`),
];

test('the figures that alarms stand on are there', async () => {
  const found = await read();
  for (const name of names) assert.ok(found.has(name), `${name} is not in ${[...found.keys()].join(' ')}`);
  assert.ok(found.get('answerable_http_connections') >= 1);
  assert.ok(found.get('answerable_http_in_flight') >= 1);
});

test('they move when a mail arrives, a screen opens and somebody talks nonsense', async () => {
  const first = await read();
  const seq = await seqOf(admin);
  const headers = `Date: ${new Date().toUTCString().replace('GMT', '+0000')}\r\n`;
  await program.deliver({ from: 'moving@customer.example', headers });
  await waitForEvent(admin, seq, (event) => event.kind === 'message_added');
  const grown = (found, name) => found.get(name) > (first.get(name) ?? 0);
  const sum = (found, start) =>
    [...found].filter(([name]) => name.startsWith(start)).reduce((total, [, value]) => total + value, 0);
  await moved(
    (found) =>
      grown(found, 'answerable_mail_received_total') &&
      grown(found, 'answerable_store_commits_total') &&
      grown(found, 'answerable_http_requests') &&
      sum(found, 'answerable_intake_accepted_total') === sum(first, 'answerable_intake_accepted_total') + 1,
  );
  const { body } = await admin.get('/channels');
  const labels = `{channel="${body.items.find((one) => one.kind === 'email').id}",kind="email"}`;
  for (const name of ['answerable_intake_source_lag_seconds', 'answerable_intake_lag_seconds'])
    await moved((found) => grown(found, `${name}_count${labels}`) && found.has(`${name}_sum${labels}`));
  const socket = connect(program.server.webPort, '127.0.0.1');
  socket.write('NONSENSE\r\n\r\n');
  socket.resume();
  await moved((found) => grown(found, 'answerable_http_malformed'));
  socket.destroy();
  const screen = await openWebSocket(`${program.url.replace('http', 'ws')}/api/v1/live`, {
    Cookie: [...admin.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    Origin: program.url,
  });
  await moved((found) => found.get('answerable_http_websockets') === first.get('answerable_http_websockets') + 1);
  screen.close();
  await moved((found) => found.get('answerable_http_websockets') === first.get('answerable_http_websockets'));
});
