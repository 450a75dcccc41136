/** Class names from the true ones: `classes("row", is_open && "open")`. */
export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
