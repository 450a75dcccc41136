import { describe, expect, test } from 'vitest';
import en from './en.json';
import fr from './fr.json';
import { sentence, type Catalogue } from './t';

const english = en as Catalogue;
const french = fr as Catalogue;
const names = (entry: string | Record<string, string>) =>
  [...new Set([...JSON.stringify(entry).matchAll(/\{(\w+)\}/g)].map((found) => found[1]))].sort();

describe('the catalogues', () => {
  test('have the same keys in English and French', () => {
    expect(Object.keys(french).sort()).toEqual(Object.keys(english).sort());
  });
  test('use the same values in both languages', () => {
    for (const key of Object.keys(english)) expect([key, names(french[key]!)]).toEqual([key, names(english[key]!)]);
  });
  test('give every plural form that CLDR asks for', () => {
    for (const [catalogue, language] of [
      [english, 'en'],
      [french, 'fr'],
    ] as const) {
      const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
      for (const [key, entry] of Object.entries(catalogue)) {
        if (typeof entry !== 'string') expect([key, Object.keys(entry).sort()]).toEqual([key, wanted]);
      }
    }
  });
  test('put a narrow no-break space before French double punctuation', () => {
    for (const [key, entry] of Object.entries(french))
      expect([key, / [;:!?»]/.test(JSON.stringify(entry))]).toEqual([key, false]);
  });
});

describe('a French count', () => {
  const rules = new Intl.PluralRules('fr');
  const entry = french['search.total']!;
  test('is singular for none and one', () => {
    expect(sentence(entry, { count: '0' }, rules)).toBe('0 résultat');
    expect(sentence(entry, { count: '1' }, rules)).toBe('1 résultat');
  });
  test('is plural for two and takes « de » for a million', () => {
    expect(sentence(entry, { count: '2' }, rules)).toBe('2 résultats');
    expect(sentence(entry, { count: '1000000' }, rules)).toBe('1000000 de résultats');
  });
});
