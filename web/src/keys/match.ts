/** How well `typed` fits `text`: 0 not at all, more for a run at the start of a word. Accents and case do not count. */
export function fit(typed: string, text: string): number {
  const plain = (value: string) => value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const wanted = plain(typed.trim());
  const whole = plain(text);
  if (!wanted) return 1;
  const at = whole.indexOf(wanted);
  if (at === 0) return 100;
  if (at > 0) return /\W/.test(whole[at - 1] ?? '') ? 80 : 50;
  const words = wanted.split(/\s+/);
  return words.every((word) => whole.includes(word)) ? 30 : 0;
}
