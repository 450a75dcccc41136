// What documents must be: short where that is asked, decisions in one form, and no word of a file that is not there.
import { dirname, normalize } from 'node:path';
import { linesOf } from './lines.mjs';

const architecture_max = 250; // lines
const folder_readme_max = 40;

function* checkFolders(files) {
  const folders = new Set([...files.keys()].map((file) => /^src\/(\w+)\//.exec(file)?.[1]).filter(Boolean));
  for (const folder of folders) {
    const file = `src/${folder}/README.md`;
    if (!files.has(file))
      yield { file, line: 1, rule: 'folder-readme', message: 'missing: what the folder is for, in at most 40 lines' };
  }
  for (const [file, text] of files) {
    const limit =
      file === 'ARCHITECTURE.md'
        ? architecture_max
        : /^(src\/\w+|web|widget)\/README\.md$/.test(file)
          ? folder_readme_max
          : 0;
    const lines = linesOf(text).length;
    if (limit && lines > limit)
      yield { file, line: limit + 1, rule: 'document-size', message: `${lines} lines, at most ${limit}` };
  }
  const architecture = files.get('ARCHITECTURE.md') ?? '';
  for (const folder of folders) {
    if (!architecture.includes(`${folder}/`)) {
      yield { file: 'ARCHITECTURE.md', line: 1, rule: 'folder-unknown', message: `says nothing of src/${folder}/` };
    }
  }
}

function* checkDecisions(files) {
  for (const [file, text] of files) {
    const number = Number(/^docs\/decisions\/(\d{4})-[^/]+\.md$/.exec(file)?.[1] ?? 0);
    if (!number) continue;
    const [title, status] = linesOf(text);
    const begins = [`# ${number}. `, 'Status: '];
    if (!title.startsWith(begins[0]) || !status?.startsWith(begins[1]))
      yield { file, line: 1, rule: 'decision', message: `begins with "${begins[0]}…", then "${begins[1]}…"` };
  }
}

const named = [
  /`((?:[\w-]+\/)+[\w.-]+\.(?:h|cpp|mjs|tsx?|md|csv))`/g, // in a text
  /\]\(((?![a-z]+:)[^)#]+\.md)\)/g, // a link
  /(?<![\w`/.])(docs\/[\w/-]+\.(?:md|csv))/g,
  /\b((?:[a-z_\d]+\/)+[a-z_\d]+\.(?:h|cpp))\b/g, // in a comment
];

/** Documents and comments that name a file of the project: by its path, by that below src/, or from where they are. */
function* checkReferences(files) {
  for (const [file, text] of files) {
    const is_code = /^src\/.*\.(h|cpp)$/.test(file);
    if (file === 'CHANGELOG.md' || !(file.endsWith('.md') || is_code)) continue;
    for (const [index, line] of linesOf(text).entries()) {
      const words = is_code ? (/(?<![:"])\/\/ .*$/.exec(line)?.[0] ?? '') : line;
      for (const pattern of is_code ? named.slice(2) : named.slice(0, 3)) {
        for (const [, path] of words.matchAll(pattern)) {
          const places = [path, `src/${path}`, `src/channels/${path}`, normalize(`${dirname(file)}/${path}`)];
          if (/NNNN|(^|\/)dist\//.test(path) || places.some((place) => files.has(place))) continue;
          yield { file, line: index + 1, rule: 'dead-reference', message: `there is no ${path}` };
        }
      }
    }
  }
}

export function* checkDocuments(files) {
  yield* checkFolders(files);
  yield* checkDecisions(files);
  yield* checkReferences(files);
}
