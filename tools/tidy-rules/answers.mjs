// Tables that answer a list of demands: docs/peer-vulnerabilities.csv (what went wrong elsewhere) and docs/asvs.csv
// (OWASP ASVS 5.0). A row that names a test must name one that exists, by its exact title; a row that names a document,
// or code that no test looks at by itself, must name a file that exists; what has none of them says why.

// A table of RFC 4180, as rows of cells with the number of their line.
function readCsv(text) {
  const rows = [];
  let cells = [''];
  let line = 1;
  let start = 1;
  let isQuoted = false;
  for (let i = 0; i < text.length; ++i) {
    const c = text[i];
    if (c === '\n') ++line;
    if (isQuoted) {
      if (c !== '"') cells[cells.length - 1] += c;
      else if (text[i + 1] === '"') cells[cells.length - 1] += text[++i];
      else isQuoted = false;
    } else if (c === '"') isQuoted = true;
    else if (c === ',') cells.push('');
    else if (c === '\n') {
      rows.push({ cells, line: start });
      cells = [''];
      start = line;
    } else cells[cells.length - 1] += c;
  }
  return rows;
}

// The titles of the tests in a file, as they stand in its source: `${…}` of a template is kept.
function titlesOf(file, text) {
  if (file.endsWith('.flow')) return [text.split('\n')[0].replace(/^# /, '')];
  const cpp = /TEST_CASE(?:_FIXTURE|_TEMPLATE)?\(\s*(?:\w+,\s*)?((?:"(?:[^"\\]|\\.)*"\s*)+)/g;
  if (file.endsWith('.cpp')) {
    return [...text.matchAll(cpp)].map(([, literal]) =>
      [...literal.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part.replace(/\\(.)/g, '$1')).join(''),
    );
  }
  const js = /\b(?:test|sample)\(\s*(['"`])((?:\\.|(?!\1)[^])*?)\1/g;
  const samples = /\[\s*(?:'[\w-]+'|null),\s*'([^']+)',/g; // of tools/tidy-rules/self_test.mjs
  return [
    ...[...text.matchAll(js)].map(([, , title]) => title.replace(/\\(['"`])/g, '$1')),
    ...[...text.matchAll(samples)].map(([, title]) => title),
  ];
}

const demands = {
  'docs/peer-vulnerabilities.csv': {
    head: 'id,peer,class,what happened,answer,where,title or reason',
    answers: ['test', 'none'],
    // 128 are known by a number; the rest were told without one.
    isCounted: ({ id }) => /^(CVE-\d{4}-\d{4,6}|GHSA(-[0-9a-z]{4}){3})$/.test(id),
    count: 128,
  },
  'docs/asvs.csv': {
    head: 'id,level,chapter,requirement in our words,answer,where,title or reason',
    answers: ['test', 'document', 'code', 'not applicable', 'gap'],
    isCounted: ({ id }) => /^V\d+\.\d+\.\d+$/.test(id),
    count: 345,
  },
};

function faultOf(row, { answers }, files, titles) {
  const { answer, where, why } = row;
  if (!answers.includes(answer)) return `the answer is one of: ${answers.join(', ')}`;
  if (answer === 'none' || answer === 'not applicable' || answer === 'gap')
    return why ? null : `"${answer}" needs a reason`;
  if (!files.has(where)) return `there is no file ${where}`;
  if (answer === 'document' || answer === 'code') return null;
  return titles(where).has(why) ? null : `${where} has no test "${why}"`;
}

export function* checkAnswers(files) {
  const known = new Map();
  const titles = (file) => {
    if (!known.has(file)) known.set(file, new Set(titlesOf(file, files.get(file))));
    return known.get(file);
  };
  for (const [file, demand] of Object.entries(demands)) {
    if (!files.has(file)) continue;
    const [head, ...rows] = readCsv(files.get(file));
    const finding = (line, message) => ({ file, line, rule: 'answers', message });
    if (head.cells.join(',') !== demand.head) yield finding(1, `the first line is: ${demand.head}`);
    const seen = new Set();
    let counted = 0;
    for (const { cells, line } of rows) {
      const [id, , , , answer, where, why] = cells;
      if (cells.length !== 7) yield finding(line, `${cells.length} cells instead of 7`);
      const fault = faultOf({ answer, where, why }, demand, files, titles);
      if (fault) yield finding(line, `${id}: ${fault}`);
      if (seen.has(id)) yield finding(line, `${id} stands twice`);
      seen.add(id);
      if (demand.isCounted({ id })) ++counted;
    }
    if (counted !== demand.count) yield finding(1, `${counted} numbered rows instead of ${demand.count}`);
  }
}
