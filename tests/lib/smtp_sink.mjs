#!/usr/bin/env node
// Takes mail over SMTP on loopback and keeps each message with its envelope as a file; misbehaves on request.
//   tests/lib/smtp_sink.mjs [--port N] [--dir FOLDER] [--tls FOLDER] [--user NAME:PASSWORD]
// prints "ready PORT", then one JSON line for each message taken; --tls: STARTTLS with FOLDER/key.pem and cert.pem
// In a test:
//   const sink = await SmtpSink.start({…}); await sink.waitFor(2); sink.messages; sink.behaviour = …;
//   sink.asRelay: the configuration of a server that sends through it
//   await sink.stop();
// behaviour (asked at each step; may change at any time) is a function (step, session) => what to do there:
//   steps: 'connect' 'helo' 'mail' 'rcpt' 'data' 'received' (all bytes are here, nothing is kept yet) 'kept'
//   answers: undefined go on · 'drop' cut the line · {code, text} say that instead · {wait: promise} go on after it
// At 'received' a {code} refuses the message; at 'kept' it is kept all the same: that is a reply lost or lied about.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TLSSocket, createSecureContext } from 'node:tls';
import { within } from './within.mjs';

const bytesMax = 64 * 1024 * 1024;
// The server's letters about people's own ways in, which go out whenever a test signs in anew, and about the policy and
// what was noticed: kept apart.
const isLetter =
  /^Subject: (Somebody has signed in|Connexion depuis un|A code of an|A passkey was|Acceptable use:|Unusual|Noticed:)/m;

class Session {
  constructor(sink, socket) {
    Object.assign(this, {
      sink,
      socket,
      text: Buffer.alloc(0),
      from: null,
      to: [],
      data: null,
      isTls: false,
      user: null,
    });
    this.work = Promise.resolve();
    this.listen(socket);
    this.work = this.step('connect', () => this.say(220, 'sink ESMTP'));
  }

  listen(socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.text = Buffer.concat([this.text, chunk]);
      this.work = this.work.then(() => this.takeAll());
    });
  }

  say(code, ...lines) {
    if (this.socket.destroyed) return;
    this.socket.write(lines.map((line, i) => `${code}${i < lines.length - 1 ? '-' : ' '}${line}\r\n`).join(''));
  }

  // Asks the behaviour; runs `otherwise` when it lets the step go on. True when it did.
  async step(name, otherwise) {
    let answer = this.sink.behaviour?.(name, this);
    if (answer?.wait) answer = await answer.wait;
    if (answer === 'drop') {
      this.socket.destroy();
      return false;
    }
    if (answer?.code) {
      this.say(answer.code, answer.text ?? 'as the test wants');
      return false;
    }
    await otherwise?.();
    return true;
  }

  async takeAll() {
    while (!this.socket.destroyed) {
      if (this.data !== null) {
        const end = this.text.indexOf('\r\n.\r\n');
        if (end < 0 && !this.text.subarray(0, 3).equals(Buffer.from('.\r\n'))) break;
        const stop = end < 0 ? 0 : end + 2;
        const raw = this.text.subarray(0, stop);
        this.text = this.text.subarray(stop + 3);
        this.data = null;
        await this.received(raw);
        continue;
      }
      const end = this.text.indexOf('\r\n');
      if (end < 0) break;
      const line = this.text.subarray(0, end).toString('utf8');
      this.text = this.text.subarray(end + 2);
      await this.command(line);
    }
    if (this.text.length > bytesMax) this.socket.destroy();
  }

  async command(line) {
    if (this.isAsked) line = `AUTH PLAIN ${line}`;
    this.isAsked = false;
    const verb = line.split(' ')[0].toUpperCase();
    this.sink.commands.push(line);
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    const handlers = {
      EHLO: () => this.step('helo', () => this.say(250, 'sink', ...this.extensions())),
      HELO: () => this.step('helo', () => this.say(250, 'sink')),
      MAIL: () => this.step('mail', () => (Object.assign(this, { from: address, to: [] }), this.say(250, 'ok'))),
      RCPT: () => this.step('rcpt', () => (this.to.push(address), this.say(250, 'ok'))),
      DATA: () => this.step('data', () => ((this.data = true), this.say(354, 'go on'))),
      RSET: () => (Object.assign(this, { from: null, to: [] }), this.say(250, 'ok')),
      NOOP: () => this.say(250, 'ok'),
      QUIT: () => (this.say(221, 'bye'), this.socket.end()),
      STARTTLS: () => this.startTls(),
      AUTH: () => this.authenticate(line),
    };
    await (handlers[verb] ?? (() => this.say(500, 'unknown command')))();
  }

  extensions() {
    const { tls, users } = this.sink.options;
    const auth = users && (this.isTls || !tls) ? ['AUTH PLAIN'] : [];
    return [
      '8BITMIME',
      'SMTPUTF8',
      'SIZE 67108864',
      'PIPELINING',
      ...(tls && !this.isTls ? ['STARTTLS'] : []),
      ...auth,
    ];
  }

  startTls() {
    const { tls } = this.sink.options;
    if (!tls || this.isTls) return this.say(502, 'no');
    this.say(220, 'go on');
    this.socket.removeAllListeners('data');
    const secure = new TLSSocket(this.socket, { isServer: true, secureContext: createSecureContext(tls) });
    this.isTls = true;
    this.text = Buffer.alloc(0);
    this.listen(secure);
  }

  authenticate(line) {
    const [, , encoded] = line.split(' ');
    if (!encoded) return ((this.isAsked = true), this.say(334, ''));
    const [, user, password] = Buffer.from(encoded, 'base64').toString('utf8').split('\0');
    const right = this.sink.options.users?.[user] === password && password !== undefined;
    if (right) this.user = user;
    this.say(right ? 235 : 535, right ? 'welcome' : 'wrong');
  }

  async received(stuffed) {
    const raw = Buffer.from(stuffed.toString('latin1').replace(/^\.\./gm, '.'), 'latin1');
    const { from, to, isTls, user } = this;
    if (!(await this.step('received'))) return;
    this.sink.keep({ from, to, raw, isTls, user });
    await this.step('kept', () => this.say(250, 'kept'));
  }
}

export class SmtpSink {
  messages = []; // {from, to, raw: Buffer, isTls, user, file?}
  letters = []; // the same, but letters of the server
  commands = [];
  #waiters = [];
  #sockets = new Set();

  // options: port (0: a free one), dir (keeps files there), tls {key, cert} (offers STARTTLS), users {name: password}
  static async start(options = {}) {
    const sink = new SmtpSink();
    Object.assign(sink, { options, behaviour: options.behaviour });
    if (options.dir) mkdirSync(options.dir, { recursive: true });
    sink.server = createServer((socket) => {
      sink.#sockets.add(socket);
      socket.on('close', () => sink.#sockets.delete(socket));
      new Session(sink, socket);
    });
    await new Promise((resolve) => sink.server.listen(options.port ?? 0, '127.0.0.1', resolve));
    sink.port = sink.server.address().port;
    sink.asRelay = {
      ANSWERABLE_MAIL_RELAY_HOST: '127.0.0.1',
      ANSWERABLE_MAIL_RELAY_PORT: String(sink.port),
      ANSWERABLE_MAIL_RELAY_SECURITY: 'none',
    };
    return sink;
  }

  keep(message) {
    if (isLetter.test(message.raw.toString('latin1', 0, 4_000))) return void this.letters.push(message);
    this.messages.push(message);
    if (this.options.dir) {
      const base = join(this.options.dir, String(this.messages.length).padStart(6, '0'));
      const { raw, ...envelope } = message;
      writeFileSync(base + '.eml', raw);
      writeFileSync(base + '.json', JSON.stringify(envelope) + '\n');
      message.file = base + '.eml';
    }
    this.options.onMessage?.(message);
    this.#waiters = this.#waiters.filter(({ holds, resolve }) => !holds() || resolve());
  }

  // Resolves as soon as so many messages are kept.
  async waitFor(count) {
    const holds = () => this.messages.length >= count;
    if (holds()) return;
    const came = new Promise((resolve) => this.#waiters.push({ holds, resolve }));
    await within(came, `${count} messages at the SMTP server, which has ${this.messages.length}`);
  }

  async stop() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const option = (name) => process.argv[process.argv.indexOf(name) + 1];
  const given = (name) => (process.argv.includes(name) ? option(name) : undefined);
  const onMessage = ({ from, to, raw, file, isTls, user }) =>
    console.log(JSON.stringify({ from, to, bytes: raw.length, file, isTls, user }));
  const pem = (name) => readFileSync(join(given('--tls'), name));
  const tls = given('--tls') && { key: pem('key.pem'), cert: pem('cert.pem') };
  const users = given('--user') && Object.fromEntries([given('--user').split(':')]);
  const port = Number(given('--port') ?? 0);
  const sink = await SmtpSink.start({ port, dir: given('--dir'), tls, users, onMessage });
  console.log(`ready ${sink.port}`);
  process.on('SIGTERM', () => void sink.stop());
}
