// What to say to somebody who did not get in.
import { ApiError } from '../api/client';
import { t } from '../i18n/t';

const passkey_codes = new Set([
  'passkey_unknown',
  'passkey_refused',
  'passkey_copied',
  'challenge_unknown',
  'single_sign_on_required',
]);

export const needsCode = (error: unknown) => error instanceof ApiError && error.code === 'second_factor_needed';

export function signInProblem(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unknown');
  if (error.problem.status === 429) return t('sign_in.throttled', { count: Math.ceil(error.retry_after_s ?? 60) });
  if (error.code === 'offline') return t('error.offline');
  if (error.code === 'second_factor_needed') return '';
  if (error.code === 'code_wrong' || passkey_codes.has(error.code)) return error.message;
  if (error.problem.status === 401) return t('sign_in.no_match');
  return error.message || t('error.unknown');
}
