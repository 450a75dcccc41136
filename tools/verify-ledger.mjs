#!/usr/bin/env node
// A second verifier of ledger exports, which shares no code with the program: written from docs/formats/ledger.md
// alone. Nothing needs to be installed but Node 18.
//
// Usage: tools/verify-ledger.mjs KEY FILE…
// KEY as `answerable audit verify` prints it, kept since the installation began. One line a file; exit status 0: all
// intact, 1: one is broken, 2: it was not asked well.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

const entry_bytes_max = 65_535;
const note_bytes_max = 8_192;
const line_bytes_max = 4_096;

class Broken extends Error {}
const must = (holds, why) => {
  if (!holds) throw new Broken(why);
};

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** A file piece by piece: a ledger may be larger than memory. */
class Reader {
  #file;
  #held = Buffer.alloc(0);
  constructor(name) {
    this.#file = openSync(name, 'r');
  }
  close() {
    closeSync(this.#file);
  }
  #more() {
    const chunk = Buffer.alloc(1 << 20);
    const size = readSync(this.#file, chunk, 0, chunk.length, null);
    this.#held = Buffer.concat([this.#held, chunk.subarray(0, size)]);
    return size > 0;
  }
  bytes(count) {
    while (this.#held.length < count) must(this.#more(), 'the file ends early');
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }
  line() {
    let end;
    while ((end = this.#held.indexOf(0x0a)) < 0) {
      must(this.#held.length <= line_bytes_max, 'a line has no end');
      must(this.#more(), 'the file ends early');
    }
    must(end <= line_bytes_max, 'a line is too long');
    return textOf(this.bytes(end + 1).subarray(0, end));
  }
  isAtEnd() {
    return this.#held.length === 0 && !this.#more();
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
function textOf(bytes) {
  try {
    return strict.decode(bytes);
  } catch {
    throw new Broken('bytes that are not UTF-8');
  }
}

const base64 = (text) => {
  const bytes = Buffer.from(text, 'base64');
  must(bytes.toString('base64') === text, 'base64 that is not written as it must be');
  return bytes;
};
const count = (text) => {
  must(/^(0|[1-9]\d{0,15})$/.test(text), `"${text}" is no number`);
  return Number(text);
};

// NAME+HASH+BASE64 of an algorithm byte and 32 bytes of Ed25519.
const keyHash = (name, key) => sha256(`${name}\n`, Buffer.from([1]), key).subarray(0, 4);
function readKey(text) {
  const [, name, hash, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  must(name, 'the key is not of the form NAME+HASH+BASE64');
  const typed = base64(encoded);
  must(typed.length === 33 && typed[0] === 1, 'the key is not one of Ed25519');
  const raw = typed.subarray(1);
  must(keyHash(name, raw).toString('hex') === hash, 'the key does not fit its hash: was it copied whole?');
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  return { text, name, raw, public: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

const fixed_lines = [
  ['workspace', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ['seq', /^(0|[1-9]\d*)$/],
  ['at', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/],
  ['actor_kind', /^(user|api_key|contact|visitor|system|operator)$/],
  ['actor_id', /^/],
  ['credential', /^/],
  ['action', /^[a-z0-9_.]{1,64}$/],
  ['object_kind', /^[a-z0-9_.]{0,64}$/],
  ['object_id', /^/],
];

// A value is written in one way only: nothing below 0x20, no 0x7F, and a backslash only in \\ and the \xNN of those.
const written_well = /^(?:[^\u0000-\u001f\u007f\\]|\\\\|\\x(?:[01][0-9a-f]|7f))*$/u;

function checkEntry(bytes, workspace, seq) {
  must(bytes.length <= entry_bytes_max, 'it is longer than an entry may be');
  const text = textOf(bytes);
  must(text.endsWith('\n'), 'its last line has no end');
  const lines = text.slice(0, -1).split('\n');
  must(lines.shift() === 'answerable-ledger-entry v1', 'its version is another');
  const values = {};
  for (const [name, form] of fixed_lines) {
    const line = lines.shift() ?? '';
    must(line.startsWith(`${name}=`), `its line ${name} is not where it belongs`);
    values[name] = line.slice(name.length + 1);
    must(written_well.test(values[name]) && form.test(values[name]), `its line ${name} is not well formed`);
  }
  let last = '';
  for (const line of lines) {
    const [, name, value] = /^detail\.([a-z0-9_.]{1,64})=(.*)$/su.exec(line) ?? [];
    must(name !== undefined && written_well.test(value), 'a detail is not well formed');
    must(name > last, 'its details are not in order');
    last = name;
  }
  const at = new Date(values.at);
  must(!Number.isNaN(at.getTime()) && at.toISOString() === values.at, 'its time does not exist');
  must(values.seq === String(seq), `it calls itself number ${values.seq}`);
  must(values.workspace === workspace, 'it is of another workspace');
}

/** RFC 6962, section 2.1, leaf by leaf: the roots of the perfect subtrees so far, largest first. */
class Tree {
  #roots = [];
  size = 0;
  add(leaf) {
    let node = leaf;
    for (let left = this.size; left % 2 === 1; left = (left - 1) / 2) node = sha256('\x01', this.#roots.pop(), node);
    this.#roots.push(node);
    this.size += 1;
  }
  root() {
    if (this.size === 0) return sha256('');
    return this.#roots.reduceRight((right, left) => sha256('\x01', left, right));
  }
}

function checkNote(bytes, key, workspace, tree) {
  const note = textOf(bytes);
  const blank = note.indexOf('\n\n');
  must(blank > 0 && note.endsWith('\n'), 'a checkpoint is not a signed note');
  const text = note.slice(0, blank + 1);
  const [origin, size, root, ...more] = text.slice(0, -1).split('\n');
  must(more.length === 0, 'a checkpoint has lines that it must not have');
  must(origin === `${key.name}/ledger/${workspace}`, 'a checkpoint is of another ledger');
  must(count(size) === tree.size, `a checkpoint of ${size} entries stands after ${tree.size}`);
  must(base64(root).equals(tree.root()), 'the entries have another root than the one that was signed');
  const signatures = note
    .slice(blank + 2, -1)
    .split('\n')
    .map((line) => {
      const [, name, encoded] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
      must(name, 'a signature line is not well formed');
      return { name, signature: base64(encoded) };
    })
    .filter(({ name, signature }) => name === origin && signature.subarray(0, 4).equals(keyHash(origin, key.raw)));
  must(signatures.length > 0, 'a checkpoint is not signed with this key');
  for (const { signature } of signatures)
    must(verify(null, Buffer.from(text), key.public, signature.subarray(4)), 'a signature does not verify');
}

function header(reader, name) {
  const line = reader.line();
  must(line.startsWith(`${name}=`), `the line ${name} is missing`);
  return line.slice(name.length + 1);
}

/** What was found: {entries, signed, checkpoints, root}, or Broken, with the number of the entry where it broke. */
function verifyExport(reader, key) {
  must(reader.line() === 'answerable-ledger-export v1', 'this is no export of a ledger, or of another version');
  const workspace = header(reader, 'workspace');
  must(header(reader, 'key') === key.text, 'it names another key than the one that was given');
  const tree = new Tree();
  let [checkpoints, signed] = [0, 0];
  try {
    for (;;) {
      const line = reader.line();
      const [, hash, bytes] = /^entry ([0-9a-f]{64}) (\d+)$/.exec(line) ?? [];
      const [, note_bytes] = /^checkpoint (\d+)$/.exec(line) ?? [];
      if (hash) {
        must(count(bytes) <= entry_bytes_max, 'it is longer than an entry may be');
        const entry = reader.bytes(count(bytes));
        checkEntry(entry, workspace, tree.size);
        const leaf = sha256('\x00', entry);
        must(leaf.toString('hex') === hash, 'its hash is another');
        tree.add(leaf);
      } else if (note_bytes) {
        must(count(note_bytes) <= note_bytes_max, 'a checkpoint is too long');
        const note = reader.bytes(count(note_bytes));
        must(tree.size > signed || (tree.size === 0 && checkpoints === 0), 'a checkpoint stands there twice');
        checkNote(note, key, workspace, tree);
        checkpoints += 1;
        signed = tree.size;
      } else {
        must(line === `end entries=${tree.size} checkpoints=${checkpoints}`, 'the last line does not fit what came');
        must(reader.isAtEnd(), 'something stands after the end');
        must(signed === tree.size, 'the last entries are not signed');
        return { entries: tree.size, signed, checkpoints, root: tree.root().toString('hex') };
      }
    }
  } catch (error) {
    if (error instanceof Broken) error.seq = tree.size;
    throw error;
  }
}

function main([key_text, ...files]) {
  if (!key_text || files.length === 0) {
    process.stderr.write('usage: tools/verify-ledger.mjs KEY FILE…\n');
    return 2;
  }
  let status = 0;
  let key;
  try {
    key = readKey(key_text);
  } catch (error) {
    process.stderr.write(`verify-ledger: ${error.message}\n`);
    return 2;
  }
  for (const file of files) {
    let reader;
    try {
      reader = new Reader(file);
      const { entries, checkpoints, root } = verifyExport(reader, key);
      console.log(`${file}: intact, ${entries} entries, ${checkpoints} signed checkpoints, root ${root}`);
    } catch (error) {
      if (!(error instanceof Broken) && !error.code) throw error;
      console.log(`${file}: BROKEN${error.seq === undefined ? '' : ` at entry ${error.seq}`}: ${error.message}`);
      status = 1;
    } finally {
      reader?.close();
    }
  }
  return status;
}

process.exitCode = main(process.argv.slice(2));
