import type { Named } from '../api/types';

export function nameOf(what: Named | string | null | undefined): string {
  return typeof what === 'string' ? what : (what?.name ?? '');
}

const id_pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+$/;
const hash_pattern = /^[0-9a-f]{32,}$/;

/** Ids by their last letters, which tell them apart (the first are the time), hashes by their first; the whole is in
 *  the export. */
function shortened(text: string): string {
  if (id_pattern.test(text)) return `…${text.slice(-8)}`;
  return hash_pattern.test(text) ? `${text.slice(0, 10)}…` : text;
}

/** One line of readable text for a value whose shape depends on the act that was recorded. */
export function brief(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(brief).join(', ');
  const { name, kind, id, ...rest } = value as Record<string, unknown>;
  const short_id = typeof id === 'string' ? shortened(id) : '';
  const head = [name, name ? '' : kind, name ? '' : short_id].filter(Boolean).map(String).join(' ');
  const tail = Object.entries(rest)
    .map(([key, one]) => `${key}: ${brief(one)}`)
    .join(', ');
  return [head, tail].filter(Boolean).join(' · ');
}
