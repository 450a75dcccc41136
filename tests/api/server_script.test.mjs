// What a stranger does first: script/server, and script/server again. With the program that the tests have built.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cleanEnvironment, Client, freePort, makeDataFolder, removeFolder } from '../lib/server.mjs';

const script = new URL('../../script/server', import.meta.url).pathname;
let folder;
before(async () => (folder = await makeDataFolder()));
after(() => removeFolder(folder));

// Processor milliseconds of a process and of those that it has waited for.
function processor_ms(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks * 10; // of 100 a second on every Linux that we know
}

// Between the look for a free port and the start another test may have taken it.
async function startOnce(data, use, tries = 5) {
  try {
    return await startAt(freePort(), data, use);
  } catch (error) {
    if (tries === 1 || !error.message.includes('(cannot_listen)')) throw error;
    return startOnce(data, use, tries - 1);
  }
}

// Starts it, waits until it is ready, hands over what it printed and what that took, and stops it.
async function startAt(port, data, use = () => {}) {
  const env = { ...cleanEnvironment(), PRESET: 'asan', PORT: port, MAIL_PORT: freePort(), ANSWERABLE_DATA: data };
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
  const took = { wall_ms: Math.round(performance.now() - started), processor_ms: processor_ms(child.pid) };
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

// Other tests run beside this one and take the processors: what it takes of them itself is what counts.
test('a second script/server is ready in under a second', { timeout: 120_000 }, async () => {
  const data = join(folder, 'second');
  await startOnce(data);
  const took = [];
  for (let i = 0; i < 3; ++i) took.push((await startOnce(data)).took);
  const said = JSON.stringify(took);
  console.log(`# ready after ${said}`);
  assert.ok(Math.min(...took.map((one) => one.processor_ms)) < 1000, said);
  assert.ok(Math.min(...took.map((one) => one.wall_ms)) < 4000, said);
});
