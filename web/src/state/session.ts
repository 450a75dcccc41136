// Who is signed in. `expired` means: the page stays, a dialog over it asks for the password again, nothing typed is
// lost.
import { api, ApiError, whenSignedOut } from '../api/client';
import type { Language, Role, Session, Theme, User } from '../api/types';
import { setLanguage } from '../i18n/t';
import { cell } from './keyed';
import { forgetKept, setKeptKey } from './kept';
import { applyTheme, preferences, setPreferences } from './preferences';

type SessionState =
  | { state: 'asking' }
  | { state: 'unreachable' }
  | { state: 'signed_out' }
  | { state: 'in'; session: Session; expired: boolean };

export const session = cell<SessionState>('session', { state: 'asking' });
/** Messages that went with a session that had ended: the page says so once. */
export const lost_messages = cell<number>('lost_messages', 0);

export function me(): User | null {
  const now = session.get();
  return now.state === 'in' ? now.session.user : null;
}

export function useMe(): User {
  const now = session.use();
  if (now.state !== 'in') throw new Error('used outside a session');
  return now.session.user;
}

export function useWorkspaceName(): string {
  const now = session.use();
  return now.state === 'in' ? (now.session.workspace?.name ?? '') : '';
}

const no_addresses: string[] = [];
/** Of this workspace's mail channels: no reply goes to them. */
export function useMailAddresses(): string[] {
  const now = session.use();
  return (now.state === 'in' && now.session.workspace?.mail_addresses) || no_addresses;
}

const order: Role[] = ['agent', 'supervisor', 'administrator'];
/** The operator stands beside the ranks of a workspace, not above them. */
export function mayActAs(user: User, role: Role): boolean {
  if (user.role === 'operator') return role === 'operator';
  return order.indexOf(user.role) >= order.indexOf(role);
}

/** Whether what I may do has this permission: "conversation:reply". */
export function useMay(): (permission: string) => boolean {
  const now = session.use();
  const mine = now.state === 'in' ? now.session.permissions : [];
  return (permission) => mine.includes(permission);
}

/** Addresses and notes of customers come as empty texts: the screen says "hidden" in their place. */
export function useHidesPersonal(): boolean {
  const now = session.use();
  return now.state === 'in' && now.session.hides_personal;
}

export function seesOnlyAssigned(): boolean {
  const now = session.get();
  return now.state === 'in' && now.session.only_assigned;
}

export function hidesPersonal(): boolean {
  const now = session.get();
  return now.state === 'in' && now.session.hides_personal;
}

/** Agents and supervisors of a workspace whose sign-in is suspended; administrators come in to cure it. */
export function isStopped(found: Session): boolean {
  if (mayActAs(found.user, 'administrator') || found.user.role === 'operator') return false;
  return (found.workspace?.suspensions ?? []).some((one) => one.scope === 'sign_in' || one.scope === 'everything');
}

function enter(found: Session) {
  setKeptKey(found.browser_key);
  forgetKept(found.user.id);
  setLanguage(found.user.language);
  const theme = found.user.theme ?? preferences.get().theme;
  const shortcuts = found.user.shortcuts ?? preferences.get().shortcuts;
  setPreferences({ theme, shortcuts });
  applyTheme(theme);
  session.set({ state: 'in', session: found, expired: false });
}

export async function resume() {
  try {
    enter(await api.get<Session>('/session'));
  } catch (error) {
    const passing = error instanceof ApiError && error.problem.status !== 401;
    if (!passing) lost_messages.set(forgetKept(null));
    session.set({ state: passing ? 'unreachable' : 'signed_out' });
  }
}

export async function signIn(email: string, password: string, code: string) {
  enterAs(await api.post<Session>('/session', { email, password, ...(code ? { code } : {}) }));
}

/** Somebody has signed in, in whatever way. */
export function enterAs(found: Session) {
  const before = me();
  if (before && before.id !== found.user.id) location.assign('/');
  enter(found);
}

export async function changeMe(patch: { name?: string; language?: Language; theme?: Theme; shortcuts?: boolean }) {
  const now = session.get();
  if (now.state !== 'in') return;
  const user = await api.patch<User>('/me', patch);
  enter({ ...now.session, user: { ...now.session.user, ...patch, ...user } });
}

/** The account or the workspace has changed elsewhere, perhaps what it may do: ask again who I am. */
export async function refreshSession() {
  const found = await api.get<Session>('/session').catch(() => null);
  if (found) enter(found);
}

whenSignedOut(() => {
  const now = session.get();
  if (now.state === 'in' && !now.expired) session.set({ ...now, expired: true });
});
