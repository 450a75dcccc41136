const address = /^[^\s@<>,;]+@[^\s@<>,;]+$/;

/** The addresses of a line as one types it: separated by commas, semicolons or blanks. */
export function addressesOf(line: string | null): string[] {
  return (line ?? '').split(/[\s,;]+/).filter(Boolean);
}

/** The first that cannot be a mail address; the server has the last word. */
export function wrongAddress(line: string | null): string | undefined {
  return addressesOf(line).find((one) => !address.test(one));
}
