// A plain LMTP (RFC 2033) or SMTP client, one message at a time, that says exactly what the server acknowledged.
import net from 'node:net';

// With CRLF, its dots doubled, and an end of its last line. What needs none of that is only looked through: replacing
// takes seconds for 100 MB.
function onTheWire(raw) {
  const lines = /(^|[^\r])\n/.test(raw) ? raw.replace(/\r?\n/g, '\r\n') : raw;
  const dotted = lines.startsWith('.') || lines.includes('\n.') ? lines.replace(/^\./gm, '..') : lines;
  return dotted.endsWith('\r\n') ? dotted : `${dotted}\r\n`;
}

export class Lmtp {
  static async connect(port, hello = 'LHLO test.example') {
    const client = new Lmtp();
    client.socket = net.connect({ host: '127.0.0.1', port });
    client.waiting = [];
    client.text = '';
    client.socket.setEncoding('utf8');
    client.socket.on('data', (chunk) => client.#take(chunk));
    client.socket.on('error', () => {});
    client.socket.on('close', () =>
      client.waiting.splice(0).forEach(({ reject }) => reject(new Error('connection lost'))),
    );
    await client.#reply();
    await client.#say(hello);
    return client;
  }
  #take(chunk) {
    this.text += chunk;
    for (;;) {
      const end = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.text);
      if (!end || !this.waiting.length) return;
      this.text = this.text.slice(end[0].length);
      this.waiting
        .shift()
        .resolve({ code: Number(end[0].trimEnd().split('\r\n').at(-1).slice(0, 3)), text: end[0].trimEnd() });
    }
  }
  #reply() {
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) return reject(new Error('connection lost'));
      this.waiting.push({ resolve, reject });
      this.#take('');
    });
  }
  #say(line) {
    this.socket.write(line + '\r\n');
    return this.#reply();
  }

  // Resolves with the reply to the message's final dot (one recipient), or to the step that refused it. A text goes as
  // UTF-8, a Buffer as it is.
  async send(from, to, message, parameters = '') {
    const isText = typeof message === 'string';
    const raw = isText ? message : message.toString('latin1');
    for (const line of [`MAIL FROM:<${from}>${parameters}`, `RCPT TO:<${to}>`, 'DATA']) {
      const reply = await this.#say(line);
      if (reply.code >= 400) {
        await this.#say('RSET');
        return reply;
      }
    }
    this.socket.write(`${onTheWire(raw)}.\r\n`, isText ? 'utf8' : 'latin1');
    return this.#reply();
  }
  close() {
    this.socket.destroy();
  }
}
