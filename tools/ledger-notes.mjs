// What tools/verify-ledger.mjs knows of keys and of what they sign: public keys, checkpoints, changes of the key, and
// the chain of keys that a ledger has had. Shares no code with the program; from docs/formats/ledger.md alone.
import { createHash, createPublicKey, verify } from 'node:crypto';

export const [note_bytes_max, key_changes_max] = [8_192, 64];
const change_line = 'answerable-ledger-key v1';

export class Broken extends Error {}
export const must = (holds, why) => {
  if (!holds) throw new Broken(why);
};

export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
export function textOf(bytes) {
  try {
    return strict.decode(bytes);
  } catch {
    throw new Broken('bytes that are not UTF-8');
  }
}

export const base64 = (text) => {
  const bytes = Buffer.from(text, 'base64');
  must(bytes.toString('base64') === text, 'base64 that is not written as it must be');
  return bytes;
};
export const count = (text) => {
  must(/^(0|[1-9]\d{0,15})$/.test(text), `"${text}" is no number`);
  return Number(text);
};

// NAME+HASH+BASE64 of an algorithm byte and 32 bytes of Ed25519.
const keyHash = (name, key) => sha256(`${name}\n`, Buffer.from([1]), key).subarray(0, 4);
export function readKey(text) {
  const [, name, hash, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  must(name, 'the key is not of the form NAME+HASH+BASE64');
  const typed = base64(encoded);
  must(typed.length === 33 && typed[0] === 1, 'the key is not one of Ed25519');
  const raw = typed.subarray(1);
  must(keyHash(name, raw).toString('hex') === hash, 'the key does not fit its hash: was it copied whole?');
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  return { text, name, raw, public: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

/** A signed note of this installation: {workspace, epoch, size, root}. Signatures by others are passed over. */
export function openNote(bytes, key) {
  must(bytes.length <= note_bytes_max, 'a checkpoint is too long');
  const note = textOf(bytes);
  const blank = note.lastIndexOf('\n\n');
  must(blank > 0 && note.endsWith('\n'), 'a checkpoint is not a signed note');
  const text = note.slice(0, blank + 1);
  const [origin, size, root, ...more] = text.slice(0, -1).split('\n');
  must(more.length === 0, 'a checkpoint has lines that it must not have');
  const { workspace, epoch } = ledgerOf(origin, key.name);
  const signatures = note
    .slice(blank + 2, -1)
    .split('\n')
    .map((line) => {
      const [, name, encoded] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
      must(name, 'a signature line is not well formed');
      return { name, encoded };
    })
    .filter(({ name }) => name === origin)
    .map(({ encoded }) => base64(encoded))
    .filter((signature) => signature.subarray(0, 4).equals(keyHash(origin, key.raw)));
  must(signatures.length > 0, 'a checkpoint is not signed with this key');
  for (const signature of signatures)
    must(verify(null, Buffer.from(text), key.public, signature.subarray(4)), 'a signature does not verify');
  const hash = base64(root);
  must(hash.length === 32, 'a root is no hash');
  return { origin, workspace, epoch, size: count(size), root: hash, note };
}

/** {workspace, epoch} of an origin line. */
export function ledgerOf(origin, name) {
  must(origin.startsWith(`${name}/ledger/`), 'a checkpoint is of another installation');
  const [, workspace, epoch = '1'] =
    /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/([1-9]\d{0,6}))?$/.exec(
      origin.slice(`${name}/ledger/`.length),
    ) ?? [];
  must(workspace && !origin.endsWith('/1'), 'an origin is not well formed');
  return { workspace, epoch: Number(epoch) };
}

/** A change of the key: {workspace, epoch, size, root, from, to, isAnnounced, note}. */
export function openChange(note) {
  must(Buffer.byteLength(note) <= note_bytes_max, 'a change of the key is too long');
  const blank = note.indexOf('\n\n');
  const body = note.slice(0, blank + 1);
  const [, origin, size, root, old_text, new_text] =
    /^answerable-ledger-key v1\nledger=(\S+)\nsize=(\d+)\nroot=(\S+)\nold=(\S+)\nnew=(\S+)\n$/.exec(body) ?? [];
  must(blank > 0 && new_text, 'a change of the key is not well formed');
  const [from, to] = [readKey(old_text), readKey(new_text)];
  must(from.name === to.name && from.text !== to.text, 'a change of the key is from a key to itself or of two names');
  const lines = note.slice(blank + 2).split('\n');
  must(lines.pop() === '' && lines.length >= 1 && lines.length <= 2, 'a change of the key is signed otherwise');
  const isBy = (key, line) => {
    const [, name, encoded] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
    const signature = name === key.name ? base64(encoded) : Buffer.alloc(0);
    return (
      signature.subarray(0, 4).equals(keyHash(key.name, key.raw)) &&
      verify(null, Buffer.from(body), key.public, signature.subarray(4))
    );
  };
  must(isBy(to, lines.at(-1)), 'the new key has not signed its change');
  must(lines.length === 1 || isBy(from, lines[0]), 'the old key has not signed the change that it announces');
  const hash = base64(root);
  must(hash.length === 32, 'a root is no hash');
  return {
    ...ledgerOf(origin, to.name),
    size: count(size),
    root: hash,
    from,
    to,
    isAnnounced: lines.length === 2,
    note,
  };
}

/** Orders places in a ledger: [epoch, size]. */
const isBefore = (one, other) => one.epoch < other.epoch || (one.epoch === other.epoch && one.size < other.size);

/** The keys of one ledger, in their order, for somebody who trusts one of them. */
export class Keys {
  #keys;
  changes = [];
  constructor(trusted, changes) {
    must(changes.length <= key_changes_max, 'the key was changed too often');
    this.#keys = [changes[0]?.from ?? trusted];
    let isTrusted = this.newest.text === trusted.text;
    for (const change of changes) {
      const last = this.changes.at(-1);
      must(change.from.text === this.newest.text, 'a change of the key is from another key');
      must(!last || (last.workspace === change.workspace && isBefore(last, change)), 'changes of the key in disorder');
      must(!this.#keys.some((key) => key.text === change.to.text), 'a key comes back');
      must(!isTrusted || change.isAnnounced, 'the key was replaced without the signature of the one that you have');
      isTrusted ||= change.to.text === trusted.text;
      this.#keys.push(change.to);
      this.changes.push(change);
    }
    must(isTrusted, 'it was signed with other keys than the one that was given');
  }
  get newest() {
    return this.#keys.at(-1);
  }
  /** A signed note, by the key that was the ledger's at its size. */
  open(bytes) {
    for (const [i, key] of [...this.#keys.entries()].reverse()) {
      let head;
      try {
        head = openNote(bytes, key);
      } catch (error) {
        if (i > 0 && error instanceof Broken) continue;
        throw error;
      }
      const over = this.changes.findIndex((change) => !isBefore(change, head));
      must((over < 0 ? this.changes.length : over) === i, "a checkpoint is signed with a key that was not its time's");
      must(i === this.changes.length || head.workspace === this.changes[0].workspace, 'it is of another ledger');
      return head;
    }
  }
}

/** The changes of the key that stand behind a proof, and what is before them. */
export function splitChanges(text) {
  const [proof, ...rest] = text.split(new RegExp(`(?<=\\n)(?=${change_line}\\n)`));
  must(rest.length <= 2 * key_changes_max, 'the key was changed too often');
  return { proof, changes: rest.map(openChange) };
}
