import { afterEach, expect, test } from 'vitest';
import { setLanguage } from '../i18n/t';
import { called } from './called';

const address = '0193a7c2-5b1e-7c44-9d1f-3e6b8a914f2a';
afterEach(() => setLanguage('en'));

test('a visitor without a name is called by the end of his id, in the language of the reader', async () => {
  expect(called({ name: '', address })).toBe('Visitor 4F2A');
  await setLanguage('fr');
  expect(called({ name: address })).toBe('Visiteur 4F2A');
});

test('whoever has a name or a mail address is called by it', () => {
  expect(called({ name: 'Mira', address })).toBe('Mira');
  expect(called({ name: '', address: 'mira@customer.example' })).toBe('mira@customer.example');
  expect(called({ name: '' })).toBe('');
});
