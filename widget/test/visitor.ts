// A visitor's page for tests: the real chat on a real WebSocket, with short pauses, and waiting for events instead of
// sleeping.
import { WebSocket } from 'ws';
import { Chat } from '../src/chat';
import type { LinkState, Network, SocketLike } from '../src/link';
import { pauses } from '../src/link';
import type { Box } from '../src/storage';
import { Memory, memoryBox } from '../src/storage';

Object.assign(pauses, { firstMs: 2, longestMs: 10, pollMs: 5, acceptMs: 100, refusedMs: 20, againMs: 5, openMs: 2000 });

export class Visitor {
  readonly chat: Chat;
  readonly states: string[] = [];
  readonly arrived: string[] = [];
  readonly typing: string[] = [];
  seenElsewhere = 0;
  private waiters: (() => void)[] = [];
  private timers = new Set<unknown>();

  constructor(
    base: string,
    readonly box: Box = memoryBox(),
    identity?: string,
  ) {
    const network: Network = {
      fetch: (url, options) => fetch(url, options),
      openSocket: (url) => new WebSocket(url) as unknown as SocketLike,
      setTimer: (job, ms) => {
        const timer = setTimeout(job, ms);
        this.timers.add(timer);
        return timer;
      },
      clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
      random: () => 0.5,
    };
    this.chat = new Chat(base, network, new Memory(box, 'c1'), identity, {
      changed: () => this.wake(),
      arrived: (_author, text) => {
        this.arrived.push(text);
        this.wake();
      },
      typing: (author) => {
        this.typing.push(author);
        this.wake();
      },
      seenElsewhere: () => {
        this.seenElsewhere += 1;
        this.wake();
      },
      state: (state: LinkState, code) => {
        this.states.push(code ? `${state}:${code}` : state);
        this.wake();
      },
    });
    this.chat.link.start();
  }

  get texts(): string[] {
    return this.chat.transcript.entries.map((entry) => entry.text);
  }

  // Resolves as soon as it holds; node's own test timeout ends a test in which it never does.
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  get isSettled(): boolean {
    return this.chat.link.state === 'online' && this.chat.transcript.pending.length === 0;
  }

  // The page is closed: nothing of it runs on.
  leave(): void {
    this.chat.link.stop();
    for (const timer of this.timers) clearTimeout(timer as NodeJS.Timeout);
  }

  private wake(): void {
    for (const waiter of this.waiters.splice(0)) waiter();
  }
}
