// A small stand-in for the Answerable server: the contract in memory, for development, pictures and measurements.
// node dev/server.mjs [--port 8080] [--conversations 10000] [--dist dist]   then sign in as nora@example.org / inbox
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fill, messages, users } from './data.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
fill(Number(option('conversations', 10_000)));
const { Refusal } = await import('./acts.mjs');
const { routes } = await import('./routes.mjs');
const { flags, log, peers, seq, tellPresence } = await import('./state.mjs');
const { accept } = await import('./socket.mjs');

const dist = option('dist', new URL('../dist', import.meta.url).pathname);
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self' ws: wss:; font-src 'self'; frame-src 'self' blob:; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAICAIAAABPmPnhAAAAFklEQVR42mOsmriSAQdgYsANRqVJlwYAZ7gBnYQ2lIYAAAAASUVORK5CYII=',
  'base64',
);
const compiled = routes.map(([method, path, run]) => ({
  method,
  run,
  pattern: new RegExp(`^${path.replace(':id', '([^/]+)')}$`),
}));

function userOf(request) {
  const id = /answerable=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  return users.find((one) => one.id === id);
}

function answer(response, status, body, headers = {}) {
  response.writeHead(status, {
    'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

async function serveApi(request, response, url) {
  const path = url.pathname.slice('/api/v1'.length);
  if (flags.offline && !path.startsWith('/dev/')) return response.destroy();
  const mail = /^\/messages\/([^/]+)\/document$/.exec(path);
  if (mail) return serveMail(response, mail[1], url.searchParams.get('images') === '1');
  if (path.startsWith('/attachments/')) return response.writeHead(200, { 'Content-Type': 'image/png' }).end(picture);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const found = compiled.find((one) => one.method === request.method && one.pattern.test(path));
  const headers = {};
  try {
    if (!found) throw new Refusal(404, 'not_found', 'There is no such resource.');
    const user = userOf(request);
    const is_open = path === '/setup' || (path === '/session' && request.method === 'POST') || path.startsWith('/dev/');
    if (!user && !is_open) throw new Refusal(401, 'unauthenticated', 'Sign in first.');
    if (request.method !== 'GET' && !path.startsWith('/dev/') && request.headers['x-requested-with'] !== 'answerable')
      throw new Refusal(403, 'csrf', 'Header missing.');
    const json = (request.headers['content-type'] ?? '').includes('json') && raw.length > 0;
    const result = await found.run({
      user,
      raw,
      headers: request.headers,
      query: url.searchParams,
      id: found.pattern.exec(path)[1],
      body: json ? JSON.parse(raw) : {},
      signIn: (one) => {
        headers['Set-Cookie'] = `answerable=${one.id}; HttpOnly; SameSite=Lax; Path=/`;
      },
    });
    if (request.method === 'DELETE' && path.startsWith('/session'))
      headers['Set-Cookie'] = 'answerable=; Max-Age=0; Path=/';
    const [status, body] = Array.isArray(result) && typeof result[0] === 'number' ? result : [200, result];
    answer(response, status, body, headers);
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error);
    answer(response, error.status ?? 500, {
      type: 'about:blank',
      title: error.code ?? 'internal',
      status: error.status ?? 500,
      detail: error.message,
      code: error.code ?? 'internal',
      errors: error.errors,
    });
  }
}

function serveMail(response, id, with_images) {
  const { html } = [...messages.values()].flat().find((one) => one.id === id);
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(
    '<!doctype html><style>body{margin:0;padding:12px;font:14px/20px system-ui}img:not([src]){display:none}</style>' +
      (with_images ? html.replaceAll(' data-remote-src="', ' src="') : html),
  );
}

function serveFile(response, path) {
  const wanted = join(dist, normalize(path));
  const file = extname(path) && existsSync(wanted) ? wanted : join(dist, 'index.html');
  if (!existsSync(file))
    return response.writeHead(404).end('Run npm run build first, or npm run dev beside this server.');
  response.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(readFileSync(file));
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname.startsWith('/api/v1/')) void serveApi(request, response, url);
  else serveFile(response, url.pathname);
});

server.on('upgrade', (request, socket) => {
  const user = userOf(request);
  if (!user || flags.offline) return socket.destroy();
  const peer = accept(request, socket, hear, (gone) => {
    const was = peers.get(gone);
    peers.delete(gone);
    if (was?.conversation) tellPresence(was.conversation);
  });
  peers.set(peer, { user, conversation: null, state: 'left' });
});

function hear(peer, frame) {
  if (frame.type === 'ping') peer.send({ type: 'pong' });
  if (frame.type === 'hello') {
    peer.send({ type: 'welcome', seq: seq() });
    const missed = log.filter((one) => one.seq > frame.after);
    if (missed.length > 0) peer.send({ type: 'events', events: missed, seq: seq() });
  }
  if (frame.type === 'presence') {
    const now = peers.get(peer);
    if (!now) return;
    peers.set(peer, { ...now, conversation: frame.state === 'left' ? null : frame.conversation, state: frame.state });
    tellPresence(frame.conversation);
  }
}

setInterval(() => {
  if (flags.offline) for (const peer of peers.keys()) peer.close();
}, 200).unref();

const port = Number(option('port', 8080));
server.listen(port, '127.0.0.1', () =>
  console.log(`http://localhost:${server.address().port}  nora@example.org / inbox`),
);
