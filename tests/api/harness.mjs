// The real program with its demo workspace, and clients whose every answer is checked against src/http/openapi.json.
//   ANSWERABLE_BIN names the program (default build/asan/answerable); ../lib/server.mjs starts it on free ports.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import { Lmtp } from '../lib/lmtp.mjs';
import { initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';

export const description = JSON.parse(readFileSync(new URL('../../src/http/openapi.json', import.meta.url), 'utf8'));

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addFormat('uuid', /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
ajv.addFormat('uri', /^https?:\/\/[^ ]+$/);
ajv.addSchema(description, 'api');

const escaped = (part) => part.replaceAll('~', '~0').replaceAll('/', '~1');
const compiled = new Map();
const validator = (pointer) => {
  if (!compiled.has(pointer)) compiled.set(pointer, ajv.compile({ $ref: `api#${pointer}` }));
  return compiled.get(pointer);
};

// Every operation: {method, path, needs: {resource, action, own} | null, hasBody}
export const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    needs: operation['x-needs'],
    hasBody: Boolean(operation.requestBody),
    operation,
  })),
);

const operationOf = (method, target) => {
  const parts = target.split('?')[0].split('/');
  const fits = ({ path }) => {
    const pattern = path.split('/');
    return pattern.length === parts.length && pattern.every((part, i) => part.startsWith('{') || part === parts[i]);
  };
  const found = operations.filter((one) => one.method === method && fits(one));
  return found.find((one) => !one.path.includes('{')) ?? found[0];
};

// The status and the body are what the description says; every answer has what every answer must have.
function checkAnswer(method, target, answer) {
  const operation = operationOf(method, target);
  const where = `${method} ${target} -> ${answer.status}`;
  assert.ok(operation, `${where}: not in the description`);
  assert.ok(answer.headers.get('x-request-id'), `${where}: no X-Request-Id`);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', where);
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/, where);
  if (answer.status < 400) {
    assert.match(answer.headers.get('ratelimit') ?? '', /^"[a-z_]+";r=\d+;t=\d+(, "[a-z_]+";r=\d+;t=\d+)?$/, where);
    assert.match(
      answer.headers.get('ratelimit-policy') ?? '',
      /^"[a-z_]+";q=\d+;w=60(, "[a-z_]+";q=\d+;w=60)?$/,
      where,
    );
  }
  const declared = operation.operation.responses[answer.status];
  const type = (answer.headers.get('content-type') ?? '').split(';')[0];
  if (answer.status >= 400) {
    assert.equal(type, 'application/problem+json', where);
    const check = validator('/components/schemas/Problem');
    assert.ok(check(answer.body), `${where}: ${JSON.stringify(check.errors)} ${JSON.stringify(answer.body)}`);
    assert.equal(answer.body.status, answer.status, where);
    return;
  }
  assert.ok(declared, `${where}: this status is not in the description`);
  if (!declared.content) return assert.equal(answer.body, '', where);
  if (!declared.content['application/json']) return;
  assert.equal(type, 'application/json', where);
  const responses = `/paths/${escaped(operation.path)}/${method.toLowerCase()}/responses`;
  const pointer = `${responses}/${answer.status}/content/application~1json/schema`;
  const check = validator(pointer);
  assert.ok(
    check(answer.body),
    `${where}: ${JSON.stringify(check.errors?.slice(0, 5))} ${JSON.stringify(answer.body).slice(0, 2000)}`,
  );
}

export class Client {
  constructor(url) {
    this.url = url;
    this.cookies = new Map();
    this.bearer = '';
  }

  async send(method, target, { body, raw, headers = {}, check = true, browser = true } = {}) {
    const sent = { ...headers };
    if (this.bearer) sent.Authorization = `Bearer ${this.bearer}`;
    else if (this.cookies.size) sent.Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (browser && method !== 'GET')
      Object.assign(sent, { 'X-Requested-With': 'answerable', Origin: this.url, ...headers });
    if (body !== undefined) sent['Content-Type'] ??= 'application/json';
    const payload = raw ?? (body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
    const answer = await fetch(`${this.url}/api/v1${target}`, { method, headers: sent, body: payload });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=');
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    const result = { status: answer.status, headers: answer.headers, body: isJson && text ? JSON.parse(text) : text };
    if (check) checkAnswer(method, target, result);
    return result;
  }

  get(target, options) {
    return this.send('GET', target, options);
  }
  post(target, body, options) {
    return this.send('POST', target, { body, ...options });
  }
  patch(target, body, options) {
    return this.send('PATCH', target, { body, ...options });
  }
  put(target, body, options) {
    return this.send('PUT', target, { body, ...options });
  }
  remove(target, options) {
    return this.send('DELETE', target, options);
  }

  async signIn(email, password) {
    const answer = await this.post('/session', { email, password });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return this;
  }
}

export async function startProgram({ env } = {}) {
  const folder = await makeDataFolder();
  const account = await initDemo(folder);
  const server = await Server.start(folder, { env });
  const client = () => new Client(server.url);
  const signedIn = (email) => client().signIn(email ?? account.email, account.password);
  const stop = async () => {
    const how = await server.stop();
    await removeFolder(folder);
    assert.deepEqual(how, { code: 0, signal: null }, `the server did not stop well:\n${server.log}`);
  };
  return { url: server.url, server, folder, account, client, signedIn, stop, deliver: (mail) => deliver(server, mail) };
}

let delivered = 0;
export async function deliver(
  server,
  { from = 'kim@customer.example', subject = 'Hello', text = 'Where is my order?', headers = '' } = {},
) {
  const connection = await Lmtp.connect(server.lmtpPort);
  const id = `${process.pid}.${++delivered}@customer.example`;
  const raw =
    `From: Kim <${from}>\r\nTo: support@demo.example\r\nSubject: ${subject}\r\nMessage-ID: <${id}>\r\n${headers}` +
    `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
  const reply = await connection.send(from, 'support@demo.example', raw);
  connection.close();
  assert.equal(reply.code, 250, reply.text);
  return id;
}

// Follows the log until the predicate holds for an event; returns that event.
export async function waitForEvent(client, after, predicate) {
  for (let seq = after; ;) {
    const { body } = await client.get(`/events?after=${seq}&wait=25`);
    const found = body.events.find(predicate);
    if (found) return found;
    assert.notEqual(body.events.length, 0, 'nothing happened for 25 s');
    seq = body.last_seq;
  }
}

export const seqOf = async (client) => (await client.get('/conversations?limit=1')).body.seq;
