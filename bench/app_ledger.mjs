// What the ledger costs the whole program: mail in and notes, with it and without it (bench/ledger_switch.h).
//   node bench/app_ledger.mjs [--pairs 8] [--mails 4000] [--seconds 3] [--folder /var/tmp]
// Method: two servers of one program (release, SQLite, durable commits in groups), one without its ledger, each with a
// data folder of its own, take turns in the order on-off-off-on: a block of mails of 16 senders over LMTP, a block of
// notes over HTTP (wrk, 8 connections). The other one is idle meanwhile. Each pair of blocks gives a ratio of rates and
// one of processor time (of the server's process, until everything is indexed and the ledger signed); the middle ones
// count. Target: with the ledger at least 0.95 of the rate without.
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const built = process.env.ANSWERABLE_BIN ?? new URL('../build/release/answerable', import.meta.url).pathname;
process.env.ANSWERABLE_BIN = join(dirname(built), 'bench_app_ledger');
const { Client, initDemo, Server } = await import('../tests/lib/server.mjs');
const { option, pause, run, sendMail, serverEnv, settled } = await import('./load.mjs');

const pairs = Number(option('--pairs', 8));
const mails = Number(option('--mails', 4_000));
const seconds = Number(option('--seconds', 3));
const folder = await mkdtemp(join(option('--folder', '/var/tmp'), 'answerable-bench-'));
const sealed_ms = 1_000; // a checkpoint is signed at most so long after activity

function cpuSeconds(server) {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function start(name, ledger) {
  const data = join(folder, name);
  const env = { ...serverEnv, BENCH_LEDGER: ledger };
  const account = await initDemo(data, { BENCH_LEDGER: ledger });
  const server = await Server.start(data, { env });
  const client = new Client(server.url);
  await client.signIn(account);
  const { body } = await client.request('GET', '/api/v1/conversations?view=all&limit=100');
  return { server, name, cookie: client.cookie, ids: body.items.map((item) => item.id), first: 1_000_000 };
}

async function mailBlock(bed) {
  const sent = await sendMail(bed.server, mails, bed.first, 'html');
  bed.first += mails;
  return { count: sent.acknowledged, rate: sent.acknowledged / sent.seconds };
}

let block = 0;
async function noteBlock(bed) {
  const path = join(folder, 'notes.lua');
  block += 1;
  await writeFile(
    path,
    `wrk.headers["Cookie"] = "${bed.cookie}"
wrk.headers["X-Requested-With"] = "answerable"
wrk.headers["Content-Type"] = "application/json"
local n = 0
local ids = {${bed.ids.map((id) => `"${id}"`).join(',')}}
request = function()
  n = n + 1
  wrk.headers["Idempotency-Key"] = "${block}-" .. n .. "-" .. math.random(1000000000)
  return wrk.format("POST", "/api/v1/conversations/" .. ids[math.random(#ids)] .. "/messages", nil,
    '{"kind":"note","text":"The lantern is on its way, number ' .. n .. '."}')
end
done = function(summary, latency)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %d %f %d\\n", summary.requests, summary.requests / (summary.duration / 1e6), errors))
end\n`,
  );
  const { stdout } = await run('wrk', ['-t1', '-c8', `-d${seconds}s`, '-s', path, bed.server.url]);
  const [count, rate, errors] = /RESULT (.*)/.exec(stdout)[1].split(' ').map(Number);
  if (errors > 0) throw new Error(`${errors} answers were errors`);
  return { count, rate };
}

async function measured(act, bed) {
  const before = cpuSeconds(bed.server);
  const { count, rate } = await act(bed);
  await settled(bed.server);
  await pause(sealed_ms);
  return { rate, cpu_us: ((cpuSeconds(bed.server) - before) / count) * 1e6 };
}

const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
async function compare(what, act, on, off) {
  const found = [];
  for (let pair = -1; pair < pairs; ++pair) {
    const isOnFirst = pair % 4 === 0 || pair % 4 === 3;
    const first = await measured(act, isOnFirst ? on : off);
    const second = await measured(act, isOnFirst ? off : on);
    if (pair >= 0) found.push(isOnFirst ? { on: first, off: second } : { on: second, off: first }); // one warms up
  }
  const of = (read) => middle(found.map(read));
  const rate = of((one) => one.on.rate / one.off.rate);
  const cpu = of((one) => one.off.cpu_us / one.on.cpu_us);
  const all = found.map((one) => (one.on.rate / one.off.rate).toFixed(2)).sort();
  console.log(
    `  ${what.padEnd(6)} on ${of((one) => one.on.rate).toFixed(0)}/s, ${of((one) => one.on.cpu_us).toFixed(0)} us` +
      `   off ${of((one) => one.off.rate).toFixed(0)}/s, ${of((one) => one.off.cpu_us).toFixed(0)} us` +
      `   rate ${rate.toFixed(3)} (${all[0]} to ${all.at(-1)})   processor ${cpu.toFixed(3)}` +
      `   ${rate >= 0.95 ? 'target ≥ 0.95' : 'MISSED: target ≥ 0.95'}`,
  );
}

console.log(`${pairs} pairs of blocks (${mails} mails; notes for ${seconds} s), in ${folder}`);
let on, off;
try {
  on = await start('on', 'on');
  off = await start('off', 'off');
  await compare('mail', mailBlock, on, off);
  await compare('notes', noteBlock, on, off);
} finally {
  await Promise.all([on, off].map((bed) => bed?.server.stop()));
  rmSync(folder, { recursive: true, force: true });
}
