// A real OpenID provider (oidc-provider) on loopback, at which whoever `person` says is signed in already and agrees.
//   const provider = await IdentityProvider.start({ redirect: 'http://localhost/sso/callback' });
//   provider.person = { sub: 's-1', email: 'nora@demo.example', email_verified: true };
//   const back = await provider.visit(url)   what the browser brings back: {state, code, iss} or {error}
//   await provider.signOut()                 in that browser; clients are told, if .logout is set
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const makeKey = (kind, options, alg) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
  kid: randomUUID(),
  alg,
  use: 'sig',
});
const makeKeys = () => [
  makeKey('rsa', { modulusLength: 2048 }, 'RS256'),
  makeKey('ec', { namedCurve: 'P-256' }, 'ES256'),
];

export class IdentityProvider {
  clients = { RS256: 'answerable', ES256: 'answerable-es' };
  secret = 'hush';
  person = null; // {sub, email, email_verified}, and how it was shown: {acr, amr}
  logout = null; // of the clients, for back-channel logout

  static async start({ redirect }) {
    const made = new IdentityProvider();
    made.redirect = redirect;
    made.server = createServer((request, response) => made.handle(request, response));
    await new Promise((resolve) => made.server.listen(0, '127.0.0.1', resolve));
    made.issuer = `http://127.0.0.1:${made.server.address().port}`;
    made.rotate();
    return made;
  }

  // New keys for all that it signs from now on.
  rotate() {
    const client = ([alg, client_id]) => ({
      client_id,
      client_secret: this.secret,
      redirect_uris: [this.redirect],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: alg,
      ...(this.logout ? { backchannel_logout_uri: this.logout, backchannel_logout_session_required: true } : {}),
    });
    this.provider = new Provider(this.issuer, {
      clients: Object.entries(this.clients).map(client),
      jwks: { keys: makeKeys() },
      cookies: { keys: [randomUUID()] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: [] },
      conformIdTokenClaims: false, // in the ID token, as most providers do
      acrValues: ['urn:acme:strong'],
      features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      pkce: { required: () => true },
      findAccount: (_, accountId) => ({ accountId, claims: () => this.person }),
      // By itself it asks nobody on this machine.
      fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
      ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    });
    this.callback = this.provider.callback();
    this.provider.on('backchannel.error', (_, error) => (this.refused = error));
  }

  handle(request, response) {
    if (request.url.startsWith('/interaction/')) return void this.#agree(request, response);
    this.callback(request, response);
  }

  async #agree(request, response) {
    const { params } = await this.provider.interactionDetails(request, response);
    const accountId = this.person.sub;
    const grant = new this.provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope('openid email profile');
    const consent = { grantId: await grant.save() };
    const { acr, amr } = this.person;
    const login = { accountId, ...(acr ? { acr } : {}), ...(amr ? { amr } : {}) };
    await this.provider.interactionFinished(request, response, { login, consent });
  }

  // As a browser without anything of before.
  async visit(url) {
    this.cookies = new Map();
    for (let hops = 0; hops < 10 && !url.startsWith(this.redirect); ++hops) {
      const answer = await this.#ask(url);
      if (!answer.headers.has('location')) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
      url = new URL(answer.headers.get('location'), url).href;
    }
    return Object.fromEntries(new URL(url).searchParams);
  }

  // In the browser that came last; returns once all clients were told.
  async signOut() {
    const page = await (await this.#ask(`${this.issuer}/session/end`)).text();
    const [, xsrf] = /name="xsrf" value="(\w+)"/.exec(page);
    const body = new URLSearchParams({ xsrf, logout: 'yes' });
    const answer = await this.#ask(`${this.issuer}/session/end/confirm`, { method: 'POST', body });
    if (answer.status !== 303) throw new Error(`sign-out: ${answer.status} ${await answer.text()}`);
    if (this.refused) throw this.refused;
  }

  async #ask(url, options = {}) {
    const Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { Cookie }, ...options });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=');
      this.cookies.set(name, value);
    }
    return answer;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
