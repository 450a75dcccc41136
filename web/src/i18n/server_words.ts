// What the server says, in the reader's language. It speaks English to programs and people alike, so a sentence is its
// own key; {1}, {2} stand for what varies in it. What has no translation is shown as it came.
type Sentences = Record<string, string>;

interface Pattern {
  matches: RegExp;
  text: string;
}

let sentences: Sentences = {};
let patterns: Pattern[] = [];

const literally = (text: string) => text.replace(/[.*+?^$()[\]\\|]/g, '\\$&');

export function setServerWords(next: Sentences) {
  sentences = next;
  patterns = Object.entries(next)
    .filter(([key]) => key.includes('{1}'))
    .map(([key, text]) => ({ matches: new RegExp(`^${literally(key).replace(/\{\d\}/g, '(.+)')}$`, 's'), text }));
}

export function fromServer(said: string): string {
  const whole = sentences[said];
  if (whole !== undefined) return whole;
  for (const { matches, text } of patterns) {
    const found = matches.exec(said);
    if (found) return text.replace(/\{(\d)\}/g, (_, number: string) => found[Number(number)] ?? '');
  }
  return said;
}
