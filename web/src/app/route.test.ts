import { describe, expect, test } from 'vitest';
import { href, parseRoute, type Route } from './route';

const routes: Route[] = [
  { at: 'inbox', filter: { view: 'all', tag: 'a b', assignee: 'none' }, conversation: 'id-1' },
  { at: 'search', q: 'blue teapot', conversation: null },
  { at: 'contacts', contact: 'c-1', q: '' },
  { at: 'settings', section: 'ledger' },
  { at: 'welcome' },
  { at: 'workspaces' },
  { at: 'workspaces', workspace: 'w-1' },
  { at: 'oversight' },
  { at: 'settings', section: 'policy' },
];

describe('an address', () => {
  test('names the same screen again when it is read back', () => {
    for (const route of routes) {
      const [path, search = ''] = href(route).split('?');
      expect(parseRoute(path!, search)).toEqual(route);
    }
  });
  test('that a provider sends back to keeps what came with it', () => {
    const back = parseRoute('/oauth/callback', '?state=s&code=c%2F1&iss=https://a.example');
    expect(back).toEqual({
      at: 'connected',
      state: 's',
      code: 'c/1',
      issuer: 'https://a.example',
      refusal: '',
    });
    expect(parseRoute('/oauth/callback', '?state=s&error=access_denied')).toMatchObject({ refusal: 'access_denied' });
    expect(href(back)).toBe('/oauth/callback');
  });
  test('of no screen is said to be nowhere', () => {
    expect(parseRoute('/inbox/elsewhere', '').at).toBe('nowhere');
    expect(parseRoute('/settings/everything', '').at).toBe('nowhere');
  });
});
