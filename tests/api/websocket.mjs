// A small WebSocket client (RFC 6455): Node 20 has none. Text frames only; what breaks the rules is an error.
import { randomBytes } from 'node:crypto';
import http from 'node:http';

export function openWebSocket(url, headers = {}) {
  return new Promise((resolve, reject) => {
    const key = randomBytes(16).toString('base64');
    const request = http.request(url.replace(/^ws/, 'http'), {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': key,
        ...headers,
      },
    });
    request.on('response', (answer) => {
      answer.resume();
      reject(Object.assign(new Error(`refused: ${answer.statusCode}`), { status: answer.statusCode }));
    });
    request.on('error', reject);
    request.on('upgrade', (_answer, socket, head) => resolve(new Line(socket, head)));
    request.end();
  });
}

class Line {
  constructor(socket, head) {
    this.socket = socket;
    this.waiting = Buffer.from(head);
    this.frames = [];
    this.wake = () => {};
    this.closed = new Promise((resolve) => {
      this.hasClosed = resolve;
    });
    socket.on('data', (bytes) => {
      this.waiting = Buffer.concat([this.waiting, bytes]);
      this.read();
    });
    socket.on('close', () => {
      this.hasClosed(1006);
      this.isClosed = true;
      this.wake();
    });
    socket.on('error', () => {});
    this.read();
  }

  read() {
    for (;;) {
      if (this.waiting.length < 2) return;
      const opcode = this.waiting[0] & 15;
      let size = this.waiting[1] & 127;
      let at = 2;
      if (size === 126) {
        if (this.waiting.length < 4) return;
        size = this.waiting.readUInt16BE(2);
        at = 4;
      } else if (size === 127) {
        if (this.waiting.length < 10) return;
        size = Number(this.waiting.readBigUInt64BE(2));
        at = 10;
      }
      if (this.waiting.length < at + size) return;
      const payload = this.waiting.subarray(at, at + size);
      this.waiting = this.waiting.subarray(at + size);
      if (opcode === 1) {
        this.frames.push(JSON.parse(payload.toString('utf8')));
        this.wake();
      }
      if (opcode === 9) this.write(10, payload);
      if (opcode === 8) {
        this.hasClosed(payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
        this.write(8, payload);
        this.socket.end();
      }
    }
  }

  write(opcode, payload) {
    const mask = randomBytes(4);
    const size =
      payload.length < 126
        ? Buffer.from([128 | payload.length])
        : Buffer.from([254, payload.length >> 8, payload.length & 255]);
    const masked = Buffer.from(payload.map((byte, i) => byte ^ mask[i % 4]));
    this.socket.write(Buffer.concat([Buffer.from([128 | opcode]), size, mask, masked]));
  }

  sendText(text) {
    this.write(1, Buffer.from(text));
  }
  send(frame) {
    this.sendText(JSON.stringify(frame));
  }
  close() {
    this.write(8, Buffer.from([3, 232]));
    return this.closed;
  }

  // The first frame for which the predicate holds, taken out; those before it stay.
  async next(predicate) {
    for (;;) {
      const at = this.frames.findIndex(predicate);
      if (at >= 0) return this.frames.splice(at, 1)[0];
      if (this.isClosed) throw new Error('the line was closed');
      await new Promise((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
