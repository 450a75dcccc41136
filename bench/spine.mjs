// The whole program, from outside, on a real disk: mail in, reading, searching, replying, idle screens, memory, start.
// Each figure stands beside its target and beside the machine's own limit, measured in the same run.
//   node bench/spine.mjs [--conversations 50000] [--folder /var/tmp]     (script/bench builds what it needs)
// Method: the release binary with its defaults (SQLite, synchronous=FULL) in a new data folder. Mail:
// bench_channels_load, 16 connections over LMTP, five mails of 3.4 KB a conversation, both programs on both cores;
// processor time is that of the server's process, from /proc. Reading: wrk, 8 connections, the server pinned to one
// core and wrk to the other, conversations at random; replying: the server on both. nginx serves a file of the same
// size in the same way. Percentiles are of the wall time, without correction for what a busy machine does.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, readFileSync, readdirSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { join } from 'node:path';
import { Client, command, freePort, initDemo, program, Server } from '../tests/lib/server.mjs';
import { metric, option, pause, run, sendMail, serverEnv, settled } from './load.mjs';

const conversations = Number(option('--conversations', 50_000));
const messages = conversations * 5;
const folder = await mkdtemp(join(option('--folder', '/var/tmp'), 'answerable-bench-'));
const data = join(folder, 'data');
let missed = 0;

function show(what, value, unit, { atLeast, atMost, beside = '' } = {}) {
  let verdict = '';
  if (atLeast !== undefined)
    verdict =
      value >= atLeast
        ? `target ≥ ${atLeast}`
        : `MISSED: target ≥ ${atLeast}, short by ${(atLeast / value).toFixed(2)}×`;
  if (atMost !== undefined)
    verdict =
      value <= atMost ? `target ≤ ${atMost}` : `MISSED: target ≤ ${atMost}, over by ${(value / atMost).toFixed(2)}×`;
  if (verdict.startsWith('MISSED')) missed += 1;
  const figure = value >= 1000 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3));
  console.log(
    `  ${what.padEnd(46)} ${String(figure).padStart(9)} ${unit.padEnd(11)} ${verdict.padEnd(16)} ${beside}`.trimEnd(),
  );
}

// ---- what the machine does by itself
function rawSyncs(seconds = 2) {
  const path = join(folder, 'raw');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4096, 'x');
  let count = 0;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ++count) {
    writeSync(file, page, 0, page.length, (count % 1000) * 4096);
    fdatasyncSync(file);
  }
  closeSync(file);
  unlinkSync(path);
  return count / seconds;
}

// Raw SQLite beside our writer, in the same minutes.
async function storeAlone() {
  console.log('the store alone');
  const { stdout } = await run(join(program, '..', 'bench_store_commit'), ['0.4', folder]);
  console.log(stdout.trim().replace(/^/gm, '  '));
}

// ---- the server's process, from outside
const statusOf = (server, field) =>
  Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]);
const rssMiB = (server) => statusOf(server, 'VmRSS') / 1024;
function cpuOf(stat) {
  const fields = readFileSync(stat, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
const cpuSeconds = (server) => cpuOf(`/proc/${server.pid}/stat`);
// Seconds by the name of the thread; threads of one name together.
function cpuOfThreads(server) {
  const sum = {};
  for (const task of readdirSync(`/proc/${server.pid}/task`)) {
    const path = `/proc/${server.pid}/task/${task}`;
    const name = readFileSync(`${path}/comm`, 'utf8').trim();
    sum[name] = (sum[name] ?? 0) + cpuOf(`${path}/stat`);
  }
  return sum;
}
const pin = (server, cores) =>
  execFileSync('taskset', ['-a', '-c', '-p', cores, String(server.pid)], { stdio: 'ignore' });

async function start() {
  const begun = performance.now();
  const server = await Server.start(data, { env: serverEnv });
  const answer = await fetch(`${server.url}/readyz`);
  if (answer.status !== 200) throw new Error(`not ready: ${answer.status}`);
  return { server, ready_ms: performance.now() - begun };
}

// ---- HTTP load
const lua = (body) => `math.randomseed(os.time())\n${body}`;
async function wrk(url, script, { connections = 8, seconds = 5 } = {}) {
  const path = join(folder, 'load.lua');
  await writeFile(
    path,
    `${lua(script)}
done = function(summary, latency)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %f %f %f %d\\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, errors))
end\n`,
  );
  const args = ['-c', '1', 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '-s', path, url];
  const { stdout } = await run('taskset', args);
  const [rate, p50, p99, errors] = /RESULT (.*)/.exec(stdout)[1].split(' ').map(Number);
  if (errors > 0) throw new Error(`${errors} answers of ${url} were errors`);
  return { rate, p50, p99 };
}
const headersOf = (cookie) => `wrk.headers["Cookie"] = "${cookie}"\nwrk.headers["X-Requested-With"] = "answerable"\n`;

async function nginxStatic(bytes) {
  const port = freePort();
  await writeFile(join(folder, 'page.json'), 'x'.repeat(bytes));
  const config = join(folder, 'nginx.conf');
  await writeFile(
    config,
    `${process.getuid() === 0 ? 'user root;' : ''} daemon off; worker_processes 1; pid ${folder}/nginx.pid;
     error_log /dev/null;
     events { worker_connections 256; }
     http { access_log off; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p;
       fastcgi_temp_path ${folder}/f;
       uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
       keepalive_requests 10000000;
       server { listen 127.0.0.1:${port}; root ${folder}; } }`,
  );
  const child = spawn('taskset', ['-c', '0', 'nginx', '-c', config, '-p', folder], { stdio: 'ignore' });
  for (let tries = 0; tries < 100; ++tries) {
    if (
      await fetch(`http://127.0.0.1:${port}/page.json`).then(
        (a) => a.ok,
        () => false,
      )
    )
      break;
    await pause(20);
  }
  const result = await wrk(`http://127.0.0.1:${port}/page.json`, '', { seconds: 3 });
  child.kill();
  return result;
}

async function idleSockets(server, cookie, count) {
  const sockets = [];
  const open = () =>
    new Promise((resolve, reject) => {
      const socket = net.connect(server.webPort, '127.0.0.1', () => {
        socket.write(
          `GET /api/v1/live HTTP/1.1\r\nHost: localhost:${server.webPort}\r\nOrigin: http://localhost\r\n` +
            `Cookie: ${cookie}\r\n` +
            `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
            `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
        );
      });
      socket.once('data', (chunk) => {
        const line = chunk.toString('latin1').split('\r\n')[0];
        line.includes(' 101 ') ? resolve(sockets.push(socket)) : reject(new Error(line));
        const hello = Buffer.from(JSON.stringify({ type: 'hello' }));
        socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | hello.length, 0, 0, 0, 0]), hello]));
        socket.on('data', () => {});
      });
      socket.on('error', reject);
    });
  for (let i = 0; i < count; i += 50) await Promise.all(Array.from({ length: Math.min(50, count - i) }, open));
  return sockets;
}

// ---- the day
async function measureStart() {
  console.log('start and memory');
  const times = [];
  for (let i = 0; i < 5; ++i) {
    const { server, ready_ms } = await start();
    times.push(ready_ms);
    await pause(1_500);
    if (i === 4) show('idle process, resident', rssMiB(server), 'MiB', { atMost: 48 });
    await server.stop();
  }
  times.sort((a, b) => a - b);
  show('ready after start, median of 5', times[2], 'ms', { atMost: 300 });
}

async function measureMail(server, what, count, first, kind) {
  console.log(`mail in: ${count.toLocaleString('en')} ${what} of 16 concurrent senders`);
  const syncs = rawSyncs();
  const before = { cpu: cpuOfThreads(server), commits: await metric(server, 'answerable_store_commits_total') };
  const begun = performance.now();
  let lag = 0;
  const look = async () => (lag = Math.max(lag, await metric(server, 'answerable_reader_lag_events')));
  const watch = setInterval(look, 500);
  const sent = await sendMail(server, count, first, kind);
  const commits = (await metric(server, 'answerable_store_commits_total')) - before.commits;
  const acknowledged = performance.now();
  await settled(server);
  clearInterval(watch);
  const caughtUp = (performance.now() - acknowledged) / 1000;
  const rate = sent.acknowledged / sent.seconds;
  show('acknowledged, durable', rate, 'messages/s', { atLeast: 4_000, beside: `raw fdatasync ${Math.round(syncs)}/s` });
  show('acknowledged and indexed', sent.acknowledged / ((performance.now() - begun) / 1000), 'messages/s');
  show('accept, from last byte to 250, p50', sent.p50_ms, 'ms');
  show('accept, from last byte to 250, p99', sent.p99_ms, 'ms');
  const used = cpuOfThreads(server);
  const each = Object.keys(used)
    .map((name) => [name, (((used[name] ?? 0) - (before.cpu[name] ?? 0)) * 1000) / sent.acknowledged])
    .filter(([, ms]) => ms > 0.003)
    .sort((a, b) => b[1] - a[1]);
  const cpu = each.reduce((sum, [, ms]) => sum + ms, 0);
  const beside = each.map(([name, ms]) => `${name} ${ms.toFixed(3)}`).join(', ');
  show('processor time, search index included', cpu, 'ms/message', { atMost: 0.6, beside });
  show('messages a commit (one fdatasync each)', sent.acknowledged / commits, 'messages', { atLeast: 20 });
  show('search index, most events behind', lag, 'events');
  show('search index, caught up after the last 250', caughtUp, 's', { atMost: 2 });
}

async function measureReading(server, client) {
  console.log(`reading at ${conversations.toLocaleString('en')} conversations: 8 connections, server on one core`);
  pin(server, '0');
  const ids = [];
  for (let cursor = ''; ids.length < 2_000;) {
    const { body } = await client.request('GET', `/api/v1/conversations?view=all&limit=100${cursor}`);
    ids.push(...body.items.map((item) => item.id));
    cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
  }
  const head = headersOf(client.cookie);
  const list = async (what, path, targets) => {
    const bytes = (await (await fetch(server.url + path, { headers: { Cookie: client.cookie } })).text()).length;
    const figure = await wrk(`${server.url}${path}`, head);
    const limit = await nginxStatic(bytes);
    const beside = `nginx static of ${bytes} bytes: ${Math.round(limit.rate)}/s, p99 ${limit.p99.toFixed(2)} ms`;
    show(`${what}, rate`, figure.rate, '/s', { ...targets, beside });
    show(`${what}, p99`, figure.p99, 'ms', { atMost: 5 });
  };
  await list('list of 50', '/api/v1/conversations?view=all&limit=50', { atLeast: 3_000 });
  const openOne = `${head}local ids = {${ids.map((id) => `"${id}"`).join(',')}}
request = function() return wrk.format("GET", "/api/v1/conversations/" .. ids[math.random(#ids)]) end\n`;
  const bytes = (
    await (await fetch(`${server.url}/api/v1/conversations/${ids[5]}`, { headers: { Cookie: client.cookie } })).text()
  ).length;
  const limit = await nginxStatic(bytes);
  const opened = await wrk(server.url, openOne);
  const beside = `nginx static of ${bytes} bytes: ${Math.round(limit.rate)}/s, p99 ${limit.p99.toFixed(2)} ms`;
  show('open a conversation of 5, rate', opened.rate, '/s', { atLeast: 3_000, beside });
  show('open a conversation of 5, p99', opened.p99, 'ms', { atMost: 5 });
  const found = await wrk(`${server.url}/api/v1/search?q=lantern`, head, { connections: 1 });
  const total = (await client.request('GET', '/api/v1/search?q=lantern')).body;
  show(`search a word of every message (${total.total} hits), p99`, found.p99, 'ms', { atMost: 30 });
  const found8 = await wrk(`${server.url}/api/v1/search?q=lantern`, head);
  show('the same, 8 at once, p99', found8.p99, 'ms');
  pin(server, '0,1');
}

// Last, for then the outbox is full of mail for a relay that is not there. First at a pace (each of 8 connections waits
// 0 to 80 ms after an answer), then as fast as it goes.
async function measureReplies(server, client) {
  console.log('replying: 8 connections, both programs on both cores');
  client.url = server.url;
  const { body } = await client.request('GET', '/api/v1/conversations?view=all&limit=100');
  const ids = body.items.map((item) => item.id);
  const head = headersOf(client.cookie);
  const replies = `${head}wrk.headers["Content-Type"] = "application/json"
local n = 0
local mark = "${randomBytes(6).toString('hex')}" .. math.random(1000000)
local ids = {${ids.map((id) => `"${id}"`).join(',')}}
request = function()
  n = n + 1
  wrk.headers["Idempotency-Key"] = mark .. n
  return wrk.format("POST", "/api/v1/conversations/" .. ids[math.random(#ids)] .. "/messages", nil,
    '{"kind":"reply","text":"Your lantern is on its way, number ' .. n .. '."}')
end\n`;
  const beside = `raw fdatasync ${Math.round(rawSyncs(1))}/s`;
  const paced = await wrk(server.url, `${replies}delay = function() return math.random(0, 80) end\n`);
  show('reply accepted, paced, rate', paced.rate, '/s', { beside });
  show('reply accepted, paced, p99', paced.p99, 'ms', { atMost: 10 });
  const replied = await wrk(server.url, replies);
  show('reply accepted, without pause, rate', replied.rate, '/s');
  show('reply accepted, without pause, p99', replied.p99, 'ms', { atMost: 10 });
}

async function measureScreens(server, client) {
  console.log('10,000 idle screens (WebSocket, signed in, following the event log)');
  const before = rssMiB(server);
  const sockets = await idleSockets(server, client.cookie, 10_000);
  await pause(1_000);
  show('memory a screen', ((rssMiB(server) - before) * 1024) / sockets.length, 'KiB', { atMost: 16 });
  const cpu = cpuSeconds(server);
  await pause(5_000);
  show('processor while all are idle', ((cpuSeconds(server) - cpu) / 5) * 100, '% of a core');
  for (const socket of sockets) socket.destroy();
}

// One person reads as much as thousands do, and has as many screens: nobody asks her why, and the agreement allows it.
async function liftLimits(server, client, { password }) {
  const did = async (by, path, body) => {
    const { status, body: answer } = await by.request('PUT', `/api/v1/${path}`, body);
    if (status > 299) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
  };
  await did(client, 'read-rules', { closed_days: 0, many_per_hour: 0 });
  const operator = new Client(server.url);
  await operator.signIn({ email: 'op@bench.example', password });
  const { workspace } = (await client.request('GET', '/api/v1/session')).body;
  const agreement = { signed_at: new Date().toISOString(), signatory: 'Bench', connections: 20_000 };
  await did(operator, `oversight/workspaces/${workspace.id}/agreement`, agreement);
}

console.log(`folder ${folder}, ${conversations.toLocaleString('en')} conversations of 5 messages\n`);
try {
  const account = await initDemo(data);
  const operator = ['user', 'add', 'op@bench.example', '--role', 'operator', '--password-stdin'];
  const added = await command(data, operator, { input: `${account.password}\n` });
  if (added.status !== 0) throw new Error(added.stderr);
  await measureStart();
  let { server } = await start();
  await storeAlone();
  await measureMail(server, 'HTML mails of 3.7 KB', messages, 1_000_000, 'html');
  await measureMail(server, 'plain mails of 3.7 KB', 20_000, 3_000_000, 'plain');
  await server.stop();
  console.log(`at ${conversations.toLocaleString('en')} conversations`);
  await measureStart();
  ({ server } = await start());
  const client = new Client(server.url);
  await client.signIn(account);
  await liftLimits(server, client, account);
  await measureReading(server, client);
  await server.stop();
  ({ server } = await start());
  await measureScreens(server, client);
  await measureReplies(server, client);
  await server.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(missed === 0 ? '\nevery target is reached' : `\n${missed} targets are missed`);
