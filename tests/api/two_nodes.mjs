// For tests of two nodes: what is done at one, and how soon it holds at the other.
import assert from 'node:assert/strict';
import { until } from '../lib/within.mjs';
import { Client, seqOf } from './harness.mjs';
import { openWebSocket } from './websocket.mjs';

// It is told within a second; this much more is for a machine on which everything else runs, too.
const told_within_ms = 2_500;

// The same session at another node.
export const movedTo = (server, client) => Object.assign(new Client(server.url), { cookies: new Map(client.cookies) });

export async function did(client, method, path, body, status) {
  const answer = await client.send(method, path, { body });
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function screenOf(client) {
  const Cookie = [...client.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
  const line = await openWebSocket(`${client.url.replace('http', 'ws')}/api/v1/live`, { Cookie });
  line.send({ type: 'hello', after: await seqOf(client) });
  await line.next(({ type }) => type === 'welcome');
  line.event = async (kind) => {
    const has = ({ type, events }) => type === 'events' && events.some((one) => one.kind === kind);
    return (await line.next(has)).events.find((one) => one.kind === kind);
  };
  return line;
}

// How long after the act began the other node knew, measured and bounded.
export async function measured(t, what, act, told) {
  const began = performance.now();
  let at;
  await Promise.all([act(), told().then(() => (at = performance.now() - began))]);
  t.diagnostic(`${what}: ${Math.round(at)} ms after the act began at the other node`);
  assert.ok(at < told_within_ms, `${what}: ${at} ms`);
}
export const answered = (client, path, status) =>
  until(`${path} is answered ${status}`, async () => {
    const answer = await client.get(path);
    return answer.status === status || answer.status;
  });

export async function conversationOf(client, subject) {
  let found;
  await until(`${subject} is there`, async () => {
    const { items } = (await client.get('/conversations?view=all&limit=100')).body;
    found = items.filter((one) => one.subject === subject);
    return found.length > 0;
  });
  assert.equal(found.length, 1, `${subject} is there once`);
  return found[0];
}
