import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { go } from '../app/route';
import { openList } from '../state/lists';
import { item, network, signedIn } from '../test/shop';
import { NothingOpen } from './NothingOpen';

afterEach(cleanup);

test('a conversation is to be chosen only where there is one', async () => {
  signedIn();
  const page = (items: object[]) => ({ items, total: items.length, next_cursor: null, seq: 1 });
  network({ 'GET /conversations': () => [200, page([])] });
  await openList({ view: 'snoozed' });
  go({ at: 'inbox', filter: { view: 'snoozed' }, conversation: null });
  render(<NothingOpen />);
  expect(screen.queryByText('Choose a conversation.')).toBeNull();
  expect(screen.queryByText('Next conversation')).toBeNull();
  expect(screen.getByText('Search')).toBeTruthy();
  cleanup();
  network({ 'GET /conversations': () => [200, page([item('c1')])] });
  await openList({ view: 'all' });
  go({ at: 'inbox', filter: { view: 'all' }, conversation: null });
  render(<NothingOpen />);
  expect(screen.getByText('Choose a conversation.')).toBeTruthy();
  expect(screen.getByText('Next conversation')).toBeTruthy();
});
