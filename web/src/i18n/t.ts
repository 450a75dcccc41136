// Words of the screens. A catalogue maps a key to a sentence, or to one sentence per CLDR plural category of {count}.
import type { Language } from '../api/types';
import { cell } from '../state/keyed';
import en from './en.json';
import { setServerWords } from './server_words';

export type Key = keyof typeof en;
export type Catalogue = Record<string, string | Record<string, string>>;
type Values = Record<string, string | number>;

interface Words {
  catalogue: Catalogue;
  server: Record<string, string>;
}
const loaders: Record<Language, () => Promise<Words>> = {
  en: async () => ({ catalogue: en as Catalogue, server: {} }),
  fr: async () => {
    const [catalogue, server] = await Promise.all([import('./fr.json'), import('./server_words.fr.json')]);
    return { catalogue: catalogue.default as Catalogue, server: server.default };
  },
};

let words: Catalogue = en as Catalogue;
let plurals = new Intl.PluralRules('en');
let numbers = new Intl.NumberFormat('en');
export const language = cell<Language>('language', 'en');

export async function setLanguage(next: Language) {
  if (next === language.get()) return;
  const loaded = await loaders[next]();
  words = loaded.catalogue;
  setServerWords(loaded.server);
  plurals = new Intl.PluralRules(next);
  numbers = new Intl.NumberFormat(next);
  document.documentElement.lang = next;
  language.set(next);
}

export function preferredLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}

export function sentence(entry: string | Record<string, string>, values: Values, rules: Intl.PluralRules): string {
  const text =
    typeof entry === 'string' ? entry : (entry[rules.select(Number(values.count ?? 0))] ?? entry.other ?? '');
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

export function t(key: Key, values: Values = {}): string {
  return sentence(words[key] ?? key, values, plurals);
}

/** For keys made from data (a state, a reason): the sentence when there is one, else the data itself. */
export function tOr(key: string, otherwise: string, values: Values = {}): string {
  const entry = words[key];
  return entry === undefined ? otherwise : sentence(entry, values, plurals);
}
