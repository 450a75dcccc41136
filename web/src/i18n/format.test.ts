import { expect, test } from 'vitest';
import { duration } from './format';

test('a duration is said in the unit that one would say it in', () => {
  const said = [8, 999, 1_000, 119_000, 120_000, 16_800_000, 268_440_000].map(duration);
  expect(said).toEqual(['8 ms', '999 ms', '1 sec', '119 secs', '2 mins', '5 hrs', '3 days']);
});
