// Which folder of src/ may include which: the table "Allowed includes" of ARCHITECTURE.md, and where Boost may show.

// The fenced block after the words "Allowed includes": lines "folder, folder : folder folder"; "-" is none, "*" every
// folder.
function readTable(architecture) {
  const block = /Allowed includes[^\n]*\n+```\n([^]*?)```/.exec(architecture)?.[1];
  if (!block) return null;
  const table = new Map();
  for (const line of block.split('\n').filter((text) => text.includes(':'))) {
    const [left, right] = line.split(':');
    const targets = right
      .trim()
      .split(/[\s,]+/)
      .filter((name) => name && name !== '-');
    for (const folder of left.split(',')) table.set(folder.trim(), new Set(targets));
  }
  return table;
}

function findCycle(table) {
  const state = new Map();
  const visit = (folder, path) => {
    if (state.get(folder) === 'done') return null;
    if (state.get(folder) === 'open') return [...path, folder];
    state.set(folder, 'open');
    for (const next of table.get(folder) ?? []) {
      const cycle = next === '*' ? null : visit(next, [...path, folder]);
      if (cycle) return cycle;
    }
    state.set(folder, 'done');
    return null;
  };
  for (const folder of table.keys()) {
    const cycle = visit(folder, []);
    if (cycle) return cycle;
  }
  return null;
}

function includesOf(text) {
  return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    quoted: match[1] === '"',
    name: match[2],
  }));
}

const slow = /^boost\/(asio|beast)/;

function* checkBoost(file, folder, includes, slowHeaders) {
  for (const { line, name, quoted } of includes) {
    if (!quoted && slow.test(name) && folder !== 'net') {
      yield { file, line, rule: 'boost', message: `<${name}>: Asio and Beast stay in src/net` };
    }
    const jsonPlace = /^(http|channels|app)$/.test(folder) && /(\.cpp|_test\.h)$/.test(file);
    if (!quoted && /^boost\/json/.test(name) && name !== 'boost/json/src.hpp' && !jsonPlace) {
      yield { file, line, rule: 'boost', message: `<${name}>: JSON only in .cpp files of http, channels and app` };
    }
    if (quoted && folder !== 'net' && slowHeaders.has(name)) {
      yield { file, line, rule: 'boost', message: `"${name}" brings Asio or Beast with it: not outside src/net` };
    }
  }
}

// Headers of net that include Asio or Beast, directly or through another header.
function findSlowHeaders(graph) {
  const slowOnes = new Set();
  for (let grown = true; grown;) {
    grown = false;
    for (const [file, includes] of graph) {
      const name = file.replace(/^src\//, '');
      if (!file.endsWith('.h') || slowOnes.has(name)) continue;
      if (includes.some((include) => (include.quoted ? slowOnes.has(include.name) : slow.test(include.name)))) {
        slowOnes.add(name);
        grown = true;
      }
    }
  }
  return slowOnes;
}

export function* checkIncludes(files) {
  const graph = new Map(
    [...files].filter(([file]) => /^src\/.*\.(cpp|h)$/.test(file)).map(([file, text]) => [file, includesOf(text)]),
  );
  if (graph.size === 0) return;
  const table = readTable(files.get('ARCHITECTURE.md') ?? '');
  if (!table) {
    yield {
      file: 'ARCHITECTURE.md',
      line: 1,
      rule: 'include-table',
      message: 'the block "Allowed includes" is missing',
    };
    return;
  }
  const cycle = findCycle(table);
  if (cycle)
    yield { file: 'ARCHITECTURE.md', line: 1, rule: 'include-table', message: `a cycle: ${cycle.join(' -> ')}` };
  const slowHeaders = findSlowHeaders(graph);
  for (const [file, includes] of graph) {
    const folder = file.split('/')[1];
    const allowed = table.get(folder);
    if (!allowed) {
      yield { file, line: 1, rule: 'include', message: `the folder ${folder} is not in the table of ARCHITECTURE.md` };
      continue;
    }
    for (const { line, quoted, name } of includes) {
      if (!quoted) continue;
      const target = name.split('/')[0];
      const isTestSupport = file.endsWith('_test.cpp') && !table.has(target);
      if (!name.includes('/') || (!table.has(target) && !isTestSupport)) {
        yield { file, line, rule: 'include', message: `"${name}": include from src/, as "folder/header.h"` };
      } else if (
        table.has(target) &&
        target !== folder &&
        target !== 'base' &&
        !allowed.has(target) &&
        !allowed.has('*')
      ) {
        yield { file, line, rule: 'include', message: `${folder} may not include ${target}` };
      }
    }
    yield* checkBoost(file, folder, includes, slowHeaders);
  }
}
