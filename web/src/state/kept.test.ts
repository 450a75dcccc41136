import { beforeEach, expect, test } from 'vitest';
import { browser_key, network, nora, signedIn } from '../test/shop';
import { draft, editDraft, forgetDrafts, settleDrafts } from './drafts';
import { draftPlace, forgetKept, keep, kept, keptMessages, outgoingPlace, setKeptKey } from './kept';
import { begunMessage, keepMessage } from './new_message';
import { loadOutgoing, send } from './outgoing';
import { resume, session } from './session';

const stored = () => Object.values({ ...localStorage }).join(' ');
const settle = () => new Promise((done) => setTimeout(done, 5));

beforeEach(() => {
  localStorage.clear();
  forgetDrafts();
  signedIn();
  loadOutgoing();
  network({});
});

test('what is being written cannot be read in the browser’s storage, and is all there after a reload', async () => {
  editDraft('c1', { reply: 'Dear Sami', to: ['lee@x.example'] });
  await settleDrafts();
  const message = { key: 'k', channel: null, subject: '', attachments: [], copies: null };
  keepMessage({ ...message, to: 'kim@x.example', text: 'Dear Kim' });
  send('c2', { kind: 'reply', text: 'no network', attachments: [], close: false });
  await settle();
  expect(Object.keys(localStorage).filter((name) => !name.includes('preferences'))).toHaveLength(3);
  for (const word of ['Sami', 'lee@x', 'Kim', 'kim@x', 'network', '"']) expect(stored()).not.toContain(word);
  forgetDrafts();
  expect(draft('c1')).toMatchObject({ reply: 'Dear Sami', to: ['lee@x.example'] });
  expect(begunMessage()).toMatchObject({ to: 'kim@x.example', text: 'Dear Kim' });
  expect(kept<unknown[]>(outgoingPlace(nora.id))).toMatchObject([{ text: 'no network' }]);
});

test('the same text is never stored twice alike, and another key, or none, opens nothing', () => {
  const place = draftPlace(nora.id, 'c1');
  keep(place, { reply: 'x' });
  const first = localStorage.getItem(place);
  keep(place, { reply: 'x' });
  expect(localStorage.getItem(place)).not.toBe(first);
  setKeptKey(btoa('o'.repeat(32)));
  expect(kept(place)).toBeNull();
  setKeptKey(null);
  expect(kept(place)).toBeNull();
  keep(place, { reply: 'y' });
  setKeptKey(browser_key);
  expect(kept(place)).toEqual({ reply: 'x' });
});

test('how many messages were not sent is known without the key', () => {
  keep(outgoingPlace(nora.id), [{}, {}]);
  setKeptKey(null);
  expect(keptMessages(nora.id)).toBe(2);
  expect(forgetKept(null)).toBe(2);
});

test('what an older version has left to read is sealed, and damaged things go', () => {
  const [draft_at, messages_at] = [draftPlace(nora.id, 'c1'), outgoingPlace(nora.id)];
  localStorage.setItem(draft_at, JSON.stringify({ reply: 'of before' }));
  localStorage.setItem(messages_at, '{');
  forgetKept(nora.id);
  expect(stored()).not.toContain('of before');
  expect(kept(draft_at)).toEqual({ reply: 'of before' });
  expect(localStorage.getItem(messages_at)).toBeNull();
});

test('the key comes with the session and stays out of the storage', async () => {
  const found = session.get();
  setKeptKey(null);
  network({ 'GET /session': () => [200, found.state === 'in' ? found.session : null] });
  await resume();
  keep(draftPlace(nora.id, 'c1'), { reply: 'x' });
  expect(kept(draftPlace(nora.id, 'c1'))).toEqual({ reply: 'x' });
  expect(stored()).not.toContain(browser_key);
});
