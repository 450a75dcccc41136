// One place that talks HTTP: JSON in and out, problem details turned into ApiError, silence of the network into
// `offline`.
import { languageTag } from '../i18n/format';
import { fromServer } from '../i18n/server_words';
import type { Problem as Described } from './types';

/** A problem as the server describes it, or made here when there was no answer. */
export type Problem = Omit<Described, 'type' | 'request_id'>;

export class ApiError extends Error {
  readonly problem: Problem;
  readonly retry_after_s: number | null;
  constructor(problem: Problem, retry_after_s: number | null = null) {
    super(problem.detail || problem.title);
    this.problem = problem;
    this.retry_after_s = retry_after_s;
  }
  get code(): string {
    return this.problem.code;
  }
  /** No answer at all, or an answer that says "later": the same request may be repeated. */
  get is_passing(): boolean {
    return this.code === 'offline' || this.problem.status === 503 || this.problem.status === 429;
  }
}

interface Call {
  body?: unknown;
  key?: string;
  if_match?: number;
  signal?: AbortSignal;
  reason?: string;
  file?: boolean; // the answer is a file, not JSON
}

/** How far the server's clock is ahead of this machine's; a wrong clock here must not shorten the time to undo. */
let server_ahead_ms = 0;
const clock_grain_ms = 2_000; // the Date header counts whole seconds
export function serverNow(): number {
  return Date.now() + server_ahead_ms;
}
function readClock(answer: Response) {
  const said = Date.parse(answer.headers.get('Date') ?? '');
  if (Number.isNaN(said)) return;
  const ahead = said - Date.now();
  server_ahead_ms = Math.abs(ahead) > clock_grain_ms ? ahead : 0;
}

type SignedOutListener = () => void;
let on_signed_out: SignedOutListener = () => {};
export function whenSignedOut(listener: SignedOutListener) {
  on_signed_out = listener;
}

/** Asks who sits there to show that it is still them; false: they would rather not. */
let ask_step_up: () => Promise<boolean> = () => Promise.resolve(false);
export function whenStepUp(asks: () => Promise<boolean>) {
  ask_step_up = asks;
}

function headersFor(method: string, options: Call, raw: boolean): Headers {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': languageTag() });
  if (method !== 'GET') headers.set('X-Requested-With', 'answerable');
  if (options.body !== undefined) headers.set('Content-Type', raw ? 'application/octet-stream' : 'application/json');
  if (options.key) headers.set('Idempotency-Key', options.key);
  if (options.reason) headers.set('Answerable-Reason', encodeURIComponent(options.reason));
  if (options.if_match !== undefined) headers.set('If-Match', `"${options.if_match}"`);
  return headers;
}

async function problemOf(answer: Response): Promise<ApiError> {
  const retry_after = Number(answer.headers.get('Retry-After'));
  const fallback = { status: answer.status, code: `http_${answer.status}`, title: answer.statusText, detail: '' };
  const said: Partial<Problem> = await answer.json().catch(() => ({}));
  const problem: Problem = { ...fallback, ...said };
  problem.detail = fromServer(problem.detail);
  problem.errors?.forEach((one) => (one.detail = fromServer(one.detail)));
  return new ApiError(problem, retry_after > 0 ? retry_after : null);
}

async function call<T>(method: string, path: string, options: Call = {}): Promise<T> {
  const raw = options.body instanceof Blob;
  const body = options.body === undefined || raw ? (options.body as Blob | undefined) : JSON.stringify(options.body);
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      body: body ?? null,
      headers: headersFor(method, options, raw),
      credentials: 'same-origin',
      signal: options.signal ?? null,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError({ status: 0, code: 'offline', title: 'No connection', detail: '' });
  }
  readClock(answer);
  if (answer.status === 204) return undefined as T;
  if (!answer.ok) {
    const error = await problemOf(answer);
    if (answer.status === 401 && path !== '/session') on_signed_out();
    if (error.code === 'step_up_required' && (await ask_step_up())) return call<T>(method, path, options);
    throw error;
  }
  return (options.file ? await answer.blob() : await answer.json()) as T;
}

export const api = {
  get: <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, signal ? { signal } : {}),
  /** Of what is shown for a reason only. */
  getFor: <T>(path: string, reason: string) => call<T>('GET', path, { reason }),
  post: <T>(path: string, body: unknown = {}, key?: string) => call<T>('POST', path, key ? { body, key } : { body }),
  put: <T>(path: string, body: unknown) => call<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, { body }),
  remove: <T = void>(path: string) => call<T>('DELETE', path),
  /** A file to keep. Unlike a link it can be asked for again after the question who it is. */
  file: (path: string) => call<Blob>('GET', path, { file: true }),
  upload: <T>(path: string, file: Blob) => call<T>('POST', path, { body: file }),
};

/** Query text from the set values only: `query({view: "all", tag: undefined})` is `?view=all`. */
export function query(values: Record<string, string | number | null | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}
