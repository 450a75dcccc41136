// Pictures within the text of a mail: the text names each in brackets, and it stands there at the customer's
// (conversations/pictures.h).
export const picture_types = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

export function markOf(name: string): string {
  return `[${name}]`;
}

/** A name that no other file has: image.png, image-2.png, … */
export function freeName(name: string, taken: string[]): string {
  const dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length;
  for (let n = 1; ; ++n) {
    const free = n === 1 ? name : `${name.slice(0, dot)}-${n}${name.slice(dot)}`;
    if (!taken.includes(free)) return free;
  }
}

/** Marks put into a text at a place, with blanks around them, and where the caret stands then. */
export function withMarks(text: string, from: number, to: number, names: string[]): { text: string; caret: number } {
  const before = text.slice(0, from);
  const after = text.slice(to);
  const lead = before && !/\s$/.test(before) ? ' ' : '';
  const trail = after && !/^\s/.test(after) ? ' ' : '';
  const put = lead + names.map(markOf).join(' ') + trail;
  return { text: before + put + after, caret: before.length + put.length };
}

export function withoutMark(text: string, name: string): string {
  const mark = markOf(name);
  return text.split(` ${mark}`).join('').split(mark).join('');
}

/** A text cut at its marks; the odd parts are names. */
export function cutAtMarks(text: string, names: string[]): string[] {
  if (names.length === 0) return [text];
  const marks = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text.split(new RegExp(`\\[(${marks.join('|')})\\]`));
}
