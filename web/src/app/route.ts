// The address says what is on the screen: view, filter and conversation. Every state can be linked and gone back to.
import type { Id, View } from '../api/types';
import { cell } from '../state/keyed';
import type { Filter } from '../state/lists';

export const views: View[] = ['mine', 'unassigned', 'all', 'snoozed', 'closed'];
export type Section =
  | 'profile'
  | 'sessions'
  | 'channels'
  | 'people'
  | 'roles'
  | 'api-keys'
  | 'incidents'
  | 'read-log'
  | 'deliveries'
  | 'quarantine'
  | 'content-rules'
  | 'reviews'
  | 'ledger'
  | 'policy';

const account_pages = ['reset', 'password', 'exposed', 'ended'] as const;
export type AccountPage = (typeof account_pages)[number];

export type Route =
  | { at: 'inbox'; filter: Filter; conversation: Id | null }
  | { at: 'search'; q: string; conversation: Id | null }
  | { at: 'contacts'; contact: Id | null; q: string }
  | { at: 'settings'; section: Section | null }
  | { at: 'account'; page: AccountPage } // of who is not signed in
  | { at: 'welcome' }
  | { at: 'connected'; state: string; code: string; issuer: string; refusal: string } // back from a provider
  | { at: 'sign_on'; state: string; code: string; issuer: string; refusal: string } // back from the company's sign-in
  | { at: 'workspaces'; workspace?: Id } // the operator's
  | { at: 'oversight' }
  | { at: 'nowhere'; path: string };

const sections: Section[] = [
  'profile',
  'sessions',
  'channels',
  'people',
  'roles',
  'api-keys',
  'incidents',
  'read-log',
  'deliveries',
  'quarantine',
  'content-rules',
  'reviews',
  'ledger',
  'policy',
];

export function parseRoute(path: string, search: string): Route {
  const [first = '', second = '', third = ''] = path.split('/').filter(Boolean).map(decodeURIComponent);
  const params = new URLSearchParams(search);
  const q = params.get('q') ?? '';
  if (first === '' || first === 'inbox') {
    const view = views.find((one) => one === (second || 'mine'));
    if (!view) return { at: 'nowhere', path };
    const filter: Filter = { view };
    for (const name of ['channel', 'assignee', 'tag'] as const) if (params.get(name)) filter[name] = params.get(name)!;
    return { at: 'inbox', filter, conversation: third || null };
  }
  if (first === 'search') return { at: 'search', q, conversation: second || null };
  if (first === 'contacts') return { at: 'contacts', contact: second || null, q };
  if (first === 'settings') {
    const section = sections.find((one) => one === second) ?? null;
    return second && !section ? { at: 'nowhere', path } : { at: 'settings', section };
  }
  if (first === 'oauth' && second === 'callback') {
    const said = (name: string) => params.get(name) ?? '';
    return { at: 'connected', state: said('state'), code: said('code'), issuer: said('iss'), refusal: said('error') };
  }
  if (first === 'sso' && second === 'callback') {
    const said = (name: string) => params.get(name) ?? '';
    return { at: 'sign_on', state: said('state'), code: said('code'), issuer: said('iss'), refusal: said('error') };
  }
  const page = account_pages.find((one) => one === second);
  if (first === 'account' && page) return { at: 'account', page };
  if (first === 'workspaces' && second) return { at: 'workspaces', workspace: second };
  return first === 'welcome' || first === 'workspaces' || first === 'oversight'
    ? { at: first }
    : { at: 'nowhere', path };
}

function withQuery(path: string, values: Record<string, string | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) params.set(name, value);
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

export function href(to: Route): string {
  if (to.at === 'inbox') {
    const { view, ...rest } = to.filter;
    return withQuery(to.conversation ? `/inbox/${view}/${to.conversation}` : `/inbox/${view}`, { ...rest });
  }
  if (to.at === 'search') return withQuery(to.conversation ? `/search/${to.conversation}` : '/search', { q: to.q });
  if (to.at === 'contacts') return withQuery(to.contact ? `/contacts/${to.contact}` : '/contacts', { q: to.q });
  if (to.at === 'settings') return to.section ? `/settings/${to.section}` : '/settings';
  if (to.at === 'account') return `/account/${to.page}`;
  if (to.at === 'connected') return '/oauth/callback'; // what came with it is good once
  if (to.at === 'sign_on') return '/sso/callback';
  if (to.at === 'workspaces' && to.workspace) return `/workspaces/${to.workspace}`;
  return to.at === 'nowhere' ? to.path : `/${to.at}`;
}

export const route = cell<Route>('route', parseRoute(location.pathname, location.search));

export function go(to: Route, how: 'push' | 'replace' = 'push') {
  const address = href(to);
  if (address === location.pathname + location.search) how = 'replace';
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  route.set(to);
}

window.addEventListener('popstate', () => route.set(parseRoute(location.pathname, location.search)));

/** The conversation on screen, whichever list it was opened from. */
export function openConversation(now: Route): Id | null {
  return now.at === 'inbox' || now.at === 'search' ? now.conversation : null;
}

export function withConversation(now: Route, conversation: Id | null): Route {
  if (now.at === 'inbox' || now.at === 'search') return { ...now, conversation };
  return { at: 'inbox', filter: { view: 'all' }, conversation };
}
