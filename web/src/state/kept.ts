// What somebody writes is kept in this browser, so that neither a reload nor a lost connection loses it; but no longer
// than they are signed in, for the next person here may be another one (OWASP ASVS 5.0, 14.3.1). It is sealed with a
// key that the server gives to who is signed in, and that is in memory only: the disk has nothing to read (14.3.3).
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { managedNonce, type Cipher } from '@noble/ciphers/utils.js';
import type { Id } from '../api/types';

const drafts = 'answerable.draft.';
const outgoing = 'answerable.outgoing.';

export const draftPlace = (user: Id, conversation: Id) => `${drafts}${user}.${conversation}`;
export const newMessagePlace = (user: Id) => `${drafts}new.${user}`;
export const outgoingPlace = (user: Id) => `${outgoing}${user}`;

/** Names of what is stored; none where the browser stores nothing. */
function names(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

// XChaCha20-Poly1305 with a random nonce in front. Nothing of WebCrypto, which answers later and only over HTTPS: a
// text must be kept before the page goes away.
let box: Cipher | null = null;

/** Of who is signed in, in base64; null: nothing is kept, nor read. */
export function setKeptKey(key: string | null) {
  box = key === null ? null : managedNonce(xchacha20poly1305)(bytesOf(key));
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const base64Of = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** How many things there are stands before the seal, for who cannot open it. Throws where the browser has no room. */
export function keep(name: string, value: object) {
  if (!box) return;
  const count = Array.isArray(value) ? value.length : 1;
  localStorage.setItem(name, `${count} ${base64Of(box.encrypt(new TextEncoder().encode(JSON.stringify(value))))}`);
}

/** Null: there is none, or it is sealed with another key. */
export function kept<T>(name: string): T | null {
  try {
    const sealed = localStorage.getItem(name)?.split(' ')[1];
    if (!box || !sealed) return null;
    return JSON.parse(new TextDecoder().decode(box.decrypt(bytesOf(sealed)))) as T;
  } catch {
    return null;
  }
}

/** The conversations of which this browser keeps a draft of that person. */
export function keptDrafts(user: Id): Id[] {
  const start = draftPlace(user, '');
  return names().flatMap((name) => (name.startsWith(start) ? [name.slice(start.length)] : []));
}

/** How many messages that person has sent that the server has not accepted yet. */
export function keptMessages(user: Id): number {
  return countAt(outgoingPlace(user));
}

function countAt(name: string): number {
  try {
    return Number.parseInt(localStorage.getItem(name) ?? '0', 10) || 0;
  } catch {
    return 0;
  }
}

/** Seals what an older version has left to read. False: it could not. */
function sealOld(name: string): boolean {
  const text = localStorage.getItem(name) ?? '';
  if (/^\d+ /.test(text)) return true;
  try {
    keep(name, JSON.parse(text) as object);
    return box !== null;
  } catch {
    return false;
  }
}

/** Deletes what everybody but `user` has left here, and says how many messages of it had not been sent. */
export function forgetKept(user: Id | null): number {
  const mine = user === null ? [] : [draftPlace(user, ''), newMessagePlace(user), outgoingPlace(user)];
  let lost = 0;
  for (const name of names()) {
    if (!name.startsWith(drafts) && !name.startsWith(outgoing)) continue;
    if (mine.some((start) => name.startsWith(start)) && sealOld(name)) continue;
    if (name.startsWith(outgoing)) lost += countAt(name);
    localStorage.removeItem(name);
  }
  return lost;
}
