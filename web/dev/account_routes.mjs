// What the settings show of accounts and programs where nothing was set up yet. Same form as routes.mjs.
import { all } from './settings_routes.mjs';

const sign_on = {
  redirect_url: 'http://localhost:8080/sso/callback',
  logout_url: 'http://localhost:8080/sso/logout',
  acr_values: [],
  issuer: '',
  client_id: '',
  has_secret: false,
  domains: [],
  on: false,
  enforced: false,
  break_glass_user_id: null,
};
const scim = {
  base_url: 'http://localhost:8080/scim/v2',
  exists: false,
  created_at: null,
  last_used_at: null,
  secret: null,
};

export const account_routes = [
  ['GET', '/malware-scanner', () => ({ configured: false, answers: false, down_since: null })],
  ['GET', '/applications', () => all([])],
  ['GET', '/roles', () => all([])],
  ['GET', '/me/passkeys', () => all([])],
  ['GET', '/me/second-factor', () => ({ on: false, passkeys: 0, recovery_codes_left: 0, required: false })],
  ['GET', '/second-factor-roles', () => ({ roles: [] })],
  ['GET', '/single-sign-on', () => sign_on],
  ['GET', '/scim-token', () => scim],
];
