import type { Key } from '../i18n/t';

export const recipients_max = 100; // To, Cc and Bcc together, as the server counts

const address = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;

/** The addresses in what one types or pastes: separated by commas, semicolons or blanks, with or without names. */
export function addressesOf(text: string): string[] {
  return text
    .replace(/"[^"]*"/g, '') // a quoted name may hold a comma
    .split(/[,;\n]+/)
    .flatMap((part) => {
      const named = /<([^<>]*)>\s*$/.exec(part);
      return named?.[1] ? [named[1].trim()] : part.trim().split(/\s+/);
    })
    .filter(Boolean);
}

export function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function isAmong(list: string[], one: string): boolean {
  return list.some((other) => isSame(other, one));
}

/** Whether it is a channel of this workspace, perhaps with a tag: what goes there comes back. */
export function isOwn(own: string[], one: string): boolean {
  return isAmong(own, one.replace(/\+[^@]*(?=@)/, ''));
}

/** What is wrong with an address; the server has the last word. */
export function addressProblem(one: string, own: string[]): Key | null {
  if (!address.test(one)) return 'recipients.wrong';
  return isOwn(own, one) ? 'recipients.own' : null;
}

/** `added` behind `list`, each once. */
export function withAddresses(list: string[], added: string[]): string[] {
  return added.reduce((all, one) => (isAmong(all, one) ? all : [...all, one]), list);
}
