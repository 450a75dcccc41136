// A witness of one log (C2SP tlog-witness, tlog-cosignature with Ed25519), as strict as the standard asks: what it
// cosigned last is all that it knows. For tests.
//   const witness = await Witness.start(logKey); witness.vkey; witness.url; witness.held; await witness.stop();
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { createServer } from 'node:http';
import { within } from './within.mjs';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const node = (left, right) => sha256('\x01', left, right);
const keyId = (name, type, key) => sha256(`${name}\n`, Buffer.from([type]), key).subarray(0, 4);

/** RFC 9162, 2.1.4.2, from the definition: the two roots that the proof gives for trees of `m` and `n` leaves. */
function rootsOf(m, n, proof, oldRoot) {
  const rest = [...proof];
  const next = () => {
    if (rest.length === 0) throw new Error('short');
    return rest.pop();
  };
  // The proof lists a subtree's hash after what is below it, so it is read from its end.
  const walk = (first, size, known) => {
    if (first === size) {
      const hash = known ? oldRoot : next();
      return [hash, hash];
    }
    let k = 1;
    while (k * 2 < size) k *= 2;
    const other = next();
    if (first <= k) {
      const [before, after] = walk(first, k, known);
      return [before, node(after, other)];
    }
    const [before, after] = walk(first - k, size - k, false);
    return [node(other, before), node(other, after)];
  };
  const roots = walk(m, n, true);
  if (rest.length > 0) throw new Error('long');
  return roots;
}

class Refusal extends Error {
  constructor(status, body = '', type = 'text/plain') {
    super(`${status}`);
    Object.assign(this, { status, body, type });
  }
}

export class Witness {
  static async start(logKey, name = 'witness.example/w1') {
    const witness = new Witness();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const typed = Buffer.concat([Buffer.from([4]), raw]);
    const [logName, , encoded] = /^([^+]+)\+([^+]+)\+(.+)$/.exec(logKey).slice(1); // base64 has + too
    Object.assign(witness, { name, privateKey, publicKey, id: keyId(name, 4, raw), logName });
    witness.vkey = `${name}+${witness.id.toString('hex')}+${typed.toString('base64')}`;
    witness.logRaw = Buffer.from(encoded, 'base64').subarray(1);
    witness.logs = new Map(); // origin: what was cosigned last
    witness.statuses = [];
    witness.waiting = [];
    witness.server = createServer((request, response) => witness.#serve(request, response));
    await new Promise((resolve) => witness.server.listen(0, '127.0.0.1', resolve));
    witness.url = `http://127.0.0.1:${witness.server.address().port}/w`;
    return witness;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** When it has answered with this status; `statuses` may be emptied before. */
  async answered(status) {
    const told = () => within(new Promise((resolve) => this.waiting.push(resolve)), `the witness to answer ${status}`);
    while (!this.statuses.includes(status)) await told();
  }

  /** What it cosigned last, of whichever log. */
  get held() {
    return [...this.logs.values()].at(-1);
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    let answer;
    try {
      if (request.method !== 'POST' || request.url !== '/w/add-checkpoint') throw new Refusal(404);
      answer = { status: 200, body: this.#add(Buffer.concat(chunks).toString()), type: 'text/plain' };
    } catch (error) {
      answer = error instanceof Refusal ? error : { status: 500, body: String(error), type: 'text/plain' };
    }
    response.writeHead(answer.status, { 'Content-Type': answer.type }).end(answer.body);
    this.statuses.push(answer.status);
    this.waiting.splice(0).forEach((tell) => tell());
  }

  #add(text) {
    const split = text.indexOf('\n\n');
    const [first, ...lines] = text.slice(0, split).split('\n');
    const old = Number(/^old (0|[1-9]\d*)$/.exec(first)?.[1] ?? NaN);
    if (Number.isNaN(old) || lines.length > 63) throw new Refusal(400);
    const proof = lines.map((line) => Buffer.from(line, 'base64'));
    const { origin, body, size, root } = this.#open(text.slice(split + 2));
    const held = this.logs.get(origin) ?? { size: 0, root: sha256('') };
    if (old > size) throw new Refusal(400);
    if (old !== held.size) throw new Refusal(409, `${held.size}\n`, 'text/x.tlog.size');
    if (old === 0 ? proof.length > 0 : !this.#grows(held, size, root, proof)) throw new Refusal(422);
    this.logs.delete(origin);
    this.logs.set(origin, { size, root });
    return this.#cosign(body);
  }

  #grows(held, size, root, proof) {
    if (size === held.size) return proof.length === 0 && root.equals(held.root);
    try {
      const [before, after] = rootsOf(held.size, size, proof, held.root);
      return before.equals(held.root) && after.equals(root);
    } catch {
      return false;
    }
  }

  #open(note) {
    const end = note.lastIndexOf('\n\n');
    const body = note.slice(0, end + 1);
    const [origin, size, root] = body.split('\n');
    if (!origin.startsWith(`${this.logName}/`)) throw new Refusal(404);
    const id = keyId(origin, 1, this.logRaw);
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), this.logRaw]);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const signatures = note
      .slice(end + 2)
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([mark, name]) => mark === '\u2014' && name === origin)
      .map(([, , encoded]) => Buffer.from(encoded, 'base64'))
      .filter((bytes) => bytes.subarray(0, 4).equals(id));
    const isGood = (bytes) => verify(null, Buffer.from(body), key, bytes.subarray(4));
    if (signatures.length === 0 || !signatures.every(isGood)) throw new Refusal(403);
    return { origin, body, size: Number(size), root: Buffer.from(root, 'base64') };
  }

  #cosign(body) {
    const time = Math.floor(Date.now() / 1000);
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(BigInt(time));
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${body}`), this.privateKey);
    return `\u2014 ${this.name} ${Buffer.concat([this.id, stamp, signature]).toString('base64')}\n`;
  }
}
