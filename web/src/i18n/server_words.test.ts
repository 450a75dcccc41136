import { afterEach, expect, test } from 'vitest';
import french from './server_words.fr.json';
import { fromServer, setServerWords } from './server_words';

afterEach(() => setServerWords({}));

// The sentences that the program's folders for requests can answer with, as they stand in its source.
const sources = import.meta.glob(
  '../../../src/{http,access,conversations,routing,policy,outbox,intake,supervision}/*.{cpp,h}',
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
) as Record<string, string>;

const literals = /((?:"(?:[^"\\]|\\.)*"\s*)+)[)}]/.source;
const before = /(?:fail\(\s*ErrorKind::\w+,|\.kind = ErrorKind::\w+, \.code =|refuse\([^;]*?,)\s*/.source;
const problem = new RegExp(`${before}"\\w+",\\s*(?:\\.detail = )?${literals}`, 'g');

function sentencesOf(source: string): string[] {
  return [...source.matchAll(problem)].map(([, said]) =>
    [...said!.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => JSON.parse(`"${text}"`) as string).join(''),
  );
}

test('every sentence with which a request is refused has its French', () => {
  const said = Object.entries(sources)
    .filter(([path]) => !/_test|testing|fixture/.test(path))
    .flatMap(([, source]) => sentencesOf(source));
  expect(said.length).toBeGreaterThan(150);
  expect([...new Set(said)].filter((sentence) => !(sentence in french))).toEqual([]);
});

test('a French sentence has the places of the English one', () => {
  const places = (text: string) => [...text.matchAll(/\{\d\}/g)].map(([place]) => place).sort();
  for (const [english, text] of Object.entries(french))
    expect([english, places(text)]).toEqual([english, places(english)]);
});

test('what varies is carried over, and what is not known stays', () => {
  setServerWords(french);
  expect(fromServer('This is needed.')).toBe('Ce champ est nécessaire.');
  expect(fromServer('From 1 to 100.')).toBe('De 1 à 100.');
  expect(fromServer('Another channel of this workspace receives mail for a@b.com already.')).toBe(
    'Un autre canal de cet espace de travail reçoit déjà le courrier de a@b.com.',
  );
  expect(fromServer('Something new.')).toBe('Something new.');
  setServerWords({});
  expect(fromServer('This is needed.')).toBe('This is needed.');
});

test('punctuation in a sentence is no pattern', () => {
  setServerWords({ 'Is {1} (really) gone?': '{1} ?' });
  expect(fromServer('Is it (really) gone?')).toBe('it ?');
  expect(fromServer('Is it really gone')).toBe('Is it really gone');
});
