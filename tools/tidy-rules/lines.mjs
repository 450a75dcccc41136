// A text as lines; what follows the last line end is a line only if it has something.
export const linesOf = (text) => (text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n'));
