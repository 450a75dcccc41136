// What the fault tests do to the server and what they then check. The checks know nothing of how the server works: they
// compare what was acknowledged with what is there.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { Client, command } from '../lib/server.mjs';
import { Lmtp } from '../lib/lmtp.mjs';
import { until } from '../lib/within.mjs';

const mailTo = 'support@demo.example';

const header = (name) =>
  `From: ${name} <${name}@customer.example>\nTo: ${mailTo}\nSubject: ${name}\n` +
  `Message-ID: <${name}@customer.example>\nDate: Tue, 24 Nov 2026 09:00:00 +0000\n`;

export const makeMail = (name) => ({
  name,
  from: `${name}@customer.example`,
  raw: `${header(name)}\nBody of ${name}.\n`,
});

// Bytes that nobody else has, the same each time.
const bytesOf = (name, size) => createHash('shake256', { outputLength: size }).update(name).digest();

// Above the 64 KiB that stay in the row of the spool: it and its attachment go to the blob store.
export const makeLargeMail = (name) => {
  const attachment = bytesOf(name, 90_000);
  const lines = attachment.toString('base64').replace(/.{76}/g, '$&\n');
  const part = (type, content) => `--b\nContent-Type: ${type}\n${content}\n`;
  return {
    ...makeMail(name),
    attachment,
    raw:
      `${header(name)}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n` +
      part('text/plain', `\nBody of ${name}.`) +
      part('application/octet-stream; name=a.bin', `Content-Transfer-Encoding: base64\n\n${lines}`) +
      '--b--\n',
  };
};

// Everything that the server was given, and what it acknowledged. Lives outside the server, across its deaths.
export class Ledger {
  mails = []; // {mail, acknowledged}
  replies = new Map(); // text → {acknowledged, key}
  chats = new Map(); // client id → {text, acknowledged}

  // Sends the mails in turn until the server dies or all are acknowledged. What was refused or lost stays
  // unacknowledged.
  async deliver(port, mails) {
    const client = await Lmtp.connect(port);
    for (const entry of mails) {
      const reply = await client.send(entry.mail.from, mailTo, entry.mail.raw);
      if (reply.code === 250) entry.acknowledged = true;
      entry.last = reply;
    }
    client.close();
  }

  async reply(client, conversation, text) {
    const entry = this.replies.get(text) ?? { key: randomUUID(), conversation };
    this.replies.set(text, entry);
    const answer = await client.request(
      'POST',
      `/api/v1/conversations/${conversation}/messages`,
      { kind: 'reply', text, undo_seconds: 0 },
      { 'Idempotency-Key': entry.key },
    );
    entry.last = answer.status;
    if (answer.status === 201) entry.acknowledged = true;
    return answer;
  }

  async chat(visitor, text, { withFile = false } = {}) {
    const id = randomUUID();
    const entry = this.chats.get(id) ?? { text, attachment: withFile ? bytesOf(text, 90_000) : undefined };
    this.chats.set(id, entry);
    return this.sendChat(visitor, id);
  }
  async sendChat(visitor, id) {
    const entry = this.chats.get(id);
    const post = (path, type, body) =>
      fetch(`${visitor.url()}/webchat/v1/${visitor.channel}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': type, Authorization: `Bearer ${visitor.token}` },
        body,
      });
    if (entry.attachment && !entry.file) {
      const uploaded = await post('/uploads?filename=a.bin', 'application/octet-stream', entry.attachment);
      entry.last = uploaded.status;
      if (!uploaded.ok) return;
      entry.file = (await uploaded.json()).id;
    }
    const attachments = entry.file ? [entry.file] : [];
    const answer = await post(
      '/messages',
      'application/json',
      JSON.stringify({ client_id: id, text: entry.text, attachments }),
    );
    entry.last = answer.status;
    if (answer.status < 300) entry.acknowledged = true;
  }
}

export async function openVisitor(server, channel) {
  const answer = await fetch(`${server.url}/webchat/v1/${channel}/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  assert.ok(answer.ok, `visitor session: ${answer.status} ${await answer.clone().text()}`);
  return { channel, token: (await answer.json()).token, url: () => server.url };
}

async function allPages(client, path, key = 'items') {
  const items = [];
  let cursor = null;
  let total;
  do {
    const answer = await client.request(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    items.push(...answer.body[key]);
    cursor = answer.body.next_cursor;
    total = answer.body.total;
  } while (cursor);
  assert.equal(items.length, total, `${path}: the list has as many items as it says`);
  return items;
}

export const conversations = (client) => allPages(client, '/api/v1/conversations?view=all');

export async function channelOf(client, kind) {
  const { body } = await client.request('GET', '/api/v1/channels');
  return body.items.find((channel) => channel.kind === kind);
}

async function checkFile(client, attachments, wanted, what) {
  assert.equal(attachments.length, 1, `${what} has its file`);
  const answer = await fetch(`${client.url}/api/v1/attachments/${attachments[0].id}`, {
    headers: { Cookie: client.cookie },
  });
  assert.equal(answer.status, 200, what);
  assert.ok(Buffer.from(await answer.arrayBuffer()).equals(wanted), `${what}: its file has other bytes`);
}

// I1: every acknowledged message is there exactly once; I2: what was not acknowledged is there at most once.
export async function checkInbound(client, ledger) {
  const wanted = ledger.mails.filter((entry) => entry.acknowledged).map((entry) => entry.mail.name);
  const texts = [...ledger.chats.values()].filter((entry) => entry.acknowledged).map((entry) => entry.text);
  let all;
  await until('acknowledged messages are visible', async () => {
    all = await conversations(client);
    const have = new Set(all.map((item) => item.subject));
    const missing = wanted.filter((name) => !have.has(name));
    return missing.length === 0 || { missing: missing.slice(0, 5), of: wanted.length };
  });
  const count = new Map();
  for (const item of all) count.set(item.subject, (count.get(item.subject) ?? 0) + 1);
  for (const entry of ledger.mails) {
    const times = count.get(entry.mail.name) ?? 0;
    assert.ok(
      entry.acknowledged ? times === 1 : times <= 1,
      `${entry.mail.name} (acknowledged: ${!!entry.acknowledged}) is there ${times} times`,
    );
  }
  const large = ledger.mails.filter((entry) => entry.acknowledged && entry.mail.attachment);
  for (const { mail } of large) {
    const { id } = all.find((item) => item.subject === mail.name);
    const { body } = await client.request('GET', `/api/v1/conversations/${id}`);
    await checkFile(client, body.messages[0].attachments, mail.attachment, mail.name);
  }
  const inbound = new Map();
  const files = new Map();
  const check = async () => {
    inbound.clear();
    for (const item of (await conversations(client)).filter((one) => one.channel.kind === 'webchat')) {
      const { body } = await client.request('GET', `/api/v1/conversations/${item.id}`);
      const messages = [...body.messages];
      for (let cursor = body.next_cursor; cursor;) {
        const older = (
          await client.request(
            'GET',
            `/api/v1/conversations/${item.id}/messages?limit=100&cursor=${encodeURIComponent(cursor)}`,
          )
        ).body;
        messages.push(...older.items);
        cursor = older.next_cursor;
      }
      for (const message of messages.filter((one) => one.direction === 'inbound')) {
        inbound.set(message.text, (inbound.get(message.text) ?? 0) + 1);
        files.set(message.text, message.attachments);
      }
    }
    const missing = texts.filter((text) => !inbound.has(text));
    return missing.length === 0 || { missing: missing.slice(0, 5) };
  };
  await until('acknowledged chat messages are visible', check);
  for (const entry of ledger.chats.values()) {
    const times = inbound.get(entry.text) ?? 0;
    assert.ok(entry.acknowledged ? times === 1 : times <= 1, `chat "${entry.text}" is there ${times} times`);
  }
  const withFile = [...ledger.chats.values()].filter((entry) => entry.acknowledged && entry.attachment);
  for (const { text, attachment } of withFile) await checkFile(client, files.get(text), attachment, `chat "${text}"`);
  return { mails: wanted.length, chats: texts.length, files: large.length + withFile.length };
}

const unsettled = ['queued', 'sending', 'held'];
const settled = ['sent', 'delivered', 'failed', 'unknown', 'dead', 'cancelled'];
const inState = (client, state) => allPages(client, `/api/v1/deliveries?state=${state}`);

// I4: every acknowledged reply reached the other side, all copies alike, and no more extra copies than recorded
// ambiguous attempts. Looks only when nothing is on its way any more: a copy could come between two looks.
export async function checkOutbound(client, ledger, sink) {
  const replies = [...ledger.replies].filter(([, entry]) => entry.acknowledged).map(([text]) => text);
  const copiesOf = (text) => sink.messages.filter((message) => message.raw.toString().includes(text));
  await until(
    'acknowledged replies left and nothing is on its way',
    async () => {
      const missing = replies.filter((text) => copiesOf(text).length === 0);
      const moving = (await Promise.all(unsettled.map((state) => inState(client, state)))).flat();
      if (missing.length + moving.length === 0) return true;
      return { missing: missing.slice(0, 3), of: replies.length, moving: moving.length };
    },
    120,
  );
  const all = (await Promise.all(settled.map((state) => inState(client, state)))).flat();
  const attempts = all.flatMap((delivery) => delivery.attempt_log);
  const ambiguous = attempts.filter((attempt) => attempt.result === 'unknown').length;
  let extra = 0;
  for (const text of [...ledger.replies.keys()]) {
    const copies = copiesOf(text);
    extra += Math.max(0, copies.length - 1);
    for (const copy of copies)
      assert.equal(copy.raw.toString(), copies[0].raw.toString(), 'all copies have the same bytes');
  }
  assert.ok(extra <= ambiguous, `${extra} extra copies, ${ambiguous} recorded ambiguous attempts`);
  return { replies: replies.length, extra, ambiguous };
}

export async function checkLedger(dataDir) {
  const verified = await command(dataDir, ['audit', 'verify']);
  assert.equal(verified.status, 0, verified.stdout + verified.stderr);
}

export async function signedIn(server, account) {
  const client = new Client(server.url);
  await client.signIn(account);
  return client;
}

export function withSession(server, cookie) {
  const client = new Client(server.url);
  client.cookie = cookie;
  return client;
}
