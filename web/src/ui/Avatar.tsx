import { classes } from './classes';

const tints = 6;

function initials(name: string): string {
  const parts = name
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .split(' ')
    .filter(Boolean);
  const first = [...(parts[0] ?? '?')][0] ?? '?';
  const last = parts.length > 1 ? ([...(parts.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}

function tint(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % tints;
}

/** Decoration only: the name always stands beside it or is said by the control. */
export function Avatar({ name, small }: { name: string; small?: boolean }) {
  return (
    <span className={classes('avatar', `tint-${tint(name)}`, small && 'small')} aria-hidden>
      {initials(name)}
    </span>
  );
}
