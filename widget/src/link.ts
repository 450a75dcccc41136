// The line to the server: keeps a WebSocket open, resumes after the last number seen, sends what waits, tries again
// with growing, random pauses. Falls back to plain HTTP where WebSockets do not get through. No DOM here: the network
// and time are passed in.
import type { ServerFrame, VisitorFrame, WireMessage } from './protocol';
import { readFrame } from './protocol';

export type LinkState = 'idle' | 'connecting' | 'online' | 'offline' | 'refused';

export interface SocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
}

export interface Network {
  fetch(url: string, options?: RequestInit): Promise<Response>;
  openSocket(url: string): SocketLike;
  setTimer(job: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  random(): number; // in [0, 1)
}

// What the link asks of the rest of the widget.
interface Owner {
  token(): string | null;
  keepToken(token: string | null): void;
  identity(): string | undefined;
  lastSeq(): number;
  pending(): { type: 'message'; client_id: string; text: string; attachments?: string[] }[];
  receive(frame: ServerFrame): void;
  changed(state: LinkState, code: string): void;
}

export const pauses = {
  firstMs: 500,
  longestMs: 30_000,
  acceptMs: 20_000, // no answer to a message for so long: the line is dead
  openMs: 10_000,
  pollMs: 4_000,
  refusedMs: 120_000,
  againMs: 5_000,
};
const socketsTriedBeforePolling = 3;
const failuresOfFull = 6; // the server has too many visitors: as after so many failures, so the longest pause
const failuresBeforeRenewal = 2; // a browser does not tell why a WebSocket was refused: it may be the token
const passing = /^(limited|rate_limited|too_many_\w+|unavailable)$/; // refused now, not for ever

export class Link {
  state: LinkState = 'idle';
  private socket: SocketLike | null = null;
  private timer: unknown = null; // the next try, or the next poll
  private watchdog: unknown = null;
  private failures = 0;
  private socketFailures = 0;
  private underWay: string | null = null; // the one message sent on this connection and not yet answered
  private identified = false;
  private generation = 0; // whatever an older attempt still says is ignored

  constructor(
    private readonly base: string, // https://host/webchat/v1/CHANNEL
    private readonly network: Network,
    private readonly owner: Owner,
  ) {}

  start(): void {
    if (this.state !== 'idle' && this.state !== 'offline') return;
    this.become('connecting');
    void this.attempt();
  }

  // The browser says that the network is back, or the page was looked at again after a long time.
  refresh(): void {
    if (this.state === 'idle') return;
    this.failures = this.socketFailures = 0;
    this.identified = false;
    this.drop();
    this.become('connecting');
    void this.attempt();
  }

  stop(): void {
    this.drop();
    this.become('idle');
  }

  // Sends the first message that waits; its answer sends the next. One at a time, so that the order is the visitor's
  // always.
  flush(): void {
    if (this.state !== 'online') return;
    if (!this.socket) {
      if (this.timer === null) return; // a poll is under way and looks again when it is done
      this.clearTimer();
      void this.poll(this.generation);
      return;
    }
    const message = this.owner.pending()[0];
    if (this.underWay !== null || !message) return;
    this.underWay = message.client_id;
    this.say(message);
    this.watch();
  }

  say(frame: VisitorFrame): void {
    if (this.state === 'online') this.socket?.send(JSON.stringify(frame));
  }

  // For what lies behind lastSeq() once more; a poll does so by itself.
  askAgain(): void {
    const token = this.owner.token();
    const hello = { type: 'hello', token: token ?? '', after: this.owner.lastSeq() } satisfies VisitorFrame;
    this.socket?.send(JSON.stringify(hello));
  }

  private async attempt(): Promise<void> {
    const generation = ++this.generation;
    this.clearTimer();
    try {
      const known = this.owner.token();
      const enough = known && this.failures < failuresBeforeRenewal && (this.identified || !this.owner.identity());
      const token = enough ? known : await this.openSession();
      if (generation !== this.generation || token === null) return;
      if (this.socketFailures >= socketsTriedBeforePolling) {
        this.become('online');
        await this.poll(generation);
      } else {
        this.openSocket(generation, token);
      }
    } catch {
      if (generation === this.generation) this.tryLater();
    }
  }

  // Renews the token, or asks for a first one. Null: the server does not want us, and changed() has said so.
  private async openSession(withIdentity = true): Promise<string | null> {
    const token = this.owner.token();
    const identity = withIdentity ? this.owner.identity() : undefined;
    const response = await this.post('/sessions', { ...(identity && { identity }), ...(token && { token }) });
    if (response.ok) {
      const session = (await response.json()) as { token: string };
      this.identified = true;
      this.owner.keepToken(session.token);
      return session.token;
    }
    if (response.status >= 500 || response.status === 429) throw new Error('later');
    const { code = 'unavailable' } = (await response.json().catch(() => ({}))) as { code?: string };
    if (response.status === 401 && token) {
      // An identity lives for an hour, a page may stand open for longer: the token still says who it is.
      if (identity && /^identity/.test(code)) return this.openSession(false);
      this.owner.keepToken(null);
      return this.openSession();
    }
    this.refuse(code);
    return null;
  }

  private openSocket(generation: number, token: string): void {
    const socket = this.network.openSocket(this.base.replace(/^http/, 'ws') + '/live');
    let welcomed = false;
    this.socket = socket;
    this.underWay = null;
    this.watchdog = this.network.setTimer(() => socket.close(), pauses.openMs);
    socket.onopen = () => {
      if (generation !== this.generation) return;
      socket.send(JSON.stringify({ type: 'hello', token, after: this.owner.lastSeq() } satisfies VisitorFrame));
    };
    socket.onmessage = (event) => {
      const frame = generation === this.generation ? readFrame(event.data) : null;
      if (!frame) return;
      if (frame.type === 'welcome') {
        welcomed = true;
        this.failures = this.socketFailures = 0;
        this.clearWatchdog();
      }
      if (frame.type === 'refused' && passing.test(frame.code)) return this.sendAgainLater();
      this.owner.receive(frame);
      if (frame.type === 'accepted' || frame.type === 'refused') this.settle(frame.client_id);
      if (frame.type === 'welcome') {
        this.become('online');
        this.flush();
      }
    };
    socket.onerror = () => {};
    socket.onclose = ({ code }) => {
      if (generation !== this.generation) return;
      if (!welcomed) this.socketFailures += 1;
      this.lost(code);
    };
  }

  private settle(clientId: string): void {
    if (this.underWay !== clientId) return;
    this.underWay = null;
    this.clearWatchdog();
    this.flush();
  }

  private sendAgainLater(): void {
    this.clearWatchdog();
    this.clearTimer();
    this.timer = this.network.setTimer(() => {
      this.underWay = null;
      this.flush();
    }, pauses.againMs);
  }

  // A line that swallows messages is dead even if nobody has closed it.
  private watch(): void {
    this.clearWatchdog();
    const socket = this.socket;
    const generation = this.generation;
    this.watchdog = this.network.setTimer(() => {
      if (generation !== this.generation) return;
      socket?.close();
      this.lost(1006);
    }, pauses.acceptMs);
  }

  private lost(code: number): void {
    this.drop();
    if (code === 4401) this.owner.keepToken(null);
    if (code === 1013) this.failures = Math.max(this.failures, failuresOfFull);
    if (code === 4403 || code === 4404) this.refuse('unavailable');
    else this.tryLater();
  }

  private tryLater(): void {
    const longest = Math.min(pauses.longestMs, pauses.firstMs * 2 ** this.failures);
    this.failures += 1;
    this.become('offline');
    const pause = longest / 2 + this.network.random() * (longest / 2);
    this.timer = this.network.setTimer(() => void this.attempt(), pause);
  }

  private refuse(code: string): void {
    this.drop();
    this.become('refused', code);
    this.timer = this.network.setTimer(() => void this.attempt(), pauses.refusedMs);
  }

  // Plain HTTP: everything that waits goes out one by one, then what is new is asked for.
  private async poll(generation: number): Promise<void> {
    try {
      for (const message of this.owner.pending()) {
        const response = await this.post('/messages', message, this.owner.token());
        if (response.status === 401) this.owner.keepToken(null);
        if (!response.ok && (response.status >= 500 || [401, 408, 429].includes(response.status)))
          throw new Error('later');
        const answer = (await response.json()) as Record<string, unknown>;
        const type = response.ok ? 'accepted' : 'refused';
        this.owner.receive({ ...answer, client_id: message.client_id, type } as ServerFrame);
      }
      const headers = { authorization: `Bearer ${this.owner.token()}` };
      const response = await this.network.fetch(`${this.base}/messages?after=${this.owner.lastSeq()}`, { headers });
      if (response.status === 401) this.owner.keepToken(null);
      if (!response.ok) throw new Error('later');
      const answer = (await response.json()) as { messages?: WireMessage[]; items?: WireMessage[]; seq?: number };
      if (generation !== this.generation) return;
      const messages = answer.messages ?? answer.items ?? [];
      this.owner.receive({ type: 'welcome', seq: answer.seq ?? 0, messages });
      this.failures = 0;
      const pause = messages.length || this.owner.pending().length ? 0 : pauses.pollMs;
      this.timer = this.network.setTimer(() => {
        this.timer = null;
        void this.poll(generation);
      }, pause);
    } catch {
      if (generation === this.generation) this.tryLater();
    }
  }

  private post(path: string, body: unknown, token?: string | null): Promise<Response> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token) headers['authorization'] = `Bearer ${token}`;
    return this.network.fetch(this.base + path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  private drop(): void {
    this.generation += 1;
    this.clearTimer();
    this.clearWatchdog();
    const socket = this.socket;
    this.socket = null;
    this.underWay = null;
    socket?.close();
  }

  private become(state: LinkState, code = ''): void {
    if (this.state === state) return;
    this.state = state;
    this.owner.changed(state, code);
  }

  private clearTimer(): void {
    if (this.timer !== null) this.network.clearTimer(this.timer);
    this.timer = null;
  }

  private clearWatchdog(): void {
    if (this.watchdog !== null) this.network.clearTimer(this.watchdog);
    this.watchdog = null;
  }
}
