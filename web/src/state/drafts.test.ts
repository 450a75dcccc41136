import { afterEach, beforeEach, expect, test } from 'vitest';
import { network, nora, signedIn } from '../test/shop';
import { adoptServerDraft, draft, editDraft, followOtherTabs, forgetDrafts } from './drafts';
import { draftPlace, keep } from './kept';

const place = draftPlace(nora.id, 'c1');
let unfollow = () => {};

/** As another tab of the same browser does. */
function elsewhere(reply: string | null) {
  if (reply === null) localStorage.removeItem(place);
  else keep(place, { ...draft('c1'), reply, edited_at: new Date().toISOString(), saved: 'here' });
  const newValue = localStorage.getItem(place);
  window.dispatchEvent(new StorageEvent('storage', { key: place, newValue }));
}

beforeEach(() => {
  localStorage.clear();
  forgetDrafts();
  signedIn();
  network({});
  unfollow = followOtherTabs();
});
afterEach(() => unfollow());

test('what one writes in another tab is here too, and what was sent there is gone here', () => {
  expect(draft('c1').reply).toBe('');
  elsewhere('Dear Sami,');
  expect(draft('c1').reply).toBe('Dear Sami,');
  elsewhere(null);
  expect(draft('c1').reply).toBe('');
});

test('what is being typed here stays when another tab writes', () => {
  editDraft('c1', { reply: 'typed this moment' });
  elsewhere('of before');
  expect(draft('c1').reply).toBe('typed this moment');
});

test('a draft of the server that somebody else may have written says so until it is written on', () => {
  const theirs = { text: 'Send it here', kind: 'reply' as const, updated_at: new Date().toISOString() };
  adoptServerDraft('c1', { ...theirs, was_exposed: true });
  expect(draft('c1')).toMatchObject({ reply: 'Send it here', was_exposed: true });
  adoptServerDraft('c1', { ...theirs, was_exposed: false });
  expect(draft('c1').was_exposed).toBe(true); // learned once: the next snapshot may be older
  editDraft('c1', { reply: 'Sent where it belongs' });
  expect(draft('c1').was_exposed).toBe(false);
});
