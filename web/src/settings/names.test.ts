import { afterEach, expect, test } from 'vitest';
import { setLanguage } from '../i18n/t';
import { brief } from './names';

afterEach(() => setLanguage('en'));

const act = { object: { kind: 'channel', id: null }, details: { epoch: '2', outcome: 'x', unheard_of: 'y' } };

test('things and their details are called in the language of the reader, values as they are on record', async () => {
  expect(brief(act.object)).toBe('channel');
  expect(brief(act.details)).toBe('epoch: 2, outcome: x, unheard_of: y');
  await setLanguage('fr');
  expect(brief(act.object)).toBe('canal');
  expect(brief(act.details)).toBe('époque\u202f: 2, issue\u202f: x, unheard_of\u202f: y');
});

test('a time is written as the reader writes times, whatever else stands as it is on record', () => {
  expect(brief({ until: '2026-11-28T13:20:41.150Z' })).toMatch(/^until: Sat,? 28 Nov,? \d\d:\d\d$/);
  expect(brief({ until: '2026-11-28' })).toBe('until: 2026-11-28');
});

test('a long value is cut, and a note of many lines does not fill the table', () => {
  expect(brief('x'.repeat(121))).toBe(`${'x'.repeat(120)}…`);
  expect(brief('x'.repeat(120))).toBe('x'.repeat(120));
});
