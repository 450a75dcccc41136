import { expect, test } from 'vitest';
import type { Agreement } from '../api/types';
import { signedAt } from './AgreementForm';

test('a day that is not changed keeps the hour of the signature, which says what version binds', () => {
  const found = { signed_at: '2026-01-05T14:30:00.000Z' } as Agreement;
  expect(signedAt('2026-01-05', found)).toBe('2026-01-05T14:30:00.000Z');
  expect(signedAt('2026-01-06', found)).toBe('2026-01-06T00:00:00.000Z');
  expect(signedAt('2026-01-05', null)).toBe('2026-01-05T00:00:00.000Z');
});
