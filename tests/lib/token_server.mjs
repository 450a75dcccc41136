#!/usr/bin/env node
// An OAuth 2.0 provider on loopback that is strict: codes need PKCE (RFC 7636) and are good once, refresh tokens are
// rotated at each use, and using an old one ends the grant (RFC 9700 section 4.14.2). A mail server may ask it whose a
// token is (RFC 7662).
//   tests/lib/token_server.mjs [--port N]     prints "ready PORT"
// In a test: const provider = await TokenServer.start(); provider.grant('zoe'); …; await provider.stop();
// Over HTTP: /authorise asks a person, /token, /introspect; POST /control {act, …} does what a test wants:
//   grant {user} answers a refresh token · revoke {user} ends all that the person has granted · forget {user} ends the
//   access tokens only · lifetime {seconds} · down {on} answers 503 · rotate {on}
//   log answers {"tokens":N,"refused":N,"reused":N}
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const bytesMax = 65_536;
const makeToken = (kind) => `${kind}_${randomBytes(24).toString('base64url')}`;

export class TokenServer {
  client = { id: 'answerable', secret: 'client secret' };
  user = 'zoe'; // who sits before the browser
  lifetime_s = 3600;
  is_down = false;
  rotates = true;
  answer_bytes = 0; // of /token at least, filled with blanks
  counts = { tokens: 0, refused: 0, reused: 0 };
  #grants = new Map(); // refresh token -> {user, used}
  #access = new Map(); // access token -> {user, until}
  #codes = new Map(); // code -> {user, challenge, redirect}

  static async start({ port = 0 } = {}) {
    const provider = new TokenServer();
    provider.server = createServer((request, response) => void provider.#take(request, response));
    await new Promise((resolve) => provider.server.listen(port, '127.0.0.1', resolve));
    provider.port = provider.server.address().port;
    provider.url = `http://127.0.0.1:${provider.port}`;
    return provider;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  grant(user) {
    const refresh = makeToken('refresh');
    this.#grants.set(refresh, { user, used: false });
    return refresh;
  }

  forget(user) {
    for (const [token, { user: whose }] of this.#access) if (whose === user) this.#access.delete(token);
  }

  revoke(user) {
    this.forget(user);
    for (const [token, { user: whose }] of this.#grants) if (whose === user) this.#grants.delete(token);
  }

  async #take(request, response) {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
      if (body.length > bytesMax) return void request.destroy();
    }
    const url = new URL(request.url, this.url);
    const said = new URLSearchParams(body);
    const what = `${request.method} ${url.pathname}`;
    if (what === 'GET /authorise') return this.#askPerson(url.searchParams, response);
    if (what === 'POST /token') return this.#giveTokens(said, response);
    if (what === 'POST /introspect') return this.#introspect(said, response);
    if (what === 'POST /control') return this.#control(said, response);
    return this.#say(response, 404, { error: 'not_found' });
  }

  #say(response, status, value) {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(value).padEnd(this.answer_bytes));
  }

  // A page with two links, as the person's own browser sees it.
  #askPerson(query, response) {
    const right =
      query.get('client_id') === this.client.id &&
      query.get('response_type') === 'code' &&
      query.get('code_challenge_method') === 'S256' &&
      query.get('code_challenge')?.length === 43 &&
      query.get('state');
    if (!right) return void response.writeHead(400).end('no');
    const back = (values) => {
      const to = new URL(query.get('redirect_uri'));
      for (const [name, value] of Object.entries({ ...values, state: query.get('state') }))
        to.searchParams.set(name, value);
      return to.href.replaceAll('&', '&amp;');
    };
    const code = makeToken('code');
    const challenge = query.get('code_challenge');
    this.#codes.set(code, { user: this.user, challenge, redirect: query.get('redirect_uri') });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      `<!doctype html><html lang="en"><title>Provider</title><h1>May Answerable read mail?</h1>` +
        `<a href="${back({ code })}">Allow</a> <a href="${back({ error: 'access_denied' })}">Deny</a>`,
    );
  }

  #refuse(response, error, error_description) {
    this.counts.refused += 1;
    this.#say(response, 400, { error, error_description });
  }

  #giveTokens(said, response) {
    this.counts.tokens += 1;
    if (this.is_down) return this.#say(response, 503, { error: 'temporarily_unavailable' });
    if (said.get('client_id') !== this.client.id || said.get('client_secret') !== this.client.secret)
      return this.#refuse(response, 'invalid_client', 'Not a client of ours.');
    if (said.get('grant_type') === 'refresh_token') return this.#refresh(said.get('refresh_token'), response);
    if (said.get('grant_type') === 'authorization_code') return this.#takeCode(said, response);
    return this.#refuse(response, 'unsupported_grant_type');
  }

  #takeCode(said, response) {
    const code = this.#codes.get(said.get('code'));
    this.#codes.delete(said.get('code'));
    const challenge = createHash('sha256')
      .update(said.get('code_verifier') ?? '')
      .digest('base64url');
    if (!code || code.challenge !== challenge || code.redirect !== said.get('redirect_uri'))
      return this.#refuse(response, 'invalid_grant', 'The code is not good.');
    return this.#issue(response, code.user, this.grant(code.user));
  }

  #refresh(token, response) {
    const grant = this.#grants.get(token);
    if (!grant) return this.#refuse(response, 'invalid_grant', 'Token has been expired or revoked.');
    if (grant.used) {
      this.counts.reused += 1;
      this.revoke(grant.user);
      return this.#refuse(response, 'invalid_grant', 'An old token was used again.');
    }
    if (!this.rotates) return this.#issue(response, grant.user);
    grant.used = true;
    return this.#issue(response, grant.user, this.grant(grant.user));
  }

  #issue(response, user, refresh_token) {
    const access_token = makeToken('access');
    this.#access.set(access_token, { user, until: Date.now() + this.lifetime_s * 1000 });
    const expires_in = this.lifetime_s;
    this.#say(response, 200, { access_token, token_type: 'Bearer', expires_in, refresh_token });
  }

  #introspect(said, response) {
    const token = this.#access.get(said.get('token'));
    const active = token !== undefined && token.until > Date.now();
    this.#say(response, 200, active ? { active, username: token.user } : { active });
  }

  #control(said, response) {
    const user = said.get('user');
    const acts = {
      grant: () => this.grant(user),
      revoke: () => this.revoke(user),
      forget: () => this.forget(user),
      lifetime: () => void (this.lifetime_s = Number(said.get('seconds'))),
      down: () => void (this.is_down = said.get('on') === '1'),
      rotate: () => void (this.rotates = said.get('on') === '1'),
      log: () => this.counts,
    };
    const answer = acts[said.get('act')]?.();
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? null));
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const at = process.argv.indexOf('--port');
  const provider = await TokenServer.start({ port: at < 0 ? 0 : Number(process.argv[at + 1]) });
  console.log(`ready ${provider.port}`);
  process.on('SIGTERM', () => void provider.stop());
}
