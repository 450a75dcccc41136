// A mailbox at a provider: connected, used, revoked, connected again, with a restart between, in the whole program.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Dovecot } from '../lib/dovecot.mjs';
import { Server } from '../lib/server.mjs';
import { SmtpSink } from '../lib/smtp_sink.mjs';
import { TokenServer } from '../lib/token_server.mjs';
import { Client, seqOf, startProgram, waitForEvent } from './harness.mjs';

const env = { ANSWERABLE_MAIL_PRIVATE_SERVERS: 'true' };
let provider, sink, dovecot, program, admin, channel;

const mail = (number) =>
  `From: zoe@example.com\r\nTo: box@demo.example\r\nSubject: Boxed ${number}\r\n` +
  `Message-ID: <oauth.${number}@example.com>\r\n\r\nHello ${number}\r\n`;

before(async () => {
  provider = await TokenServer.start();
  sink = await SmtpSink.start();
  dovecot = await Dovecot.start({
    ANSWERABLE_TEST_TOKEN_PORT: provider.port,
    ANSWERABLE_TEST_RELAY_PORT: sink.port,
  });
  program = await startProgram({ env });
  admin = await program.signedIn();
});
after(async () => {
  await program?.stop();
  await dovecot?.stop();
  await sink?.stop();
  await provider?.stop();
});

function box(fetch = { imap: dovecot.port }, user = 'zoe') {
  const server = { host: '127.0.0.1', security: 'none', user, sign_in: 'oauth' };
  const oauth = {
    provider: 'other',
    client_id: provider.client.id,
    client_secret: provider.client.secret,
    authorisation_url: `${provider.url}/authorise`,
    token_url: `${provider.url}/token`,
  };
  const smtp = { ...server, port: dovecot.submission };
  const [[way, port]] = Object.entries(fetch);
  const config = { [way]: { ...server, port }, smtp, oauth };
  return { kind: 'email', name: 'Box', address: `${user}@demo.example`, config };
}

const stateOf = async () => (await admin.get('/channels')).body.items.find(({ id }) => id === channel);

// Looks again after each change of a channel, until it is so.
async function becomes(state) {
  for (let seq = await seqOf(admin); (await stateOf()).state !== state;)
    seq = (await waitForEvent(admin, seq, ({ kind }) => kind === 'channel_changed')).seq;
}

// To the provider, and what the browser of somebody who agrees brings back.
async function agree(who = admin, id = channel) {
  const { body } = await who.post(`/channels/${id}/authorisation`);
  const asked = new URL(body.url);
  assert.equal(asked.searchParams.get('redirect_uri'), 'http://localhost/oauth/callback');
  assert.equal(asked.searchParams.get('code_challenge_method'), 'S256');
  const page = await (await fetch(asked)).text();
  const back = new URL(/href="([^"]+)">Allow/.exec(page)[1].replaceAll('&amp;', '&'));
  return { state: back.searchParams.get('state'), code: back.searchParams.get('code') };
}

async function connect() {
  const brought = await agree();
  const connected = await admin.post('/oauth/callback', brought);
  assert.equal(connected.status, 200, JSON.stringify(connected.body));
  assert.equal((await admin.post('/oauth/callback', brought)).body.code, 'authorisation_unknown');
}

async function waiting() {
  const text = await (await fetch(`${program.url}/metrics`)).text();
  return Number(/^answerable_channels_needing_reauthorisation (\d+)$/m.exec(text)[1]);
}

test('a mailbox is connected in a browser, and its mail comes in and goes out with tokens', async () => {
  dovecot.save('zoe', mail(1));
  const made = await admin.post('/channels', box());
  assert.equal(made.status, 201, JSON.stringify(made.body));
  channel = made.body.id;
  assert.equal(made.body.state, 'needs_reauthorisation');
  assert.equal(provider.counts.tokens, 0);
  assert.equal(await waiting(), 1);
  const before = await seqOf(admin);
  await connect();
  const { message } = await waitForEvent(admin, before, (one) => one.kind === 'message_added');
  assert.match(message.text, /Hello 1/);
  const tried = await admin.post(`/channels/${channel}/test`);
  assert.deepEqual(tried.body, { ok: true, detail: 'The mailbox answers (1 mails); the SMTP server answers.' });
  const said = JSON.stringify((await admin.get('/channels')).body);
  assert.ok(!/refresh_|access_|client secret/.test(said), said);
  assert.equal(await waiting(), 0);
});

test('after a revocation and a restart the channel waits for a person, and then goes on where it was', async () => {
  const conversation = (await admin.get('/conversations?view=all')).body.items.find(({ subject }) =>
    /Boxed/.test(subject),
  );
  provider.revoke('zoe');
  const kept = sink.messages.length;
  const reply = { text: 'Yes', kind: 'reply', undo_seconds: 0 };
  const sent = await admin.post(`/conversations/${conversation.id}/messages`, reply);
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  await becomes('needs_reauthorisation');
  assert.match((await stateOf()).state_detail, /invalid_grant/);
  assert.equal(await waiting(), 1);
  assert.match(program.server.log, /channel_needs_reauthorisation/);
  await program.server.stop();
  dovecot.save('zoe', mail(2));
  const asked = provider.counts.tokens;
  program.server = await Server.start(program.folder, { env });
  program.url = program.server.url;
  program.stop = () => program.server.stop();
  admin = await new Client(program.url).signIn(program.account.email, program.account.password);
  assert.equal((await stateOf()).state, 'needs_reauthorisation');
  const tried = await admin.post(`/channels/${channel}/test`);
  assert.equal(tried.body.ok, false);
  assert.equal(provider.counts.tokens, asked);
  const before = await seqOf(admin);
  await connect();
  const { message } = await waitForEvent(admin, before, (one) => one.kind === 'message_added');
  assert.match(message.text, /Hello 2/);
  await sink.waitFor(kept + 1);
  assert.match(sink.messages.at(-1).raw.toString(), /Yes/);
  const acts = (await admin.get('/ledger?limit=50')).body.items.map(({ action }) => action);
  for (const act of ['channel.needs_reauthorisation', 'channel.authorise']) assert.ok(acts.includes(act), acts.join());
});

test('a provider may say 64 KB and no more, and a code has 4,096 bytes at most', async () => {
  const answerTo = async (brought) => (await admin.post('/oauth/callback', brought)).body.code ?? 'connected';
  provider.answer_bytes = 65_536;
  assert.equal(await answerTo(await agree()), 'connected');
  provider.answer_bytes = 65_537;
  assert.equal(await answerTo(await agree()), 'oauth_unavailable');
  provider.answer_bytes = 0;
  const { state } = await agree();
  assert.equal(await answerTo({ state, code: 'x'.repeat(4_097) }), 'fields_invalid');
  assert.equal(await answerTo({ state, code: 'x'.repeat(4_096) }), 'authorisation_refused');
  assert.equal((await stateOf()).state, 'active');
});

test('a mailbox that is read by POP3 is connected in the same way', async () => {
  dovecot.save('mia', mail(3));
  const { body } = await admin.post('/channels', box({ pop3: dovecot.pop3 }, 'mia'));
  assert.equal(body.state, 'needs_reauthorisation', JSON.stringify(body));
  const before = await seqOf(admin);
  provider.user = 'mia';
  assert.equal((await admin.post('/oauth/callback', await agree(admin, body.id))).status, 200);
  provider.user = 'zoe';
  const { message } = await waitForEvent(admin, before, (one) => one.kind === 'message_added');
  assert.match(message.text, /Hello 3/);
  const tried = await admin.post(`/channels/${body.id}/test`);
  assert.deepEqual(tried.body, { ok: true, detail: 'The mailbox answers (1 mails); the SMTP server answers.' });
});

test('a token endpoint of this machine is asked only where the operator allows such servers', async () => {
  const strict = await startProgram();
  const administrator = await strict.signedIn();
  const { body } = await administrator.post('/channels', box());
  const asked = provider.counts.tokens;
  const refused = await administrator.post('/oauth/callback', await agree(administrator, body.id));
  assert.equal(refused.status, 403);
  assert.equal(refused.body.code, 'server_address_refused');
  assert.equal(provider.counts.tokens, asked);
  await strict.stop();
});
