// A private clamd (Debian's) that knows one signature, EICAR's harmless test text, on a socket in a temporary folder.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// In two parts, so that no scanner takes this file for it. https://www.eicar.org/download-anti-malware-testfile/
export const eicar = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-' + 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
const signature = Buffer.from(eicar.slice(0, 44)).toString('hex');

const answers = (path) =>
  new Promise((resolve) => {
    const socket = connect(path, () => socket.end('zPING\0'));
    socket.on('data', (reply) => resolve(reply.includes('PONG')));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false)); // without a word: it has only begun to listen
  });

export class Clamd {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'answerable-clamd-'));
    this.path = join(this.folder, 'socket');
    this.address = `unix:${this.path}`;
    const database = join(this.folder, 'signatures.ndb');
    writeFileSync(database, `Eicar-Test-Signature:0:*:${signature}\n`);
    const settings = [
      `LocalSocket ${this.path}`,
      `DatabaseDirectory ${this.folder}`,
      'Foreground yes',
      'FixStaleSocket yes',
      `LogFile ${join(this.folder, 'log')}`, // it locks that: one of its own, for there may be two clamd
      // As an operator is told to (docs/operations/malware.md): what is too deep or too large is named, not passed.
      'AlertExceedsMax yes',
      'AlertEncryptedArchive yes',
      'StreamMaxLength 20M',
      'MaxScanSize 40M',
      'MaxFileSize 20M',
      'MaxRecursion 8',
      'MaxThreads 4',
    ];
    writeFileSync(join(this.folder, 'clamd.conf'), `${settings.join('\n')}\n`);
  }

  static async start() {
    const one = new Clamd();
    await one.run();
    return one;
  }

  async run() {
    rmSync(this.path, { force: true }); // what a killed one left
    this.child = spawn('/usr/sbin/clamd', ['-c', join(this.folder, 'clamd.conf')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const from of [this.child.stdout, this.child.stderr]) from.on('data', (words) => (said += words));
    let ended = false;
    this.exited = new Promise((resolve) => this.child.on('exit', resolve)).then(() => {
      ended = true;
    });
    while (!(await answers(this.path))) {
      if (ended) throw new Error(`clamd does not start (script/bootstrap --test installs it): ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async halt() {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  async stop() {
    await this.halt();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
