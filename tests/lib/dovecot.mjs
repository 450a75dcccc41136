// A private Dovecot for a test in JavaScript: dovecot.sh, whose variables `settings` may hold.
import { execFileSync, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = new URL('dovecot.sh', import.meta.url).pathname;
let saved = 0;

export class Dovecot {
  static async start(settings = {}) {
    const server = new Dovecot();
    const work =
      `. '${script}'; dovecot_start || exit 1; trap dovecot_stop EXIT; ` +
      'echo "$ANSWERABLE_TEST_IMAP_PORT $ANSWERABLE_TEST_POP3_PORT $ANSWERABLE_TEST_DOVECOT' +
      ' $ANSWERABLE_TEST_SUBMISSION_PORT"; read -r _';
    const env = { ...process.env, ...settings };
    server.child = spawn('bash', ['-c', work], { stdio: ['pipe', 'pipe', 'inherit'], env });
    const line = await new Promise((resolve, reject) => {
      createInterface({ input: server.child.stdout }).once('line', resolve);
      server.child.on('exit', () => reject(new Error('Dovecot does not start (script/bootstrap --test installs it)')));
    });
    const [port, pop3, folder, submission] = line.split(' ');
    return Object.assign(server, { port: Number(port), pop3: Number(pop3), submission: Number(submission), folder });
  }

  save(user, mail, folder = 'INBOX') {
    const file = join(tmpdir(), `answerable-dovecot-${process.pid}-${++saved}.eml`);
    writeFileSync(file, mail);
    const env = { ...process.env, ANSWERABLE_TEST_DOVECOT: this.folder };
    execFileSync(script, ['save', user, file, folder], { env });
    rmSync(file);
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.on('exit', resolve));
    this.child.stdin.end();
    await ended;
  }
}
