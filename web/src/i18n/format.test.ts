import { afterEach, expect, test } from 'vitest';
import { ago, ahead, duration, since, waited } from './format';
import { setLanguage } from './t';

afterEach(() => setLanguage('en'));

test('a duration is said in the unit that one would say it in', () => {
  const said = [8, 999, 1_000, 119_000, 120_000, 16_800_000, 268_440_000].map(duration);
  expect(said).toEqual(['8 ms', '999 ms', '1 sec', '119 secs', '2 mins', '5 hrs', '3 days']);
});

test('who waits for days is said to wait for days, not for a weekday', async () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  const before = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const said = [0, 59, 60, 1_439, 1_440, 4_400].map((minutes) => waited(before(minutes), now));
  expect(said).toEqual(['1m', '59m', '1h', '23h', '1d', '3d']);
  expect(ago(before(4_400), now)).toBe('Wed');
  await setLanguage('fr');
  const in_french = [59, 60, 1_440].map((minutes) => waited(before(minutes), now).replace(/\s/, ' '));
  expect(in_french).toEqual(['59 min', '1 h', '1 j']);
});

test('when a snoozed conversation comes back is a time ahead, not a span gone by', () => {
  const now = new Date(2026, 10, 28, 8, 0).getTime();
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 0).toISOString();
  expect(ahead(at(28, 18), now)).toBe('18:00');
  expect(ahead(at(30, 9), now)).toBe('Mon 09:00');
  expect(ahead(at(38, 9), now)).toBe('8 Dec');
});

test('what is further away than a month is said by its date, not by a number of days', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  const said = [3, 30, 31].map((days) => since(new Date(now - days * 86_400_000).toISOString(), now));
  expect(said).toEqual(['3 days ago', '30 days ago', '28 October 2026']);
});
