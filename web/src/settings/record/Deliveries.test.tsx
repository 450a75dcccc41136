import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { network, signedIn } from '../../test/shop';
import { Deliveries } from './Deliveries';

afterEach(cleanup);

const page = (counts: object) => ({ items: [], total: 0, total_is_exact: true, counts, next_cursor: null });

test('each state says how many deliveries are in it, and one without any says nothing', async () => {
  signedIn();
  const counts = { queued: 1200, sending: 0, held: 0, failed: 0, unknown: 1, dead: 2 };
  const asked = network({ 'GET /deliveries': () => [200, page(counts)] });
  render(<Deliveries />);
  await screen.findByRole('button', { name: 'Given up 2' });
  const names = screen.getAllByRole('button').map((one) => one.textContent?.trim());
  expect(names).toEqual(
    expect.arrayContaining(['Unknown 1', 'Failed', 'Held', 'Waiting 1,200', 'On its way', 'Sent', 'Delivered']),
  );
  expect(asked).toHaveLength(1);
});

test('the first state that somebody has to look into is shown, until one chooses', async () => {
  signedIn();
  network({ 'GET /deliveries': () => [200, page({ dead: 0, unknown: 0, failed: 3, queued: 9 })] });
  render(<Deliveries />);
  await screen.findByRole('button', { name: 'Failed 3', pressed: true });
  fireEvent.click(screen.getByRole('button', { name: 'Given up' }));
  await screen.findByRole('button', { name: 'Given up', pressed: true });
});
