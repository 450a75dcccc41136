// The live line: WebSocket first, long poll when a proxy in between forbids it. It knows the last event it has seen and
// never guesses: a gap is asked for, and when the log no longer holds it, the screens are fetched afresh.
import { api, ApiError } from '../api/client';
import type { Id, LogEvent, Viewer } from '../api/types';
import { cell } from '../state/keyed';
import { acceptTyping, acceptViewers } from '../state/threads';
import { applyEvents } from './apply';

type LiveState = 'connecting' | 'live' | 'behind' | 'offline';
export const live = cell<LiveState>('live', 'connecting');

const ping_ms = 15_000;
const silence_ms = 40_000;
const wait_ms_max = 15_000;
const show_offline_ms = 1_500;

interface EventPage {
  events: LogEvent[];
  last_seq: number;
  behind: boolean;
}
type Frame =
  | { type: 'welcome' | 'resync'; seq: number }
  | { type: 'events'; events: LogEvent[]; seq: number }
  | { type: 'presence'; conversation: Id; viewers: Viewer[] }
  | { type: 'signal'; conversation: Id; kind: string }
  | { type: 'pong'; seq?: number };

let last_seq = -1;
let socket: WebSocket | null = null;
let attempts = 0;
let stopped = true;
let heard_at = 0;
let head_seq = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let beat: ReturnType<typeof setInterval> | undefined;
let doubt: ReturnType<typeof setTimeout> | undefined;
let on_resync: () => Promise<number | null> = async () => null;
let on_back: () => void = () => {};

export function whenResync(work: () => Promise<number | null>) {
  on_resync = work;
}
export function whenBack(work: () => void) {
  on_back = work;
}

function show(state: LiveState) {
  clearTimeout(doubt);
  doubt = undefined;
  live.set(state);
}

function showSoon(state: LiveState) {
  if (live.get() === state) return;
  doubt ??= setTimeout(() => show(state), show_offline_ms);
}

export function startLive(after: number) {
  last_seq = Math.max(last_seq, after);
  if (!stopped) return;
  stopped = false;
  connect();
  beat = setInterval(tick, ping_ms);
  window.addEventListener('online', reconnectNow);
  window.addEventListener('offline', lost);
}

export function stopLive() {
  stopped = true;
  clearInterval(beat);
  clearTimeout(retry);
  socket?.close();
  socket = null;
  last_seq = -1;
  window.removeEventListener('online', reconnectNow);
  window.removeEventListener('offline', lost);
}

function tick() {
  if (!socket || socket.readyState !== WebSocket.OPEN) return;
  if (Date.now() - heard_at > silence_ms) socket.close();
  else socket.send('{"type":"ping"}');
}

export function reconnectNow() {
  if (stopped || socket?.readyState === WebSocket.OPEN) return;
  attempts = 0;
  connect();
}

function lost() {
  show('offline');
  socket?.close();
}

function connect() {
  clearTimeout(retry);
  socket?.close();
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const mine = new WebSocket(`${scheme}://${location.host}/api/v1/live`);
  socket = mine;
  mine.addEventListener('open', () => {
    heard_at = Date.now();
    mine.send(JSON.stringify({ type: 'hello', after: last_seq }));
  });
  mine.addEventListener('message', (event) => {
    heard_at = Date.now();
    if (mine === socket) void hear(JSON.parse(String(event.data)) as Frame);
  });
  mine.addEventListener('close', (event) => {
    if (mine !== socket || stopped) return;
    socket = null;
    if (event.code === 4401) void api.get('/sessions').catch(() => {});
    again();
  });
}

function again() {
  attempts += 1;
  showSoon('offline');
  clearTimeout(retry);
  if (attempts >= 3 && navigator.onLine) {
    void poll();
    return;
  }
  retry = setTimeout(connect, Math.min(wait_ms_max, 300 * 2 ** attempts) * (0.5 + Math.random() / 2));
}

async function poll() {
  try {
    const page = await api.get<EventPage>(`/events?after=${last_seq}&limit=500&wait=0`);
    take(page.events, page.last_seq);
    back();
    retry = setTimeout(connect, 5_000);
  } catch (error) {
    if ((error as ApiError).problem?.status === 410) await resync();
    retry = setTimeout(connect, wait_ms_max * (0.5 + Math.random() / 2));
  }
}

function back() {
  const was_away = live.get() === 'offline';
  show(head_seq > last_seq ? 'behind' : 'live');
  if (was_away) on_back();
}

async function hear(frame: Frame) {
  if (frame.type === 'welcome') {
    attempts = 0;
    head_seq = frame.seq;
    if (last_seq < 0) last_seq = frame.seq;
    back();
  } else if (frame.type === 'events') await hearEvents(frame.events, frame.seq);
  else if (frame.type === 'presence') acceptViewers(frame.conversation, frame.viewers);
  else if (frame.type === 'signal' && frame.kind === 'contact_typing') acceptTyping(frame.conversation, Date.now());
  else if (frame.type === 'resync') await resync();
}

async function hearEvents(events: LogEvent[], seq: number) {
  const first = events[0]?.seq ?? seq;
  if (first > last_seq + 1 && last_seq >= 0) await fillGap(first);
  take(events, seq);
}

/** Events are numbered without holes; when one is missing in the stream it is asked for before going on. */
async function fillGap(first: number) {
  show('behind');
  try {
    const page = await api.get<EventPage>(`/events?after=${last_seq}&limit=500&wait=0`);
    take(
      page.events.filter((event) => event.seq < first),
      first - 1,
    );
  } catch {
    await resync();
  }
}

function take(events: LogEvent[], seq: number) {
  const fresh = events.filter((event) => event.seq > last_seq);
  if (fresh.length > 0) applyEvents(fresh);
  last_seq = Math.max(last_seq, seq);
  if (live.get() === 'behind' && last_seq >= head_seq) show('live');
}

async function resync() {
  show('behind');
  const seq = await on_resync();
  if (seq !== null) last_seq = Math.max(last_seq, seq);
  show(socket ? 'live' : 'offline');
}

export function sendPresence(conversation: Id, state: 'viewing' | 'typing' | 'left') {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'presence', conversation, state }));
}
