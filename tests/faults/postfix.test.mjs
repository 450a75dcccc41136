// Mail through a real Postfix while our program is killed: everything arrives, and nothing twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Front, Postfix, without_postfix } from '../lib/postfix.mjs';
import { Client, initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';
import { until } from '../lib/within.mjs';

const mails = 1_000;
const senders = 8; // connections to Postfix side by side
const killed_after = [150, 500]; // mails on the record of Postfix

const letter = (number) =>
  `From: Kim <kim${number}@customer.example>\nTo: support@demo.example\nSubject: Mail ${number}\n` +
  `Message-ID: <${number}@customer.example>\nDate: Tue, 24 Nov 2026 09:00:00 +0000\n\nBody of ${number}.\n`;

async function inject(postfix, first) {
  const client = await postfix.connect();
  for (let number = first; number <= mails; number += senders) {
    const { code, text } = await client.send(`kim${number}@customer.example`, 'support@demo.example', letter(number));
    assert.equal(code, 250, text);
  }
  client.close();
}

const delivered = (postfix) => postfix.log.match(/ status=sent \(250 /g)?.length ?? 0;

// Waits until so many are delivered. What a kill cut short Postfix would try again in minutes: it is asked to at once.
async function deliver(postfix, count) {
  const end = Date.now() + 240_000;
  for (let turns = 1; delivered(postfix) < count; ++turns) {
    assert.ok(Date.now() < end, `only ${delivered(postfix)} of ${count} delivered`);
    await turn();
    if (turns % 50 === 0) await postfix.flush();
  }
}

// Every conversation with the number of its messages.
async function stored(client) {
  const found = [];
  for (let cursor = ''; cursor !== null;) {
    const from = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await client.request('GET', `/api/v1/conversations?view=all&limit=100${from}`);
    assert.equal(status, 200, JSON.stringify(body));
    for (const { subject, message_count } of body.items) found.push(`${subject}: ${message_count}`);
    cursor = body.next_cursor;
  }
  return found;
}

test(
  '1,000 mails through Postfix arrive once each, although the program is killed twice',
  {
    skip: without_postfix,
  },
  async () => {
    const folder = await makeDataFolder();
    const front = await Front.start();
    const account = await initDemo(folder);
    const postfix = await Postfix.start({
      'demo.example': `lmtp:inet:127.0.0.1:${front.port}`,
    });
    try {
      let server = await Server.start(folder);
      front.target = server.lmtpPort;
      const before = await stored(await signedIn(server, account));
      const injecting = Promise.all(Array.from({ length: senders }, (_, i) => inject(postfix, i + 1)));
      for (const count of killed_after) {
        await deliver(postfix, count);
        await server.kill();
        server = await Server.start(folder);
        front.target = server.lmtpPort;
      }
      await injecting;
      for (const end = Date.now() + 240_000; (await postfix.queue()).length > 0;) {
        assert.ok(Date.now() < end, `still in the queue: ${JSON.stringify(await postfix.queue())}`);
        await postfix.flush();
      }
      const client = await signedIn(server, account);
      await everythingIsUnderstood(client);
      const after = await stored(client);
      const expected = Array.from({ length: mails }, (_, i) => `Mail ${i + 1}: 1`);
      assert.deepEqual(after.filter((one) => !before.includes(one)).sort(), expected.sort());
      const again = postfix.log.match(/ status=deferred /g)?.length ?? 0;
      assert.ok(again > 0, 'the kills cut no mail: they came too late');
      console.log(`${mails} mails, ${killed_after.length} kills, ${again} attempts repeated by Postfix`);
      assert.deepEqual(await server.stop(), { code: 0, signal: null });
    } finally {
      await postfix.stop();
      await front.stop();
      await removeFolder(folder);
    }
  },
);

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

async function signedIn(server, account) {
  const client = new Client(server.url);
  await client.signIn(account);
  return client;
}

// What is acknowledged is durable; it becomes a conversation a moment later.
async function everythingIsUnderstood(client) {
  const isDone = async () => {
    const { body } = await client.request('GET', '/api/v1/channels');
    return body.items.every((one) => one.stats.waiting === 0);
  };
  await until('all arrivals are understood', isDone, 120);
}
