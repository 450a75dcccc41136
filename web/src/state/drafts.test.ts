import { afterEach, beforeEach, expect, test } from 'vitest';
import { network, nora, signedIn } from '../test/shop';
import { draft, editDraft, followOtherTabs, forgetDrafts } from './drafts';
import { draftPlace } from './kept';

const place = draftPlace(nora.id, 'c1');
let unfollow = () => {};

/** As another tab of the same browser does. */
function elsewhere(reply: string | null) {
  const now = JSON.stringify({ ...draft('c1'), reply, edited_at: new Date().toISOString(), saved: 'here' });
  const newValue = reply === null ? null : now;
  if (newValue === null) localStorage.removeItem(place);
  else localStorage.setItem(place, newValue);
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
