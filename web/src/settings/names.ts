import type { Named } from '../api/types';
import { dateTime } from '../i18n/format';
import { tOr } from '../i18n/t';

export function nameOf(what: Named | string | null | undefined): string {
  return typeof what === 'string' ? what : (what?.name ?? '');
}

const id_pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+$/;
const hash_pattern = /^[0-9a-f]{32,}$/;
const time_pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z$/;
const text_max = 120; // a signed note is far longer, and says nothing to a reader of a table

/** Ids by their last letters, which tell them apart (the first are the time), hashes by their first; the whole is in
 *  the export. */
function shortened(text: string): string {
  if (id_pattern.test(text)) return `…${text.slice(-8)}`;
  if (time_pattern.test(text)) return dateTime(text);
  if (hash_pattern.test(text)) return `${text.slice(0, 10)}…`;
  return text.length > text_max ? `${text.slice(0, text_max)}…` : text;
}

/** One line of readable text for a value whose shape depends on the act that was recorded. What kind of thing it is and
 *  how its details are called, in the reader's language; values as they were put on record, but times as the reader
 *  writes them. */
export function brief(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(brief).join(', ');
  const { name, kind, id, ...rest } = value as Record<string, unknown>;
  const short_id = typeof id === 'string' ? shortened(id) : '';
  const kind_word = typeof kind === 'string' ? tOr(`ledger.object.${kind}`, kind) : '';
  const head = [name, name ? '' : kind_word, name ? '' : short_id].filter(Boolean).map(String).join(' ');
  const tail = Object.entries(rest)
    .map(([key, one]) => tOr('ledger.detail', '', { name: tOr(`ledger.detail.${key}`, key), value: brief(one) }))
    .join(', ');
  return [head, tail].filter(Boolean).join(' · ');
}
