// The inbox in Chromium against the whole program: 10,000 conversations scrolled, conversations switched, typing, mails
// that arrive meanwhile.
//   node bench/inbox.mjs [--conversations 10000] [--folder /var/tmp]     (script/bench inbox builds what it needs)
// Method: the release binary with its defaults in a new data folder, five mails of 3.4 KB a conversation by LMTP; then
// web/scripts/speed.mjs on the same machine, without a graphics card. Frames and switches are of the wall time, from
// one frame, or from the key, to the frame that shows what was asked for; other work on the machine counts. What is
// named cpu is the processor time of the page's main thread. Ends badly only when it could not measure.
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { browserEnv, initDemo, Server } from '../tests/lib/server.mjs';
import { address, option, run, sendMail, serverEnv, settled } from './load.mjs';

const at = (path) => new URL(path, import.meta.url).pathname;
const conversations = Number(option('--conversations', 10_000));
const folder = await mkdtemp(join(option('--folder', '/var/tmp'), 'answerable-bench-'));

// speed.mjs ends badly on a missed target too: that it measured is seen by its line of figures.
async function measure(server, { email, password }) {
  const args = [at('../web/scripts/speed.mjs'), '--wall', '--url', server.url, '--email', email];
  args.push('--password', password, '--lmtp', String(server.lmtpPort), '--to', address);
  const { stdout = '', stderr } = await run(process.execPath, args).catch((error) => error);
  const [line, ...misses] = stdout.trim().split('\n');
  if (!line.startsWith('{')) throw new Error(`nothing was measured: ${stdout}${stderr}`);
  return { figures: JSON.parse(line), misses };
}

function show({ figures, misses }) {
  const targets = { scroll_frame_max_ms: 50, fling_frame_max_ms: 50, switch_p95_ms: 100 };
  for (const [name, value] of Object.entries(figures)) {
    const target = targets[name] ? `target ≤ ${targets[name]}` : '';
    console.log(`  ${name.padEnd(34)} ${String(value).padStart(9)}  ${target}`.trimEnd());
  }
  for (const miss of misses) console.log(`  MISSED: ${miss}`);
  console.log(misses.length === 0 ? '\nevery target is reached' : `\n${misses.length} targets are missed`);
}

console.log(`folder ${folder}, ${conversations.toLocaleString('en')} conversations of 5 messages\n`);
let server;
try {
  const env = { ...browserEnv(), ...serverEnv };
  const account = await initDemo(join(folder, 'data'), env);
  server = await Server.start(join(folder, 'data'), { env });
  await sendMail(server, conversations * 5, 1_000_000, 'html');
  await settled(server);
  show(await measure(server, account));
} finally {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}
