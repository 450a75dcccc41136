// The server half of RFC 6455, as little as a development server needs: text frames, ping, close. No fragments.
import { createHash } from 'node:crypto';

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

function frame(opcode, payload) {
  const size = payload.length;
  const head =
    size < 126
      ? Buffer.from([0x80 | opcode, size])
      : size < 65_536
        ? Buffer.from([0x80 | opcode, 126, size >> 8, size & 255])
        : Buffer.alloc(10);
  if (size >= 65_536) {
    head[0] = 0x80 | opcode;
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(size), 2);
  }
  return Buffer.concat([head, payload]);
}

/** One whole frame from the start of `buffer`, or null when more bytes are needed. */
function unframe(buffer) {
  if (buffer.length < 2) return null;
  let size = buffer[1] & 127;
  let at = 2;
  if (size === 126) {
    if (buffer.length < 4) return null;
    size = buffer.readUInt16BE(2);
    at = 4;
  } else if (size === 127) {
    if (buffer.length < 10) return null;
    size = Number(buffer.readBigUInt64BE(2));
    at = 10;
  }
  if (buffer.length < at + 4 + size) return null;
  const mask = buffer.subarray(at, at + 4);
  const payload = Buffer.from(buffer.subarray(at + 4, at + 4 + size));
  for (let index = 0; index < size; index++) payload[index] ^= mask[index & 3];
  return { opcode: buffer[0] & 15, payload, used: at + 4 + size };
}

export function accept(request, socket, on_text, on_close) {
  const key = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + magic)
    .digest('base64');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${key}\r\n\r\n`,
  );
  let waiting = Buffer.alloc(0);
  const peer = {
    send: (value) => socket.writable && socket.write(frame(1, Buffer.from(JSON.stringify(value)))),
    close: () => socket.destroy(),
  };
  socket.on('data', (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (let found = unframe(waiting); found; found = unframe(waiting)) {
      waiting = waiting.subarray(found.used);
      if (found.opcode === 1) on_text(peer, JSON.parse(found.payload.toString()));
      else if (found.opcode === 8) socket.end(frame(8, found.payload));
      else if (found.opcode === 9) socket.write(frame(10, found.payload));
    }
  });
  socket.on('close', () => on_close(peer));
  socket.on('error', () => socket.destroy());
  return peer;
}
