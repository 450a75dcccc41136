// A real Postfix for a test (postfix.sh), and what stands between it and a server of ours.
//   const postfix = await Postfix.start({ 'demo.example': `lmtp:inet:127.0.0.1:${front.port}` });
//   await postfix.send(from, to, raw); await postfix.flush(); await postfix.queue();
//   await postfix.stop();
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Lmtp } from './lmtp.mjs';

const script = new URL('./postfix.sh', import.meta.url).pathname;

/** Why the tests with it cannot run here, or false. */
export const without_postfix = process.getuid() === 0 ? false : 'Postfix can be started by root only';

export class Postfix {
  static async start(routes) {
    const postfix = new Postfix();
    const list = Object.entries(routes).map(([domain, next]) => `${domain}=${next}`);
    const say = 'echo "$ANSWERABLE_TEST_POSTFIX_PORT $ANSWERABLE_TEST_POSTFIX"; read -r _';
    postfix.child = spawn(script, ['run', ...list, '--', 'bash', '-c', say], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    postfix.exited = new Promise((resolve) => postfix.child.on('exit', resolve));
    const line = await new Promise((resolve, reject) => {
      createInterface({ input: postfix.child.stdout }).once('line', resolve);
      void postfix.exited.then(() => reject(new Error('Postfix does not start (script/bootstrap --test installs it)')));
    });
    postfix.port = Number(line.split(' ')[0]);
    postfix.folder = line.split(' ')[1];
    return postfix;
  }

  async #run(act) {
    const env = { ...process.env, ANSWERABLE_TEST_POSTFIX: this.folder };
    return (await promisify(execFile)(script, [act], { env })).stdout;
  }
  /** Tries everything that waits at once. */
  async flush() {
    await this.#run('flush');
  }
  /** What waits: {queue_name, sender, recipients: [{address, delay_reason}]} each. */
  async queue() {
    const lines = (await this.#run('queue')).trim().split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line));
  }
  get log() {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }
  get ca_file() {
    return join(this.folder, 'ca.pem');
  }

  connect() {
    return Lmtp.connect(this.port, 'EHLO client.test');
  }
  /** One mail on a connection of its own; fails unless Postfix took it. */
  async send(from, to, raw, parameters) {
    const client = await this.connect();
    const reply = await client.send(from, to, raw, parameters);
    client.close();
    if (reply.code !== 250) throw new Error(`Postfix does not take the mail: ${reply.text}`);
  }
  async stop() {
    this.child.stdin.end();
    await this.exited;
  }
}

/** A port that stays the same while the server behind it comes and goes, and that hears what the client says. */
export class Front {
  static async start() {
    const front = new Front();
    Object.assign(front, { target: 0, commands: [], sockets: new Set() });
    front.server = net.createServer((client) => front.#join(client));
    await new Promise((resolve) => front.server.listen(0, '127.0.0.1', resolve));
    front.port = front.server.address().port;
    return front;
  }
  #join(client) {
    const server = net.connect({ host: '127.0.0.1', port: this.target });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ]) {
      this.sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
    client.on('data', (chunk) => {
      for (const line of chunk.toString('utf8').split('\r\n'))
        if (/^(LHLO|MAIL|RCPT|DATA|BDAT|STARTTLS)\b/.test(line)) this.commands.push(line);
    });
  }
  async stop() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
