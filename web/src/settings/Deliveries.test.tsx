import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { network, signedIn } from '../test/shop';
import { Deliveries } from './Deliveries';

test('each state says how many deliveries are in it, and one without any says nothing', async () => {
  signedIn();
  const counts = { queued: 1200, sending: 0, held: 0, failed: 0, unknown: 1, dead: 2 };
  const page = { items: [], total: 0, total_is_exact: true, counts, next_cursor: null };
  const asked = network({ 'GET /deliveries': () => [200, page] });
  render(<Deliveries />);
  await screen.findByRole('button', { name: 'Given up 2' });
  const names = screen.getAllByRole('button').map((one) => one.textContent?.trim());
  expect(names).toEqual(
    expect.arrayContaining(['Unknown 1', 'Failed', 'Held', 'Waiting 1,200', 'On its way', 'Sent', 'Delivered']),
  );
  expect(asked).toHaveLength(1);
});
