// What the measurements of the whole program share: mail by bench_channels_load, and waiting until all is handled.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { program } from '../tests/lib/server.mjs';

export const run = promisify(execFile);
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const address = 'support@demo.example';

// One machine stands for thousands of peers and people, and its mail is proven (bench/letters.h).
export const serverEnv = {
  ANSWERABLE_MAIL_AUTHSERV_ID: 'mail.example.org',
  ANSWERABLE_MAIL_MESSAGES_PER_PEER: '100000000',
  ANSWERABLE_SERVER_CONNECTIONS_PER_ADDRESS: '20000',
  ANSWERABLE_SERVER_ATTEMPTS_PATIENCE: '1000',
};

// The word after `name` on the command line.
export function option(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
}

// The sum over all labels.
export async function metric(server, name) {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

// Until everything that was taken is in its conversation and in the search index.
export async function settled(server) {
  for (;;) {
    const behind =
      (await metric(server, 'answerable_reader_lag_events')) + (await metric(server, 'answerable_intake_waiting'));
    if (behind === 0) return;
    await pause(50);
  }
}

export async function sendMail(server, count, first, kind) {
  const args = [String(server.lmtpPort), address, String(count), '16', String(first), kind];
  return JSON.parse((await run(join(program, '..', 'bench_channels_load'), args)).stdout);
}
