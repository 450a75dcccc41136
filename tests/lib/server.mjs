// Starts the real program for a test, on free loopback ports, in a temporary data folder.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { within } from './within.mjs';

const run = promisify(execFile);
export const program = process.env.ANSWERABLE_BIN ?? new URL('../../build/asan/answerable', import.meta.url).pathname;

export async function makeDataFolder() {
  return mkdtemp(join(tmpdir(), 'answerable-test-'));
}

// Ours without any setting of the program.
export const cleanEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ANSWERABLE_')));

const environment = (dataDir, extra = {}) => {
  return {
    ...cleanEnvironment(),
    ANSWERABLE_SERVER_DATA_DIR: dataDir,
    ANSWERABLE_SERVER_LISTEN: '127.0.0.1:0',
    ANSWERABLE_SERVER_PUBLIC_URL: 'http://localhost',
    ANSWERABLE_MAIL_LMTP_LISTEN: '127.0.0.1:0',
    ANSWERABLE_MAIL_DNS_SERVERS: 'none', // no test asks the world
    ANSWERABLE_SERVER_DEMO: 'true',
    ANSWERABLE_LOG_LEVEL: 'warning',
    ...extra,
  };
};

// Runs one command to its end; resolves with {status, stdout, stderr} whatever the status is.
export async function command(dataDir, args, { env = {}, input } = {}) {
  const promise = run(program, args, { env: environment(dataDir, env), maxBuffer: 1 << 28 });
  if (input !== undefined) promise.child.stdin.end(input);
  try {
    return { status: 0, ...(await promise) };
  } catch (error) {
    return { status: error.code ?? error.signal, stdout: error.stdout, stderr: error.stderr };
  }
}

export async function initDemo(dataDir, env = {}) {
  const result = await command(dataDir, ['init', '--demo'], { env });
  if (result.status !== 0) throw new Error(`init --demo failed (${result.status}): ${result.stderr}`);
  const [email, password] = (await readFile(join(dataDir, 'demo-account'), 'utf8')).trim().split('\n');
  return { email, password };
}

// A test that fails between start and stop leaves its server running, and the run would wait for it for ever.
const running = new Set();
if (process.env.NODE_TEST_CONTEXT) {
  const { after } = await import('node:test');
  after(() => setTimeout(() => running.forEach((child) => child.kill('SIGKILL')), 15_000).unref());
}

export class Server {
  static async start(dataDir, { env = {}, preload } = {}) {
    const server = new Server();
    const all = environment(dataDir, env);
    if (preload) all.LD_PRELOAD = preload;
    server.child = spawn(program, ['serve'], { env: all, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(server.child);
    server.child.on('exit', () => running.delete(server.child));
    server.log = '';
    server.child.stderr.on('data', (chunk) => {
      server.log += chunk;
    });
    server.exited = new Promise((resolve) => server.child.on('exit', (code, signal) => resolve({ code, signal })));
    const ready = new Promise((resolve, reject) => {
      let out = '';
      server.child.stdout.on('data', (chunk) => {
        out += chunk;
        const ports = /^ready web=(\d+) lmtp=(\d+) smtp=(\d+)$/m.exec(out);
        if (ports) resolve(ports.slice(1).map(Number));
      });
      server.exited.then((how) =>
        reject(new Error(`server ended before it was ready: ${JSON.stringify(how)}\n${server.log}`)),
      );
    });
    [server.webPort, server.lmtpPort, server.smtpPort] = await within(ready, 'the server to be ready');
    server.url = `http://localhost:${server.webPort}`;
    return server;
  }

  get pid() {
    return this.child.pid;
  }
  kill(signal = 'SIGKILL') {
    this.child.kill(signal);
    return this.exited;
  }
  stop() {
    return within(this.kill('SIGTERM'), 'the server to stop');
  }
}

// An HTTP client that is signed in by cookie.
export class Client {
  constructor(url) {
    this.url = url;
    this.cookie = '';
  }
  async request(method, path, body, headers = {}) {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        'X-Requested-With': 'answerable',
        Origin: this.url.replace(/:\d+$/, ''),
        'Sec-Fetch-Site': 'same-origin',
        ...(this.cookie ? { Cookie: this.cookie } : {}),
        ...(body !== undefined ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const set = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
    if (set.length) this.cookie = set.join('; ');
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text && /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text,
    };
  }
  async signIn({ email, password }) {
    const answer = await this.request('POST', '/api/v1/session', { email, password });
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

export const freePort = () =>
  Number(execFileSync(process.execPath, [new URL('./free_port.mjs', import.meta.url).pathname]));

// A browser's origin has the port in it, so the public address must have it too.
export function browserEnv() {
  const port = freePort();
  return {
    ANSWERABLE_SERVER_LISTEN: `127.0.0.1:${port}`,
    ANSWERABLE_SERVER_PUBLIC_URL: `http://localhost:${port}`,
  };
}

export const removeFolder = (path) => rm(path, { recursive: true, force: true });
