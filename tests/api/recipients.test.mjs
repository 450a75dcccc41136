// Copies, forwarding and folding through the API of the real program: answers and events as the description says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seqOf, startProgram, waitForEvent } from './harness.mjs';

let program, admin, nora;

before(async () => {
  program = await startProgram();
  admin = await program.signedIn();
  nora = await program.signedIn('nora@demo.example');
});
after(() => program?.stop());

async function arrive(mail) {
  const since = await seqOf(admin);
  await program.deliver(mail);
  return waitForEvent(admin, since, (event) => event.kind === 'message_added');
}
const ledgerOf = async (action) => {
  const { body } = await admin.get('/ledger?limit=100');
  return body.items.filter((entry) => entry.action === action);
};

test('a reply goes to whom the request names, and the ledger says to how many, and not to whom', async () => {
  const { conversation_id: id } = await arrive({ from: 'lee@customer.example', subject: 'Lamp' });
  const named = { to: ['lee@customer.example'], cc: ['ann@x.example'], bcc: ['boss@inside.example'] };
  const reply = await nora.post(`/conversations/${id}/messages`, { text: 'Soon.', ...named });
  assert.equal(reply.status, 201);
  assert.deepEqual({ to: reply.body.to, cc: reply.body.cc, bcc: reply.body.bcc }, named);
  const [entry] = await ledgerOf('message.reply');
  assert.equal(entry.details.recipients, '3');
  assert.match(entry.details.recipients_commitment, /^[0-9a-f]{64}$/);
  assert.ok(!JSON.stringify(entry).includes('boss@'));
  const own = await nora.post(`/conversations/${id}/messages`, { text: 'Soon.', bcc: ['support@demo.example'] });
  assert.equal(own.status, 422);
  assert.equal(own.body.errors[0].code, 'own_address');
});

test('what goes on to a third party is told to live screens, and taken back in time it never leaves', async () => {
  const { conversation_id: id, message_id } = await arrive({ from: 'mia@customer.example', subject: 'Bulb' });
  const since = await seqOf(admin);
  const passed = await nora.post(`/messages/${message_id}/forward`, { to: ['maker@parts.example'], text: 'Help?' });
  assert.equal(passed.status, 201);
  assert.equal(passed.body.kind, 'forward');
  const event = await waitForEvent(admin, since, (one) => one.kind === 'message_added');
  assert.deepEqual(event.message, passed.body);
  assert.equal((await nora.post(`/messages/${passed.body.id}/undo`)).body.state, 'cancelled');
  const open = (await nora.get(`/conversations/${id}`)).body;
  assert.equal(open.draft, null);
  assert.equal(open.messages.at(-1).third_party, true);
  assert.equal((await ledgerOf('message.forward')).length, 1);
});

test('how a message is folded is told to live screens', async () => {
  const text = 'New words.\r\n\r\nSee below\r\nOld words.';
  const { message_id } = await arrive({ from: 'ned@customer.example', subject: 'Fold', text });
  const since = await seqOf(admin);
  const folded = await nora.put(`/messages/${message_id}/folding`, { shown_lines: 1 });
  assert.equal(folded.body.reply_text, 'New words.');
  const event = await waitForEvent(admin, since, (one) => one.kind === 'message_changed');
  assert.deepEqual(event.message, folded.body);
  const again = await nora.put(`/messages/${message_id}/folding`, { shown_lines: null });
  assert.equal(again.body.shown_lines, null);
  assert.equal((await ledgerOf('message.fold')).length, 2);
});
