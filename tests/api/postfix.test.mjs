// A real Postfix on both sides: it hands mail over to us by LMTP, takes what we send, returns what it cannot deliver.
import assert from 'node:assert/strict';
import { after, before, test as testOf } from 'node:test';
import { Client, seqOf, waitForEvent } from './harness.mjs';
import { Front, Postfix, without_postfix } from '../lib/postfix.mjs';
import { command, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';
import { SmtpSink } from '../lib/smtp_sink.mjs';

const test = (name, act) => testOf(name, { skip: without_postfix }, act);

// One Answerable behind a port that stays, with Postfix as its relay.
class Desk {
  static async start(domain) {
    const desk = new Desk();
    Object.assign(desk, {
      domain,
      folder: await makeDataFolder(),
      front: await Front.start(),
    });
    desk.account = domain === 'demo.example' ? await initDemo(desk.folder) : await initEmpty(desk.folder);
    return desk;
  }
  async serve(postfix, more = {}) {
    this.server = await Server.start(this.folder, {
      env: {
        ANSWERABLE_MAIL_RELAY_HOST: 'localhost',
        ANSWERABLE_MAIL_RELAY_PORT: String(postfix.port),
        ANSWERABLE_MAIL_RELAY_SECURITY: 'none',
        ANSWERABLE_MAIL_AUTHSERV_ID: 'mx.test',
        ...more,
      },
    });
    this.front.target = this.server.lmtpPort;
    this.admin = await new Client(this.server.url).signIn(this.account.email, this.account.password);
  }
  async end() {
    const how = await this.server.stop();
    assert.deepEqual(how, { code: 0, signal: null }, `the server did not stop well:\n${this.server.log}`);
  }
  async remove() {
    await this.front.stop();
    await removeFolder(this.folder);
  }

  async find(subject) {
    const { body } = await this.admin.get('/conversations?view=all&limit=100');
    const found = body.items.filter((one) => one.subject === subject);
    assert.ok(found.length <= 1, `${found.length} conversations "${subject}"`);
    return found[0] ? (await this.admin.get(`/conversations/${found[0].id}`)).body : null;
  }
  // The conversation, as soon as it is as it should be. `act`: what may help it along.
  async waitFor(subject, condition, act = () => undefined) {
    for (const end = Date.now() + 60_000; ;) {
      const seq = await seqOf(this.admin);
      const conversation = await this.find(subject);
      if (conversation && condition(conversation)) return conversation;
      assert.ok(Date.now() < end, `not within a minute: ${subject} ${JSON.stringify(conversation?.messages)}`);
      await act();
      await this.admin.get(`/events?after=${seq}&wait=1`);
    }
  }
  async reply(conversation, text) {
    const { status, body } = await this.admin.post(`/conversations/${conversation.id}/messages`, {
      kind: 'reply',
      text,
      undo_seconds: 0,
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  }
}

async function initEmpty(folder) {
  const account = { email: 'ada@other.example', password: 'correct horse 7 battery' };
  const args = ['init', '--workspace', 'Other', '--email', account.email, '--name', 'Ada', '--password-stdin'];
  const { status, stderr } = await command(folder, args, { input: `${account.password}\n` });
  assert.equal(status, 0, stderr);
  return account;
}

let number = 0;
const letter = (
  subject,
  { from = 'kim@customer.example', to = 'support@demo.example', text = 'Hello.', more = '' } = {},
) =>
  `From: <${from}>\nTo: <${to}>\nSubject: ${subject}\nMessage-ID: <${++number}.${process.pid}@customer.example>\n` +
  `Date: ${new Date().toUTCString().replace('GMT', '+0000')}\nMIME-Version: 1.0\n` +
  `Content-Type: text/plain; charset=utf-8\n${more}\n${text}\n`;

let desk, other, customers, postfix;
before(async () => {
  if (without_postfix) return;
  desk = await Desk.start('demo.example');
  other = await Desk.start('other.example');
  customers = await SmtpSink.start();
  postfix = await Postfix.start({
    'demo.example': `lmtp:inet:127.0.0.1:${desk.front.port}`,
    'other.example': `lmtp:inet:127.0.0.1:${other.front.port}`,
    'customer.example': `smtp:[127.0.0.1]:${customers.port}`,
  });
  await desk.serve(postfix);
});
after(async () => {
  if (without_postfix) return;
  await desk?.end();
  await postfix?.stop();
  await customers?.stop();
  for (const one of [desk, other]) await one?.remove();
});

const mail = (subject, parts, parameters) =>
  postfix.send(parts?.from ?? 'kim@customer.example', 'support@demo.example', letter(subject, parts), parameters);

test('Postfix hands over 8-bit mail and addresses in UTF-8 as they are', async () => {
  await mail('Eight bits', { text: 'Grüße aus Köln', more: 'Content-Transfer-Encoding: 8bit\n' }, ' BODY=8BITMIME');
  await mail('Letters', { from: 'jörg@customer.example', text: 'Grüße' }, ' BODY=8BITMIME SMTPUTF8');
  const eight = await desk.waitFor('Eight bits', () => true);
  assert.equal(eight.messages[0].text.trim(), 'Grüße aus Köln');
  const letters = await desk.waitFor('Letters', () => true);
  assert.equal(letters.messages[0].from_address, 'jörg@customer.example');
  const said = desk.front.commands;
  assert.ok(
    said.some((line) => /^MAIL FROM:<kim@customer\.example> SIZE=\d+ BODY=8BITMIME$/.test(line)),
    said.join('\n'),
  );
  assert.ok(
    said.some((line) => /^MAIL FROM:<jörg@customer\.example> .*\bSMTPUTF8\b/.test(line)),
    said.join('\n'),
  );
  assert.ok(!said.some((line) => line.startsWith('BDAT')), 'Postfix offers CHUNKING and does not use it as a client');
});

test('what we put off, and what comes while we are away, waits in Postfix and comes once', async () => {
  await desk.end();
  await desk.serve(postfix, {
    ANSWERABLE_MAIL_FREE_BYTES_MIN: String(2 ** 50),
  });
  await mail('Put off');
  const reasons = async () => (await postfix.queue()).map((one) => one.recipients[0].delay_reason ?? '');
  for (const end = Date.now() + 60_000; !(await reasons()).some((why) => /: 452 4\.3\.1 /.test(why));) {
    assert.ok(Date.now() < end, `not put off: ${await reasons()}`);
    await postfix.flush();
  }
  assert.equal(await desk.find('Put off'), null);
  await desk.end();
  await mail('Away');
  await desk.serve(postfix);
  for (const subject of ['Put off', 'Away']) {
    const { messages } = await desk.waitFor(
      subject,
      () => true,
      () => postfix.flush(),
    );
    assert.equal(messages.length, 1);
  }
  while ((await postfix.queue()).length > 0) await postfix.flush();
});

test('mail that Postfix returns closes its delivery with the words of the other server', async () => {
  for (const [subject, step, code, text, status] of [
    ['Nobody', 'rcpt', 550, '5.1.1 no such person', /5\.1\.1 no such person/],
    ['Too large', 'mail', 552, '5.3.4 message too big for here', /5\.3\.4 message too big/],
  ]) {
    await mail(subject);
    const conversation = await desk.waitFor(subject, () => true);
    customers.behaviour = (at) => (at === step ? { code, text } : undefined);
    await desk.reply(conversation, 'On its way.');
    const { messages } = await desk.waitFor(subject, (now) => now.messages.at(-1).state === 'failed');
    assert.equal(messages.length, 2, 'the report closes the delivery and is no message');
    assert.match(messages.at(-1).state_detail, status);
    customers.behaviour = undefined;
  }
});

test('a report of a delay closes nothing, and the mail arrives in the end', async () => {
  await mail('Later');
  const conversation = await desk.waitFor('Later', () => true);
  const seen = customers.messages.length;
  customers.behaviour = (at) => (at === 'rcpt' ? { code: 450, text: '4.2.0 greylisted' } : undefined);
  await desk.reply(conversation, 'Patience.');
  const { messages } = await desk.waitFor(
    'Later',
    (now) => now.messages.length === 3,
    () => postfix.flush(),
  );
  assert.deepEqual([messages[1].state, messages[2].auto_submitted], ['sent', true]);
  assert.match(messages[2].text, /greylisted/);
  customers.behaviour = undefined;
  for (const arrived = customers.waitFor(seen + 1); customers.messages.length === seen;) {
    await postfix.flush();
    await Promise.race([arrived, desk.admin.get(`/events?after=${await seqOf(desk.admin)}&wait=1`)]);
  }
  assert.equal((await desk.find('Later')).messages[1].state, 'sent');
});

test('what Postfix refuses at once fails at once', async () => {
  await mail('A long answer');
  const conversation = await desk.waitFor('A long answer', () => true);
  await desk.reply(conversation, 'Word. '.repeat(17_000));
  const { messages } = await desk.waitFor('A long answer', (now) => now.messages.at(-1).state === 'failed');
  assert.match(messages.at(-1).state_detail, /^552 5\.3\.4/);
});

test('a relay is believed by a certificate of an authority that mail.ca_file names, and of no other', async () => {
  await desk.end();
  await desk.serve(postfix, { ANSWERABLE_MAIL_RELAY_SECURITY: 'starttls' });
  await mail('Private authority');
  const conversation = await desk.waitFor('Private authority', () => true);
  await desk.reply(conversation, 'Encrypted.');
  const { messages } = await desk.waitFor('Private authority', (now) => now.messages.at(-1).state_detail);
  assert.equal(messages.at(-1).state, 'queued');
  assert.match(messages.at(-1).state_detail, /certificate/i);
  assert.ok(!/starttls=1.*mail=1/.test(postfix.log), 'nothing was handed over');
  await desk.end();
  await desk.serve(postfix, {
    ANSWERABLE_MAIL_RELAY_SECURITY: 'starttls',
    ANSWERABLE_MAIL_CA_FILE: postfix.ca_file,
  });
  await mail('Known authority');
  await desk.reply(await desk.waitFor('Known authority', () => true), 'Encrypted.');
  await desk.waitFor('Known authority', (now) => now.messages.at(-1).state === 'sent');
  assert.match(postfix.log, /starttls=1.*mail=1 rcpt=1 data=1/);
});

test('two desks that acknowledge and write to each other do not go on for ever', async () => {
  await desk.end();
  await desk.serve(postfix);
  await other.serve(postfix);
  const before = postfix.log.length;
  const acknowledgement = {
    enabled: true,
    texts: [{ language: 'en', subject: 'Here (#{reference})', text: 'Thank you.' }],
  };
  const { body } = await desk.admin.get('/channels');
  const support = body.items.find((one) => one.address === 'support@demo.example');
  await desk.admin.patch(`/channels/${support.id}`, {
    config: { ...support.config, acknowledgement },
  });
  const made = await other.admin.post('/channels', {
    kind: 'email',
    name: 'Desk',
    address: 'desk@other.example',
    config: { acknowledgement },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));

  const begun = await desk.admin.post('/conversations', {
    channel_id: support.id,
    to: 'desk@other.example',
    subject: 'Between desks',
    text: 'Do you have lamps?',
  });
  assert.equal(begun.status, 201, JSON.stringify(begun.body));
  const theirs = await other.waitFor('Between desks', (now) => now.messages.at(-1).state === 'sent');
  const ours = await desk.waitFor('Between desks', (now) => now.messages.length === 2);
  const shape = ({ messages }) => messages.map((one) => [one.direction, one.auto_submitted]);
  assert.deepEqual(shape(theirs), [
    ['inbound', false],
    ['outbound', true],
  ]);
  assert.deepEqual(shape(ours), [
    ['outbound', false],
    ['inbound', true],
  ]);
  // A customer's mail, and its acknowledgement, pass through all of it afterwards: nothing else is under way.
  const seen = customers.messages.length;
  await mail('After them');
  await customers.waitFor(seen + 1);
  assert.equal(customers.messages.at(-1).from, '');
  while ((await postfix.queue()).length > 0) await postfix.flush();
  assert.deepEqual(shape(await other.find('Between desks')), shape(theirs));
  assert.deepEqual(shape(await desk.find('Between desks')), shape(ours));
  const sent_to = (whom) => postfix.log.slice(before).match(new RegExp(`to=<${whom}>.* status=sent`, 'g'))?.length;
  assert.deepEqual([sent_to('desk@other.example'), sent_to('support@demo.example')], [1, 2]);
  await other.end();
});
