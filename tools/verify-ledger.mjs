#!/usr/bin/env node
// A second verifier of ledger exports, which shares no code with the program: written from docs/formats/ledger.md
// alone. Nothing needs to be installed but Node 18.
//
// Usage: tools/verify-ledger.mjs KEY FILE…
//        tools/verify-ledger.mjs KEY --held CHECKPOINT FILE
// FILE: an export, a proof of an entry, or, with --held, an export or a proof that continues the checkpoint you keep.
// KEY as `answerable audit verify` prints it, kept since the installation began, or a later one. One line a file;
// exit status 0: all intact, 1: one is broken, 2: it was not asked well.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import {
  base64,
  Broken,
  count,
  key_changes_max,
  Keys,
  ledgerOf,
  must,
  note_bytes_max,
  openChange,
  openNote,
  readKey,
  sha256,
  splitChanges,
  textOf,
} from './ledger-notes.mjs';

const entry_bytes_max = 65_535;
const line_bytes_max = 4_096;

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
  values.details = lines.map((line) => line.slice('detail.'.length));
  const at = new Date(values.at);
  must(!Number.isNaN(at.getTime()) && at.toISOString() === values.at, 'its time does not exist');
  must(values.seq === String(seq), `it calls itself number ${values.seq}`);
  must(values.workspace === workspace, 'it is of another workspace');
  return values;
}

const unescaped = (text) =>
  text.replace(/\\\\|\\x([0-9a-f]{2})/g, (all, hex) => (hex ? String.fromCharCode(Number.parseInt(hex, 16)) : '\\'));

/** The epoch that an entry begins: it names a signed head of the one before. */
function epochOf(values, keys) {
  const [abandoned, number, ...more] = values.details;
  must(more.length === 0 && abandoned?.startsWith('abandoned=') && number?.startsWith('epoch='), 'it begins no epoch');
  const head = keys.open(Buffer.from(unescaped(abandoned.slice('abandoned='.length))));
  must(head.workspace === values.workspace, 'the head that it gives up is of another ledger');
  const epoch = count(number.slice('epoch='.length));
  must(epoch > head.epoch, 'it begins no later epoch');
  return epoch;
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

function checkNote(bytes, keys, workspace, epoch, tree) {
  const head = keys.open(bytes);
  must(head.workspace === workspace && head.epoch === epoch, 'a checkpoint is of another ledger or epoch');
  must(head.size === tree.size, `a checkpoint of ${head.size} entries stands after ${tree.size}`);
  must(head.root.equals(tree.root()), 'the entries have another root than the one that was signed');
}

/** RFC 9162, section 2.1.3.2. */
function rootFrom(leaf, index, size, path) {
  must(index < size, 'the entry is beyond the tree');
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    must(last > 0, 'the proof is too long');
    if (node % 2 === 1 || node === last) {
      hash = sha256('\x01', sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      hash = sha256('\x01', hash, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  must(last === 0, 'the proof is too short');
  return hash;
}

/** RFC 9162, section 2.1.4.2. */
function checkGrowth(older, newer, path) {
  must(older.size <= newer.size, 'the newer tree is smaller');
  if (older.size === newer.size) return must(path.length === 0 && older.root.equals(newer.root), 'the trees differ');
  must(older.size > 0, 'nothing is held');
  const isWhole = Number.isInteger(Math.log2(older.size));
  const [first, ...rest] = isWhole ? [older.root, ...path] : path;
  must(first, 'the proof is too short');
  let [node, last, before, after] = [older.size - 1, newer.size - 1, first, first];
  while (node % 2 === 1) [node, last] = [(node - 1) / 2, Math.floor(last / 2)];
  for (const sibling of rest) {
    must(last > 0, 'the proof is too long');
    if (node % 2 === 1 || node === last) {
      [before, after] = [sha256('\x01', sibling, before), sha256('\x01', sibling, after)];
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      after = sha256('\x01', after, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  must(
    last === 0 && before.equals(older.root) && after.equals(newer.root),
    'the ledger does not continue what you hold',
  );
}

function hashes(lines) {
  const found = [];
  while (lines.length > 0 && lines[0] !== '') {
    must(found.length < 63, 'the proof is too long');
    const hash = base64(lines.shift());
    must(hash.length === 32, 'a hash of the proof has another length');
    found.push(hash);
  }
  must(lines.shift() === '', 'the proof ends early');
  return found;
}

/** One C2SP tlog-proof with the entry in it, signed with the newest key of its ledger. */
function openProof(text, trusted, changes) {
  const lines = text.split('\n');
  must(lines.shift() === 'c2sp.org/tlog-proof@v1', 'this is no proof, or of another version');
  const [, extra] = /^extra (\S+)$/.exec(lines.shift() ?? '') ?? [];
  const [, index] = /^index (\S+)$/.exec(lines.shift() ?? '') ?? [];
  must(extra && index, 'the proof lacks the entry or its number');
  const entry = base64(extra);
  const path = hashes(lines);
  const { workspace } = ledgerOf(lines[0] ?? '', trusted.name);
  const own = changes.filter((change) => change.workspace === workspace);
  const head = openNote(Buffer.from(lines.join('\n')), new Keys(trusted, own).newest);
  must(
    rootFrom(sha256('\x00', entry), count(index), head.size, path).equals(head.root),
    'the entry is not in the tree',
  );
  return { head, values: checkEntry(entry, head.workspace, count(index)) };
}

function verifyProof(bytes, key) {
  const { proof, changes } = splitChanges(textOf(bytes));
  const [first, ...rest] = proof.split(/(?<=\n)(?=c2sp\.org\/tlog-proof@v1\n)/);
  const { head, values } = openProof(first, key, changes);
  const chain = [`entry ${values.seq} of ${head.origin} (${values.action}), in the signed tree of ${head.size}`];
  if (rest.length > 0) {
    must(rest.length === 1, 'there are more proofs than two');
    const above = openProof(rest[0], key, changes);
    const checkpoint = above.values.details.length === 1 ? above.values.details[0] : '';
    must(
      above.values.action === 'ledger.checkpoint' &&
        checkpoint.startsWith('checkpoint=') &&
        unescaped(checkpoint.slice('checkpoint='.length)) === head.note,
      'the second proof is not of the checkpoint that the first ends in',
    );
    chain.push(`whose checkpoint is entry ${above.values.seq} of ${above.head.origin}`);
  }
  return chain.join(', ');
}

function verifyGrowth(bytes, held, key) {
  const { proof, changes } = splitChanges(textOf(bytes));
  const keys = new Keys(key, changes);
  const older = keys.open(held);
  const lines = proof.split('\n');
  const [, size] = /^old (\d+)$/.exec(lines.shift() ?? '') ?? [];
  must(size !== undefined && count(size) === older.size, 'the proof begins with another checkpoint');
  const path = hashes(lines);
  const newer = openNote(Buffer.from(lines.join('\n')), keys.newest);
  must(older.origin === newer.origin, 'the two checkpoints are of different ledgers or epochs');
  checkGrowth(older, newer, path);
  return `${newer.origin} has grown to ${newer.size} entries and continues the checkpoint that you hold`;
}

function header(reader, name) {
  const line = reader.line();
  must(line.startsWith(`${name}=`), `the line ${name} is missing`);
  return line.slice(name.length + 1);
}

/** What was found: {entries, signed, checkpoints, root}, or Broken, with the number of the entry where it broke. */
function verifyExport(reader, first, key, held_note) {
  must(first === 'answerable-ledger-export v1', 'this is no export of a ledger, or of another version');
  const workspace = header(reader, 'workspace');
  const newest = header(reader, 'key');
  let line = reader.line();
  const changes = [];
  for (let size; (size = /^key (\d+)$/.exec(line)?.[1]); line = reader.line()) {
    must(changes.length < key_changes_max && count(size) <= note_bytes_max, 'the key was changed too often');
    changes.push(openChange(textOf(reader.bytes(count(size)))));
  }
  const keys = new Keys(key, changes);
  must(keys.newest.text === newest, 'it names another key than the one that was given');
  const held = held_note && keys.open(held_note);
  must(!held || held.workspace === workspace, 'the checkpoint that you keep is of another ledger');
  const tree = new Tree();
  let [checkpoints, signed, epoch, epoch_begun_at, changed] = [0, 0, 1, -1, 0];
  try {
    for (; ; line = reader.line()) {
      const [, hash, bytes] = /^entry ([0-9a-f]{64}) (\d+)$/.exec(line) ?? [];
      const [, note_bytes] = /^checkpoint (\d+)$/.exec(line) ?? [];
      if (hash) {
        must(count(bytes) <= entry_bytes_max, 'it is longer than an entry may be');
        const entry = reader.bytes(count(bytes));
        const values = checkEntry(entry, workspace, tree.size);
        if (values.action === 'ledger.epoch') {
          const next = epochOf(values, keys);
          must(next > epoch, 'it begins an epoch that is over');
          [epoch, epoch_begun_at] = [next, tree.size];
        }
        if (values.action === 'ledger.key') {
          const change = keys.changes[changed++];
          must(
            change && values.details.length === 1 && values.details[0].startsWith('announcement='),
            'it changes the key to one that nobody has named before',
          );
          must(
            unescaped(values.details[0].slice('announcement='.length)) === change.note,
            'it changes the key otherwise',
          );
          must(
            change.workspace === workspace &&
              change.epoch === epoch &&
              change.size === tree.size &&
              change.root.equals(tree.root()),
            'it changes the key of another ledger than this one as it stood here',
          );
          must(
            change.isAnnounced || epoch_begun_at === tree.size - 1,
            'it changes the key in the epoch of the old one',
          );
        }
        const leaf = sha256('\x00', entry);
        must(leaf.toString('hex') === hash, 'its hash is another');
        tree.add(leaf);
        if (held?.size === tree.size) must(held.root.equals(tree.root()), 'the entries do not fit the checkpoint kept');
      } else if (note_bytes) {
        must(count(note_bytes) <= note_bytes_max, 'a checkpoint is too long');
        const note = reader.bytes(count(note_bytes));
        must(tree.size > signed || (tree.size === 0 && checkpoints === 0), 'a checkpoint stands there twice');
        checkNote(note, keys, workspace, epoch, tree);
        checkpoints += 1;
        signed = tree.size;
      } else {
        must(line === `end entries=${tree.size} checkpoints=${checkpoints}`, 'the last line does not fit what came');
        must(reader.isAtEnd(), 'something stands after the end');
        must(changed === keys.changes.length, 'a change of the key is missing');
        must(signed === tree.size, 'the last entries are not signed');
        must(!held || held.size <= tree.size, 'entries that the checkpoint kept covers are missing');
        return { entries: tree.size, signed, checkpoints, root: tree.root().toString('hex') };
      }
    }
  } catch (error) {
    if (error instanceof Broken) error.seq = tree.size;
    throw error;
  }
}

/** What is to be said of an intact file. */
function verdictOn(file, held, key) {
  const reader = new Reader(file);
  try {
    const first = reader.line();
    if (first.startsWith('old ') && held) return verifyGrowth(readFileSync(file), readFileSync(held), key);
    if (first.startsWith('c2sp.org/')) return verifyProof(readFileSync(file), key);
    const kept = held && readFileSync(held);
    const { entries, checkpoints, root } = verifyExport(reader, first, key, kept);
    return `${entries} entries, ${checkpoints} signed checkpoints, root ${root}`;
  } finally {
    reader.close();
  }
}

function main([key_text, ...rest]) {
  const held = rest[0] === '--held' ? rest[1] : undefined;
  const files = held ? rest.slice(2) : rest;
  let [status, key] = [0];
  try {
    must(key_text && files.length > 0, 'usage: tools/verify-ledger.mjs KEY [--held CHECKPOINT] FILE…');
    key = readKey(key_text);
  } catch (error) {
    process.stderr.write(`verify-ledger: ${error.message}\n`);
    return 2;
  }
  for (const file of files) {
    try {
      console.log(`${file}: intact, ${verdictOn(file, held, key)}`);
    } catch (error) {
      if (!(error instanceof Broken) && !error.code) throw error;
      console.log(`${file}: BROKEN${error.seq === undefined ? '' : ` at entry ${error.seq}`}: ${error.message}`);
      status = 1;
    }
  }
  return status;
}

process.exitCode = main(process.argv.slice(2));
