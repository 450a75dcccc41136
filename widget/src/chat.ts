// One visitor's chat on one page: joins the line, the transcript and what is stored; the panel listens. No DOM here.
import type { LinkState, Network } from './link';
import { Link } from './link';
import type { Attachment, ServerFrame } from './protocol';
import { authorName, limits } from './protocol';
import type { Memory, Unsent } from './storage';
import { subjectOf } from './storage';
import { Transcript } from './transcript';
import { uuidv7 } from './uuid';

interface Listener {
  changed(): void; // the transcript, or what was seen
  arrived(author: string, text: string): void; // something new from the company
  typing(author: string): void;
  seenElsewhere(): void; // the visitor has read everything in another window
  state(state: LinkState, code: string): void;
}

const typingPauseMs = 3000;

export class Chat {
  readonly transcript = new Transcript();
  readonly link: Link;
  private typedAt = 0;
  private seenSeq = 0;
  private welcomed = false;
  private tokenWaiters: ((token: string) => void)[] = [];

  constructor(
    base: string,
    network: Network,
    readonly memory: Memory,
    private identity: string | undefined,
    private readonly listener: Listener,
  ) {
    memory.bindTo(subjectOf(identity));
    for (const message of memory.log) this.transcript.receive(message);
    for (const unsent of memory.unsent) this.transcript.queue(unsent);
    this.link = new Link(base, network, {
      token: () => memory.token,
      keepToken: (token) => this.keepToken(token),
      identity: () => this.identity,
      lastSeq: () => this.transcript.lastSeq,
      pending: () => this.pending(),
      receive: (frame) => this.receive(frame),
      changed: (state, code) => listener.state(state, code),
    });
  }

  // There is something to show or to send, so that the line is worth opening before the visitor asks for it.
  get hasHistory(): boolean {
    return this.memory.token !== null || this.transcript.pending.length > 0;
  }

  // The token, as soon as there is one.
  token(): Promise<string> {
    this.link.start();
    const { token } = this.memory;
    return token !== null ? Promise.resolve(token) : new Promise((resolve) => this.tokenWaiters.push(resolve));
  }

  send(text: string, attachments: Attachment[]): void {
    const at = new Date().toISOString();
    for (const piece of split(text, attachments.length > 0)) {
      const files = attachments.splice(0).map(({ id, filename, size }) => ({ id, filename, size }));
      const unsent: Unsent = { client_id: uuidv7(), text: piece, attachments: files, at };
      this.memory.keep(unsent); // before anything else: a closed page loses nothing
      this.transcript.queue(unsent);
    }
    this.listener.changed();
    this.link.start();
    this.link.flush();
  }

  // A refused message, once more under a new id; or away with it.
  resend(clientId: string): void {
    const entry = this.transcript.entries.find((candidate) => candidate.clientId === clientId);
    this.discard(clientId);
    if (entry) this.send(entry.text, [...entry.attachments]);
  }

  discard(clientId: string): void {
    this.transcript.remove(clientId);
    this.memory.drop(clientId);
    this.listener.changed();
  }

  typed(now: number = Date.now()): void {
    if (now - this.typedAt < typingPauseMs) return;
    this.typedAt = now;
    this.link.say({ type: 'typing' });
  }

  // The visitor has the conversation before the eyes.
  seen(): void {
    const { lastSeq } = this.transcript;
    if (lastSeq <= this.seenSeq || this.link.state !== 'online') return;
    this.seenSeq = lastSeq;
    this.link.say({ type: 'seen', seq: lastSeq });
  }

  identify(identity: string | undefined): void {
    this.identity = identity;
    if (this.memory.bindTo(subjectOf(identity))) this.transcript.clearAll();
    this.listener.changed();
    this.link.refresh();
  }

  forget(): void {
    this.link.stop();
    this.memory.forget();
    this.transcript.clearAll();
    this.listener.changed();
  }

  private keepToken(token: string | null): void {
    const before = this.memory.token;
    this.memory.token = token;
    if (token !== null) for (const resolve of this.tokenWaiters.splice(0)) resolve(token);
    if (token !== null || before === null) return;
    this.transcript.clear(); // another visitor from now on; what is not sent yet stays and goes there
    this.memory.log = [];
    this.listener.changed();
  }

  private receiveSeen(seq: number, byTeam: boolean): void {
    if (byTeam) {
      this.transcript.seenSeq = Math.max(this.transcript.seenSeq, seq);
    } else {
      this.seenSeq = Math.max(this.seenSeq, seq);
      if (seq >= this.transcript.lastSeq) this.listener.seenElsewhere();
    }
  }

  private pending(): { type: 'message'; client_id: string; text: string; attachments?: string[] }[] {
    return this.transcript.pending.map(({ clientId, text, attachments }) => ({
      type: 'message',
      client_id: clientId,
      text,
      ...(attachments.length > 0 && { attachments: attachments.map(({ id }) => id) }),
    }));
  }

  private receive(frame: ServerFrame): void {
    if (frame.type === 'typing') return this.listener.typing(authorName(frame.author));
    if (frame.type === 'seen') this.receiveSeen(frame.seq, frame.by === 'team');
    if (frame.type === 'refused') this.transcript.refuse(frame.client_id, frame.detail ?? frame.code);
    if (frame.type === 'accepted') this.transcript.accept(frame.client_id, frame.seq, frame.at);
    const messages = frame.type === 'welcome' ? (frame.messages ?? []) : frame.type === 'message' ? [frame] : [];
    const isHistory = frame.type === 'welcome' && !this.welcomed && this.memory.log.length === 0;
    for (const message of messages) {
      const isNew = this.transcript.receive(message);
      if (message.client_id) this.memory.drop(message.client_id);
      if (isNew && message.direction === 'out' && !isHistory)
        this.listener.arrived(authorName(message.author), message.text);
    }
    if (frame.type === 'removed') this.transcript.hide(frame.seq);
    if (frame.type === 'welcome') {
      this.welcomed = true;
      this.receiveSeen(frame.team_seen ?? 0, true);
      if (frame.removed && this.transcript.hideExactly(frame.removed)) this.link.askAgain();
    }
    if (frame.type === 'accepted') this.memory.drop(frame.client_id);
    if (frame.type !== 'seen' && frame.type !== 'refused') this.memory.log = this.transcript.toWire();
    this.listener.changed();
  }
}

// A text longer than one message may be goes as several, cut between lines or words where possible: nothing is cut off.
export function split(text: string, mayBeEmpty: boolean, longest: number = limits.textCharacters): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const window = rest.slice(0, longest);
    const cut = Math.max(window.lastIndexOf('\n'), window.lastIndexOf(' '));
    let at = cut > longest / 2 ? cut + 1 : longest;
    if (at === longest && /[\ud800-\udbff]$/.test(window)) at -= 1;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  if (rest.trim() || (mayBeEmpty && pieces.length === 0)) pieces.push(rest);
  return pieces;
}
