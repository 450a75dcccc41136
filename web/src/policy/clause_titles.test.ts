import { expect, test } from 'vitest';
import type { PolicyVersion } from '../api/types';
import { reasonIn } from './clause_titles';

const policy = {
  clauses: [{ id: 'no_bulk', texts: [{ language: 'en', title: 'No bulk mail', body: '' }] }],
} as unknown as PolicyVersion;

test('a suspension says the clause by its title, or the id where the policy has no such clause', () => {
  expect(reasonIn(policy, 'Clause no_bulk, version 3: 900 an hour. Stop.')).toBe(
    'By the clause “No bulk mail” (version 3): 900 an hour. Stop.',
  );
  expect(reasonIn(policy, 'Clause other, version 3: Facts.')).toBe('By the clause “other” (version 3): Facts.');
  expect(reasonIn(policy, 'Clause no_bulk, term of the agreement (version 1): Facts\nof two lines.')).toBe(
    'By a term of the agreement on “No bulk mail” (version 1): Facts\nof two lines.',
  );
  const titled = 'By the clause “No bulk mail” (version 3): Les faits. Le remède.';
  expect(reasonIn(policy, 'Article no_bulk, version 3 : Les faits. Le remède.')).toBe(titled);
  const of_agreement = 'Article no_bulk, terme du contrat (version 1) : Les faits.';
  expect(reasonIn(policy, of_agreement)).toBe('By a term of the agreement on “No bulk mail” (version 1): Les faits.');
});

test('what a person wrote as the reason stays as it is', () => {
  expect(reasonIn(policy, 'Clause by clause: an order of a court.')).toBe('Clause by clause: an order of a court.');
});
