// The server is killed, over and over, while mail and chat arrive and replies leave; what it had acknowledged must be
// there once.
//   FAULT_ROUNDS=8   random kills
//   FAULT_STEPS=24   kills at writes, beside those at every sync and every word to a peer (0: at every single write)
//   FAULT_SEED=1
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';
import { SmtpSink } from '../lib/smtp_sink.mjs';
import * as work from './workload.mjs';
import { until } from '../lib/within.mjs';

const rounds = Number(process.env.FAULT_ROUNDS ?? 8);
const steps = Number(process.env.FAULT_STEPS ?? 24);
let seed = Number(process.env.FAULT_SEED ?? 1);
const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;

let folder, prepared, shim, account, sink, relay;
let cookie; // of a session that every copy of the prepared folder knows: hashing a password is much of a short day

before(async () => {
  folder = await makeDataFolder();
  prepared = join(folder, 'prepared');
  shim = join(folder, 'fault_shim.so');
  execFileSync('clang-19', [
    '-shared',
    '-fPIC',
    '-O1',
    '-o',
    shim,
    new URL('fault_shim.c', import.meta.url).pathname,
    '-ldl',
  ]);
  sink = await SmtpSink.start();
  relay = sink.asRelay;
  account = await initDemo(prepared, relay);
  const server = await Server.start(prepared, { env: relay });
  ({ cookie } = await work.signedIn(server, account));
  assert.equal((await server.stop()).code, 0);
});
after(async () => {
  await sink?.stop();
  await removeFolder(folder);
});

const freshCopy = async (name) => {
  const copy = join(folder, name);
  await cp(prepared, copy, { recursive: true });
  return copy;
};

test(`killed at ${rounds} random instants, nothing acknowledged is lost or doubled`, { timeout: 600_000 }, async () => {
  const data = await freshCopy('random');
  const ledger = new work.Ledger();
  let visitor;
  let server;
  for (let round = 0; round < rounds; ++round) {
    server = await Server.start(data, { env: relay });
    const client = await work.signedIn(server, account);
    visitor = visitor
      ? { ...visitor, url: () => server.url }
      : await work.openVisitor(server, (await work.channelOf(client, 'webchat')).id);
    const targets = (await work.conversations(client)).filter((item) => item.channel.kind === 'email').slice(0, 4);
    const make = (i) => (i % 8 === 7 ? work.makeLargeMail : work.makeMail);
    for (let i = 0; i < 40; ++i) ledger.mails.push({ mail: make(i)(`r${round}-m${i}`) });
    const open = ledger.mails.filter((entry) => !entry.acknowledged);
    const senders = [0, 1, 2, 3].map((n) =>
      ledger.deliver(
        server.lmtpPort,
        open.filter((_, i) => i % 4 === n),
      ),
    );
    const agent = (async () => {
      for (const [text, entry] of ledger.replies)
        if (!entry.acknowledged) await ledger.reply(client, entry.conversation, text);
      for (const [i, item] of targets.entries())
        await ledger.reply(client, item.id, `Answer ${round}-${i} from the agent.`);
    })();
    const customer = (async () => {
      for (const [id, entry] of ledger.chats) if (!entry.acknowledged) await ledger.sendChat(visitor, id);
      for (let i = 0; i < 10; ++i) await ledger.chat(visitor, `chat ${round}-${i}`, { withFile: i === 1 });
    })();
    const death = (async () => {
      await new Promise((resolve) => setTimeout(resolve, 20 + random() * 600));
      await server.kill('SIGKILL');
    })();
    await Promise.allSettled([...senders, agent, customer]);
    await death;
  }
  server = await Server.start(data, { env: relay });
  const client = await work.signedIn(server, account);
  const seen = { ...(await work.checkInbound(client, ledger)), ...(await work.checkOutbound(client, ledger, sink)) };
  console.log(`# random kills: ${JSON.stringify(seen)}`);
  assert.ok(
    seen.mails > 0 && seen.replies > 0 && seen.chats > 0 && seen.files > 0,
    'the workload did something before it was killed',
  );
  assert.equal((await server.stop()).code, 0);
  await work.checkLedger(data);
});

// One small scripted day; returns when the server died or the script is through.
async function scriptedDay(data, ledger, { env, preload }) {
  const server = await Server.start(data, { env: { ...relay, ...env }, preload });
  try {
    const client = work.withSession(server, cookie);
    const visitor = await work.openVisitor(server, (await work.channelOf(client, 'webchat')).id);
    const target = (await work.conversations(client)).find((item) => item.channel.kind === 'email');
    await ledger.deliver(server.lmtpPort, ledger.mails);
    const text = `Scripted answer ${ledger.name}.`;
    await ledger.reply(client, target.id, text);
    await ledger.chat(visitor, `scripted chat ${ledger.name}`, { withFile: true });
    let isDead = false;
    server.exited.then(() => (isDead = true));
    const left = () => sink.messages.some((message) => message.raw.toString().includes(text));
    await until('the reply left', () => isDead || left() || 'waiting', 20);
  } catch (why) {
    // It died under us: that is the point. The lost connection may be known before the death is.
    const isDead = await Promise.race([server.exited, new Promise((resolve) => setTimeout(resolve, 5_000, false))]);
    if (!isDead) throw new Error('the day failed and the server lives', { cause: why });
  }
  return server;
}

const newDay = (name) => {
  const ledger = new work.Ledger();
  ledger.name = name;
  for (let i = 0; i < 2; ++i) ledger.mails.push({ mail: work.makeMail(`${name}-m${i}`) });
  ledger.mails.push({ mail: work.makeLargeMail(`${name}-large`) });
  return ledger;
};

async function countCalls() {
  const data = await freshCopy('count');
  const counts = join(folder, 'counts');
  const server = await scriptedDay(data, newDay('count'), { env: { ANSWERABLE_TEST_COUNT: counts }, preload: shim });
  assert.equal((await server.stop()).code, 0);
  return Object.fromEntries(
    (await readFile(counts, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([call, n]) => [call, Number(n)]),
  );
}

// A day that ends at the k-th such call, and what a server that is started after it has of it.
async function killedAt(call, k) {
  const name = `${call}-${k}`;
  const data = await freshCopy(name);
  const ledger = newDay(name);
  const mark = join(folder, `mark-${name}`);
  const env = { ANSWERABLE_TEST_FAULT: `${call}:kill:${k}`, ANSWERABLE_TEST_FAULT_MARK: mark };
  let first;
  try {
    first = await scriptedDay(data, ledger, { env, preload: shim });
  } catch (why) {
    assert.match(why.message, /before it was ready/, `${name}: ${why.cause?.stack ?? why.stack}`);
  }
  // The last writes are those of an orderly stop. Which thread makes which call varies a little, so the very last
  // of a kind may not come.
  await first?.stop();
  const server = await Server.start(data, { env: relay });
  const client = work.withSession(server, cookie);
  await ledger.deliver(
    server.lmtpPort,
    ledger.mails.filter((entry) => !entry.acknowledged),
  );
  await work.checkInbound(client, ledger);
  const { ambiguous } = await work.checkOutbound(client, ledger, sink);
  assert.equal((await server.stop()).code, 0, name);
  await work.checkLedger(data);
  await removeFolder(data);
  return { died: existsSync(mark) ? 1 : 0, ambiguous };
}

test(
  'killed at chosen system calls of a scripted day, nothing acknowledged is lost or doubled',
  { timeout: 1_500_000 },
  async () => {
    const counts = await countCalls();
    const points = (call) => Array.from({ length: counts[call] ?? 0 }, (_, i) => [call, i + 1]);
    const writes = ['pwrite64', 'write'].flatMap(points);
    const stride = steps === 0 ? 1 : Math.max(1, Math.floor(writes.length / steps));
    const chosen = [
      ...['fdatasync', 'fsync', 'rename', 'send', 'sendmsg'].flatMap(points),
      ...writes.filter((_, i) => i % stride === 0),
    ];
    const counted = chosen.length;
    let died = 0;
    let ambiguous = 0;
    const lane = async () => {
      for (let point; (point = chosen.shift());) {
        const seen = await killedAt(...point);
        died += seen.died;
        ambiguous += seen.ambiguous;
      }
    };
    await Promise.all([lane(), lane()]); // a day waits for longer than it works
    console.log(`# system calls of the day: ${JSON.stringify(counts)}`);
    console.log(`# killed at ${died} of ${counted} chosen, ${ambiguous} ambiguous attempts on record`);
    assert.ok(died > counted * 0.8, `the shim ended the server ${died} times of ${counted}`);
  },
);

test(
  'a full disk refuses what it cannot store, loses nothing, and recovers by itself',
  { timeout: 300_000 },
  async () => {
    const data = await freshCopy('full');
    const full = join(folder, 'disk-is-full');
    const server = await Server.start(data, { env: { ...relay, ANSWERABLE_TEST_DISK_FULL: full }, preload: shim });
    const client = await work.signedIn(server, account);
    const ledger = new work.Ledger();
    for (let i = 0; i < 6; ++i) ledger.mails.push({ mail: (i % 2 ? work.makeLargeMail : work.makeMail)(`full-m${i}`) });
    const visitor = await work.openVisitor(server, (await work.channelOf(client, 'webchat')).id);
    await ledger.deliver(server.lmtpPort, ledger.mails.slice(0, 2));
    const target = (await work.conversations(client)).find((item) => item.channel.kind === 'email');
    execFileSync('touch', [full]);
    await ledger.deliver(server.lmtpPort, ledger.mails.slice(2, 4));
    for (const entry of ledger.mails.slice(2, 4)) assert.equal(entry.last.code, 452, JSON.stringify(entry.last));
    const refused = await ledger.reply(client, target.id, 'Answer while the disk is full.');
    assert.equal(refused.status, 503, JSON.stringify(refused.body));
    assert.equal(refused.body.code, 'storage_full');
    await ledger.chat(visitor, 'chat while the disk is full');
    await ledger.chat(visitor, 'chat with a file while the disk is full', { withFile: true });
    for (const entry of ledger.chats.values()) assert.equal(entry.last, 503, entry.text);
    assert.equal((await client.request('GET', '/api/v1/conversations?view=all')).status, 200, 'reading goes on');
    execFileSync('rm', [full]);
    await until('mail is taken again', async () => {
      await ledger.deliver(
        server.lmtpPort,
        ledger.mails.filter((entry) => !entry.acknowledged),
      );
      return ledger.mails.every((entry) => entry.acknowledged) || ledger.mails.map((entry) => entry.last?.code);
    });
    assert.equal((await ledger.reply(client, target.id, 'Answer while the disk is full.')).status, 201);
    for (const id of ledger.chats.keys()) await ledger.sendChat(visitor, id);
    for (const entry of ledger.chats.values()) assert.ok(entry.acknowledged, `${entry.text}: ${entry.last}`);
    await work.checkInbound(client, ledger);
    await work.checkOutbound(client, ledger, sink);
    assert.equal((await server.stop()).code, 0);
    await work.checkLedger(data);
  },
);
