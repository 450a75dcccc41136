// The server's side of the web chat, in memory, on a free port of loopback, with a script of misbehaviour. Accepts each
// client_id once, as the real one does; counts what it was sent, so that a test can tell "sent twice" from "stored
// twice".
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { VisitorFrame, WireMessage } from '../src/protocol';

export type Step = 'open' | 'hello' | 'message' | 'stored' | 'none';

export class FakeServer {
  readonly stored: WireMessage[] = [];
  readonly frames: VisitorFrame[] = [];
  readonly hellos: number[] = [];
  received = 0; // message frames, doubles included
  sessions = 0;
  // What to do at each step of the next connections: asked each time, true cuts the line there.
  cut: (step: Step) => boolean = () => false;
  refuseSession: { status: number; code: string } | null = null;
  expiredIdentity = '';
  refuseMessage: ((text: string) => string | null) | null = null;
  deaf = false; // takes messages and says nothing
  noSockets = false;
  validToken = 'token-1';
  config: object = { name: 'The shop', greeting: 'Hello. What can we do for you?', color: '#7A2A5E', language: 'en' };
  widgetFile = '';
  uploads: { filename: string; bytes: number }[] = [];
  holdUploads: Promise<void> | null = null;
  private readonly http: Server = createServer((request, response) => void this.answer(request, response));
  private readonly sockets = new WebSocketServer({ noServer: true });
  private live = new Set<WebSocket>();

  async start(): Promise<string> {
    this.http.on('upgrade', (request, socket, head) => {
      if (this.noSockets) return void socket.destroy();
      this.sockets.handleUpgrade(request, socket, head, (line) => this.connected(line));
    });
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/webchat/v1/c1`;
  }

  async stop(): Promise<void> {
    for (const line of this.live) line.terminate();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  // The company writes.
  write(text: string): WireMessage {
    const message = this.store({ direction: 'out', text, author: 'Théo' });
    for (const line of this.live) this.say(line, { type: 'message', ...message });
    return message;
  }

  cutAll(code?: number): void {
    for (const line of this.live) {
      if (code) line.close(code);
      else line.terminate();
    }
  }

  say(line: WebSocket, frame: object): void {
    line.send(JSON.stringify(frame));
  }

  broadcast(frame: object): void {
    for (const line of this.live) this.say(line, frame);
  }

  private store(part: Omit<WireMessage, 'seq' | 'at'>): WireMessage {
    const message = { ...part, seq: this.stored.length + 1, at: new Date(0).toISOString() };
    this.stored.push(message);
    return message;
  }

  private accept(clientId: string, text: string): WireMessage {
    const known = this.stored.find((message) => message.client_id === clientId);
    return known ?? this.store({ direction: 'in', text, client_id: clientId });
  }

  private connected(line: WebSocket): void {
    if (this.cut('open')) return line.terminate();
    line.on('message', (data) => this.heard(line, JSON.parse(String(data)) as VisitorFrame));
    line.on('close', () => this.live.delete(line));
  }

  private heard(line: WebSocket, frame: VisitorFrame): void {
    this.frames.push(frame);
    if (frame.type === 'hello') {
      if (frame.token !== this.validToken) return line.close(4401);
      if (this.cut('hello')) return line.terminate();
      this.hellos.push(frame.after);
      this.live.add(line);
      const messages = this.stored.filter((message) => message.seq > frame.after);
      this.say(line, { type: 'welcome', seq: this.stored.length, messages });
    }
    if (frame.type === 'message') this.heardMessage(line, frame);
  }

  private heardMessage(line: WebSocket, frame: Extract<VisitorFrame, { type: 'message' }>): void {
    this.received += 1;
    if (this.deaf) return;
    if (this.cut('message')) return line.terminate();
    const code = this.refuseMessage?.(frame.text) ?? null;
    if (code) return this.say(line, { type: 'refused', client_id: frame.client_id, code, detail: 'Because.' });
    const { seq, at } = this.accept(frame.client_id, frame.text);
    if (this.cut('stored')) return line.terminate();
    this.say(line, { type: 'accepted', client_id: frame.client_id, seq, at });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://x');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'authorization, content-type');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const reply = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (url.pathname === '/widget.js') {
      response.setHeader('content-type', 'text/javascript');
      return void response.end(readFileSync(this.widgetFile));
    }
    if (url.pathname.endsWith('/config')) return reply(200, this.config);
    if (url.pathname.endsWith('/sessions')) {
      this.sessions += 1;
      const { token, identity } = JSON.parse(body) as { token?: string; identity?: string };
      if (identity && identity === this.expiredIdentity) return reply(401, { code: 'identity_expired' });
      if (this.refuseSession) return reply(this.refuseSession.status, { code: this.refuseSession.code });
      if (token && token !== this.validToken) return reply(401, { code: 'unauthenticated' });
      return reply(200, { token: this.validToken, visitor: { id: 'v' }, expires_at: '' });
    }
    if (request.headers.authorization !== `Bearer ${this.validToken}`) return reply(401, { code: 'unauthenticated' });
    if (url.pathname.endsWith('/uploads')) {
      await this.holdUploads;
      const filename = url.searchParams.get('filename') ?? '';
      this.uploads.push({ filename, bytes: body.length });
      return reply(201, { id: `f${this.uploads.length}`, filename, size: body.length });
    }
    if (request.method === 'POST') {
      const { client_id: clientId, text } = JSON.parse(body) as { client_id: string; text: string };
      this.received += 1;
      const code = this.refuseMessage?.(text) ?? null;
      if (code) return reply(422, { code, detail: 'Because.' });
      const { seq, at } = this.accept(clientId, text);
      return reply(201, { client_id: clientId, seq, at });
    }
    const after = Number(url.searchParams.get('after'));
    return reply(200, { messages: this.stored.filter((message) => message.seq > after), seq: this.stored.length });
  }
}
