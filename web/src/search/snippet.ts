/** The server's snippet is HTML-escaped text in which `<mark>` is the only markup. It becomes parts, never HTML. */
interface Part {
  text: string;
  hit: boolean;
  at: number;
}

const entities: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&amp;': '&',
};

function plain(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#39|#x27|amp);/g, (entity) => entities[entity] ?? entity);
}

export function snippetParts(snippet: string): Part[] {
  const parts: Part[] = [];
  let hit = false;
  let at = 0;
  for (const piece of snippet.split(/(<\/?mark>)/)) {
    if (piece === '<mark>') hit = true;
    else if (piece === '</mark>') hit = false;
    else if (piece) parts.push({ text: plain(piece), hit, at });
    at += piece.length;
  }
  return parts;
}
