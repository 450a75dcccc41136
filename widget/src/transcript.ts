// The conversation as the visitor sees it: each message once, whatever comes twice, late or out of order.
import type { Attachment, WireMessage } from './protocol';
import { authorName } from './protocol';
import type { Unsent } from './storage';

type EntryState = 'pending' | 'sent' | 'refused';

export interface Entry {
  key: string; // stays the same from the first showing on
  own: boolean;
  seq: number; // 0 until accepted
  clientId: string;
  text: string;
  author: string;
  at: string;
  attachments: Attachment[];
  state: EntryState;
  detail: string;
  removed?: boolean; // taken down
}

export class Transcript {
  private accepted: Entry[] = []; // by seq
  private waiting: Entry[] = []; // in the order written
  lastSeq = 0;
  seenSeq = 0; // the company has read up to here

  get entries(): readonly Entry[] {
    return [...this.accepted, ...this.waiting];
  }

  get pending(): Entry[] {
    return this.waiting.filter((entry) => entry.state === 'pending');
  }

  // True when it is new to us: neither known by its number nor one of ours that had been waiting.
  receive(message: WireMessage): boolean {
    if (!(message.seq > 0)) return false;
    this.lastSeq = Math.max(this.lastSeq, message.seq);
    const known = this.accepted.find((entry) => entry.seq === message.seq);
    if (known?.removed && !message.removed) this.accepted.splice(this.accepted.indexOf(known), 1);
    else if (known) return false;
    const clientId = message.client_id ?? '';
    if (clientId && this.accepted.some((entry) => entry.clientId === clientId)) return false;
    const waiting = clientId ? this.take(clientId) : undefined;
    const own = message.direction === 'in';
    const entry = waiting ?? { key: clientId || 'seq' + message.seq, own, clientId };
    const { seq, text, at } = message;
    const state = 'sent' as const;
    this.insert(
      Object.assign(entry, {
        seq,
        text,
        at,
        author: authorName(message.author),
        attachments: message.attachments ?? [],
        state,
        detail: '',
        removed: message.removed ?? false,
      }) as Entry,
    );
    return !waiting && !known;
  }

  // The line was taken down: what it said goes from here too.
  hide(seq: number): void {
    const entry = this.accepted.find((candidate) => candidate.seq === seq);
    if (entry) Object.assign(entry, { removed: true, text: '', attachments: [] });
  }

  // All lines that are taken down now. True: others were put back meanwhile, and must be asked for again.
  hideExactly(removed: readonly number[]): boolean {
    removed.forEach((seq) => this.hide(seq));
    const back = this.accepted.filter((entry) => entry.removed && !removed.includes(entry.seq));
    if (!back.length) return false;
    this.accepted = this.accepted.filter((entry) => !back.includes(entry));
    this.lastSeq = Math.min(...back.map((entry) => entry.seq)) - 1;
    return true;
  }

  queue(unsent: Unsent): void {
    if (this.entries.some((entry) => entry.clientId === unsent.client_id)) return;
    const { client_id: clientId, text, attachments, at } = unsent;
    const state = 'pending';
    this.waiting.push({
      key: clientId,
      own: true,
      seq: 0,
      clientId,
      text,
      attachments,
      at,
      state,
      author: '',
      detail: '',
    });
  }

  accept(clientId: string, seq: number, at: string): void {
    const entry = this.take(clientId);
    if (!entry) return;
    if (this.accepted.some((other) => other.seq === seq)) return;
    this.insert(Object.assign(entry, { seq, at, state: 'sent', detail: '' }));
  }

  refuse(clientId: string, detail: string): void {
    const entry = this.waiting.find((candidate) => candidate.clientId === clientId);
    if (entry) Object.assign(entry, { state: 'refused', detail });
  }

  remove(clientId: string): void {
    this.take(clientId);
  }

  clear(): void {
    this.accepted = [];
    this.lastSeq = 0;
    this.seenSeq = 0;
  }

  clearAll(): void {
    this.clear();
    this.waiting = [];
  }

  // What to keep over a reload.
  toWire(): WireMessage[] {
    return this.accepted.map((entry) => ({
      seq: entry.seq,
      direction: entry.own ? 'in' : 'out',
      ...(entry.clientId && { client_id: entry.clientId }),
      text: entry.text,
      author: entry.author,
      at: entry.at,
      attachments: entry.attachments,
      ...(entry.removed && { removed: true }),
    }));
  }

  private take(clientId: string): Entry | undefined {
    const index = this.waiting.findIndex((entry) => entry.clientId === clientId);
    return index < 0 ? undefined : this.waiting.splice(index, 1)[0];
  }

  private insert(entry: Entry): void {
    let index = this.accepted.length;
    while (index > 0 && this.accepted[index - 1]!.seq > entry.seq) index -= 1;
    this.accepted.splice(index, 0, entry);
  }
}
