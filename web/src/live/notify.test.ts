import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { item, message, nora, signedIn } from '../test/shop';
import type { Message } from '../api/types';
import { openConversation, route } from '../app/route';
import { setPreferences } from '../state/preferences';
import { acceptItem } from '../state/rows';
import { toasts } from '../state/toasts';

const shown: { title: string; body: string | undefined }[] = [];
const asked = vi.fn(() => Promise.resolve(Stub.permission));
class Stub extends EventTarget {
  static permission: NotificationPermission = 'granted';
  static requestPermission = asked;
  constructor(title: string, options?: NotificationOptions) {
    super();
    shown.push({ title, body: options?.body });
  }
}
vi.stubGlobal('Notification', Stub);
const { notify, setNotify, tellUnsent } = await import('./notify');

const inView = (state: DocumentVisibilityState) => vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
const comes = (id: string, patch: Parameters<typeof item>[1] = {}, of: Parameters<typeof message>[2] = {}) =>
  notify(message(`m-${id}`, id, of), item(id, { subject: `About ${id}`, ...patch }));

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  signedIn();
  shown.length = 0;
  asked.mockClear();
  Stub.permission = 'granted';
  setPreferences({ notify: true });
  inView('hidden');
});
afterEach(() => vi.useRealTimers());

test('the browser is asked for leave only by who turns notifications on, and its no is a no', async () => {
  Stub.permission = 'denied';
  expect(await setNotify(false)).toBe(false);
  expect(asked).not.toHaveBeenCalled();
  expect(await setNotify(true)).toBe(false);
  expect(asked).toHaveBeenCalledOnce();
});

test('what a customer writes to me or to nobody is told while the page is out of sight, without its text', () => {
  comes('mine');
  vi.runAllTimers();
  comes('free', { assignee: null });
  vi.runAllTimers();
  expect(shown).toEqual([
    { title: 'Sami', body: 'About mine' },
    { title: 'Sami', body: 'About free' },
  ]);
});

test('several at once are one notification', () => {
  for (const id of ['a', 'b', 'b', 'c']) comes(id);
  vi.runAllTimers();
  expect(shown).toEqual([{ title: '3 conversations with new messages', body: undefined }]);
});

test('nothing is told of what a colleague has, of what a program or an agent wrote, or to who sees the page', () => {
  comes('theirs', { assignee: { id: 'u-other', name: 'Théo' } });
  comes('program', {}, { auto_submitted: true });
  comes('sent', {}, { direction: 'outbound', author: { kind: 'user', id: nora.id, name: 'Nora' } });
  inView('visible');
  comes('seen');
  inView('hidden');
  setPreferences({ notify: false });
  comes('off');
  vi.runAllTimers();
  expect(shown).toEqual([]);
});

test('what I sent and did not leave is told until I have seen it, wherever I am by then', () => {
  const mine = { direction: 'outbound' as const, author: { kind: 'user' as const, id: nora.id, name: nora.name } };
  const comes_back = (state: Message['state'], of = {}) => tellUnsent(message('m9', 'c9', { ...mine, state, ...of }));
  const said = () => toasts.get().map((one) => one.text);
  toasts.set([]);
  acceptItem(item('c9'), 1);
  comes_back('sent');
  comes_back('failed', { author: { kind: 'user', id: 'another', name: 'Lee' } });
  expect(said()).toEqual([]);
  comes_back('failed');
  comes_back('failed'); // told once, however often it is mentioned
  vi.advanceTimersByTime(3_600_000);
  expect(said()).toEqual(['Your message to Sami was not sent.']);
  toasts.get()[0]!.action!.run();
  expect(said()).toEqual([]);
  expect(openConversation(route.get())).toBe('c9');
  comes_back('queued');
  comes_back('unknown'); // in view, where the message says so itself
  expect(said()).toEqual([]);
});
