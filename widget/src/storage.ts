// What outlives a reload: the visitor's token, the conversation so far, and every message that the server has not
// accepted yet, each under a key of its own so that two tabs do not overwrite each other's. Any script of the page can
// read it; data-storage="none" keeps it in memory. A storage that is full or forbidden degrades to memory.
import { limits } from './protocol';
import type { WireMessage } from './protocol';

export interface Unsent {
  client_id: string;
  text: string;
  attachments: { id: string; filename: string; size: number }[];
  at: string;
}

export interface Box {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

export function memoryBox(): Box {
  const map = new Map<string, string>();
  return {
    get: (key) => map.get(key) ?? null,
    set: (key, value) => void map.set(key, value),
    remove: (key) => void map.delete(key),
    keys: () => [...map.keys()],
  };
}

export function webBox(kind: string | undefined): Box {
  const memory = memoryBox();
  if (kind === 'none') return memory;
  let storage: Storage;
  try {
    storage = kind === 'session' ? sessionStorage : localStorage;
    storage.getItem('answerable');
  } catch {
    return memory;
  }
  return {
    get: (key) => memory.get(key) ?? storage.getItem(key),
    set: (key, value) => {
      try {
        storage.setItem(key, value);
        memory.remove(key);
      } catch {
        memory.set(key, value);
      }
    },
    remove: (key) => {
      memory.remove(key);
      storage.removeItem(key);
    },
    keys: () => [...memory.keys(), ...Object.keys(storage)],
  };
}

export class Memory {
  private readonly prefix: string;

  constructor(
    private readonly box: Box,
    channel: string,
  ) {
    this.prefix = `answerable.${channel}.`;
  }

  get token(): string | null {
    return this.box.get(this.prefix + 'token');
  }

  set token(value: string | null) {
    this.put('token', value);
  }

  // Forgets everything when the page now speaks for somebody else than before: on a shared computer nobody reads
  // another's chat.
  bindTo(subject: string | null): boolean {
    const before = this.box.get(this.prefix + 'subject');
    const another = before !== null && before !== subject;
    if (another) this.forget();
    this.put('subject', subject);
    return another;
  }

  get log(): WireMessage[] {
    const log = this.read(this.prefix + 'log');
    return Array.isArray(log) ? (log as WireMessage[]).filter((message) => message && message.seq > 0) : [];
  }

  // A log too long to keep is not kept at all: after a reload the server then tells it from the start.
  set log(messages: WireMessage[]) {
    this.put('log', messages.length > limits.storedMessages ? null : JSON.stringify(messages));
  }

  get unsent(): Unsent[] {
    return this.box
      .keys()
      .filter((key) => key.startsWith(this.prefix + 'unsent.'))
      .map((key) => this.read(key) as Unsent)
      .filter((unsent) => typeof unsent?.client_id === 'string' && typeof unsent.text === 'string')
      .sort((a, b) => (a.client_id < b.client_id ? -1 : 1));
  }

  keep(unsent: Unsent): void {
    this.put('unsent.' + unsent.client_id, JSON.stringify(unsent));
  }

  drop(clientId: string): void {
    this.put('unsent.' + clientId, null);
  }

  get draft(): string {
    return this.box.get(this.prefix + 'draft') ?? '';
  }

  set draft(text: string) {
    this.put('draft', text || null);
  }

  forget(): void {
    for (const key of this.box.keys()) if (key.startsWith(this.prefix)) this.box.remove(key);
  }

  private put(name: string, value: string | null): void {
    if (value === null) this.box.remove(this.prefix + name);
    else this.box.set(this.prefix + name, value);
  }

  private read(key: string): unknown {
    try {
      return JSON.parse(this.box.get(key) ?? 'null');
    } catch {
      return null;
    }
  }
}

// Whom a signed identity (JWT) speaks for. Not a check: the server does that.
export function subjectOf(identity: string | undefined): string | null {
  try {
    const payload = identity?.split('.')[1] ?? '';
    return String(JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))).sub);
  } catch {
    return identity ? '?' : null;
  }
}
