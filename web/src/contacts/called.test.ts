import { afterEach, expect, test } from 'vitest';
import { setLanguage } from '../i18n/t';
import { called, sought } from './called';

const address = '0193a7c2-5b1e-7c44-9d1f-3e6b8a914f2a';
afterEach(() => setLanguage('en'));

test('a visitor without a name is called by the end of his id, in the language of the reader', async () => {
  expect(called({ name: '', address })).toBe('Visitor 4F2A');
  await setLanguage('fr');
  expect(called({ name: address })).toBe('Visiteur 4F2A');
});

test('a visitor is looked for by the name that is shown, in the language of the reader', async () => {
  expect(sought(' visitor 4F2a')).toBe('4F2a');
  for (const other of ['Visitor', 'Visiteur 4F2A', 'Visitor Cafe Bar', 'Visitor 14F2A', '4F2A'])
    expect(sought(other)).toBe(other);
  await setLanguage('fr');
  expect(sought('Visiteur 4F2A')).toBe('4F2A');
});

test('whoever has a name or a mail address is called by it', () => {
  expect(called({ name: 'Mira', address })).toBe('Mira');
  expect(called({ name: '', address: 'mira@customer.example' })).toBe('mira@customer.example');
  expect(called({ name: '' })).toBe('');
});
