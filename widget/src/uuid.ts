// UUID version 7 (RFC 9562): sorts by time. The 12 bits after the version count within a millisecond, so that ids made
// by one page never go backwards.
let lastTime = 0;
let count = 0;

export function uuidv7(now: number = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    count = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x7ff;
  } else if (++count > 0xfff) {
    lastTime += 1;
    count = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = (random[0]! & 0x3f) | 0x80;
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const tail = [...random].map((byte) => hex(byte, 2)).join('');
  const time = hex(lastTime, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(count, 3)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
