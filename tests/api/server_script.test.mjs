// What a stranger does first: script/server, and script/server again. With the program that the tests have built.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cleanEnvironment, Client, freePort, makeDataFolder, removeFolder } from '../lib/server.mjs';

const script = new URL('../../script/server', import.meta.url).pathname;
let folder;
before(async () => (folder = await makeDataFolder()));
after(() => removeFolder(folder));

// Starts it, waits until it is ready, hands over what it printed and how many milliseconds that took, and stops it.
async function startOnce(data, use = () => {}) {
  const port = freePort();
  const env = { ...cleanEnvironment(), PRESET: 'fuzz', PORT: port, MAIL_PORT: freePort(), ANSWERABLE_DATA: data };
  const started = performance.now();
  const child = spawn(script, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  let printed = '';
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (/^ready /m.test(printed)) resolve();
    });
    ended.then((how) => reject(new Error(`it ended before it was ready: ${JSON.stringify(how)}\n${said}`)));
  });
  const took = performance.now() - started;
  try {
    await use(`http://localhost:${port}`);
  } finally {
    child.kill('SIGTERM');
    assert.deepEqual(await ended, { code: 0, signal: null }, said);
  }
  return { printed, took };
}

test('script/server prints where to go, and as whom, with a password that works', { timeout: 300_000 }, async () => {
  const data = join(folder, 'new');
  let who;
  const { printed } = await startOnce(data, async (url) => {
    const [email, password] = (await readFile(join(data, 'demo-account'), 'utf8')).split('\n');
    who = { url, email, password };
    assert.equal((await new Client(url).signIn({ email, password })).user.email, email);
    assert.equal((await fetch(`${url}/demo/chat`)).status, 200);
  });
  for (const wanted of [who.url, who.email, who.password, `${who.url}/demo/chat`, 'LMTP on port '])
    assert.ok(printed.includes(wanted), `"${wanted}" is missing in:\n${printed}`);
});

// The best of three, for other tests run beside this one.
test('a second script/server is ready in under a second', { timeout: 120_000 }, async () => {
  const data = join(folder, 'second');
  await startOnce(data);
  const took = [];
  for (let i = 0; i < 3; ++i) took.push((await startOnce(data)).took);
  console.log(`# ready after ${took.map(Math.round).join(', ')} ms`);
  assert.ok(Math.min(...took) < 1000, `${took} ms`);
});
