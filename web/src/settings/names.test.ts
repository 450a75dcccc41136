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

test('a long value is cut, and a note of many lines does not fill the table', () => {
  expect(brief('x'.repeat(121))).toBe(`${'x'.repeat(120)}…`);
  expect(brief('x'.repeat(120))).toBe('x'.repeat(120));
});
