// Each rule with a sample that breaks it, and one that does not: a rule that finds nothing is worse than none.
import { check } from './rules.mjs';

const table = 'src: a/ b/ net/ base/ http/\nAllowed includes:\n```\nbase : -\na : -\nb : a\nnet : -\nhttp : net\n```\n';
const header = '// What it is.\n#pragma once\n';
const many = (count, line) => `${line}\n`.repeat(count);
const body = (inside) => `namespace x {\nvoid f() {\n${inside}}\n}\n`;

const peers = (...rows) => ({
  'src/a/x_test.cpp': 'TEST_CASE("o"\n  "ne") {}\n',
  'docs/peer-vulnerabilities.csv': ['id,peer,class,what happened,answer,where,title or reason', ...rows, ''].join('\n'),
});
const answered = 'P,A,"w, ""x""",test,src/a/x_test.cpp,one';
const many_rows = Array.from({ length: 128 }, (_, i) => `CVE-2026-${1000 + i},${answered}`);

// [rule expected or null, name, files]
const samples = [
  ['include', 'a lower folder includes a higher one', { 'src/a/x.cpp': '#include "b/y.h"\n' }],
  [null, 'a higher folder includes a lower one', { 'src/b/x.cpp': '#include "a/y.h"\n#include "base/id.h"\n' }],
  ['include', 'a header beside, without its folder', { 'src/a/x.cpp': '#include "y.h"\n' }],
  ['include', 'a folder that nobody knows', { 'src/zoo/x.cpp': 'int x;\n' }],
  ['include-table', 'no table', { 'src/a/x.cpp': 'int x;\n', 'ARCHITECTURE.md': 'a/\n' }],
  [
    'include-table',
    'a cycle',
    { 'src/a/x.cpp': '', 'ARCHITECTURE.md': 'a/ Allowed includes\n```\na : b\nb : a\n```\n' },
  ],
  ['boost', 'Asio outside net', { 'src/http/x.cpp': '#include <boost/asio/ip/tcp.hpp>\n' }],
  [
    'boost',
    'Asio through a header of net',
    {
      'src/net/deep.h': header + '#include <boost/beast/core.hpp>\n',
      'src/net/s.h': header + '#include "net/deep.h"\n',
      'src/http/x.cpp': '#include "net/s.h"\n',
    },
  ],
  ['boost', 'JSON in a header', { 'src/http/x.h': header + '#include <boost/json/value.hpp>\n' }],
  [null, 'JSON in a header that only tests include', { 'src/http/x_test.h': header + '#include <boost/json.hpp>\n' }],
  [null, 'JSON in a source of http', { 'src/http/x.cpp': '#include <boost/json/value.hpp>\n' }],
  ['file-size', 'a file of 401 lines', { 'src/a/x.cpp': many(401, 'int x;') }],
  [null, 'a file of 400 lines', { 'src/a/x.cpp': many(400, 'int x;') }],
  ['file-size', 'a header of 151 lines', { 'src/a/x.h': header + many(149, 'int x;') }],
  ['line-length', 'a line of 121 columns', { 'src/a/x.cpp': 'i'.repeat(121) + '\n' }],
  [null, 'a line of 120 columns', { 'src/a/x.cpp': 'é'.repeat(120) + '\n' }],
  ['function-size', 'a function of 71 lines', { 'src/a/x.cpp': body(many(69, '  g();')) }],
  [null, 'a function of 60 lines', { 'src/a/x.cpp': body(many(58, '  g();')) }],
  [
    'function-size',
    'a constructor with braces in its list',
    { 'src/a/x.cpp': `X::X(int a) : a_{a}, b_(2) {\n${many(80, '  g();')}}\n` },
  ],
  ['parameters', 'six parameters', { 'src/a/x.cpp': 'void f(int a, int b, int c, int d, int e, int g) {}\n' }],
  [
    'parameters',
    'six parameters in a declaration',
    { 'src/a/x.h': header + 'void f(int a, int b, int c, int d, int e, int g);\n' },
  ],
  [
    null,
    'five parameters, some with commas inside',
    { 'src/a/x.cpp': 'void f(std::map<int, int> a, int b, int c, int d, int e = g(1, 2)) {}\n' },
  ],
  ['nesting', 'four deep', { 'src/a/x.cpp': body('if (a) {\nfor (;;) {\nwhile (b) {\nif (c) {\n}\n}\n}\n}\n') }],
  [null, 'three deep', { 'src/a/x.cpp': body('if (a) {\nfor (;;) {\nwhile (b) {\ng({1, 2});\n}\n}\n}\n') }],
  ['name', 'a manager', { 'src/a/x.cpp': 'class SessionManager {};\n' }],
  ['name', 'an interface prefix', { 'src/a/x.cpp': 'struct IStore {};\n' }],
  [null, 'names that only look so', { 'src/a/x.cpp': 'struct Id {};\nstruct ImapSource {};\n// a SessionManager\n' }],
  ['name', 'a file of utilities', { 'src/a/string_utils.cpp': '\n' }],
  ['word', 'a word of others', { 'src/a/x.cpp': 'int open_tickets;\n' }],
  ['header-comment', 'a header without a comment', { 'src/a/x.h': '#pragma once\n' }],
  ['pragma-once', 'a header without its guard', { 'src/a/x.h': '// What it is.\n' }],
  ['using-namespace', 'using namespace in a header', { 'src/a/x.h': header + 'using namespace std;\n' }],
  ['sleep', 'a test that sleeps', { 'src/a/x_test.cpp': 'void f() { std::this_thread::sleep_for(1s); }\n' }],
  ['shell', 'a program that is started by a shell', { 'src/a/x.cpp': 'void f() { std::system("ls"); }\n' }],
  ['shell', 'a program that is started without one', { 'src/a/x.cpp': body('  execve(path, arguments, 0);\n') }],
  [
    null,
    'names that only sound like starting a program',
    { 'src/a/x.cpp': 'int filesystem(int);\nint y = x.system();\n' },
  ],
  ['answers', 'a row whose test is not there', peers('CVE-2026-1,P,A,w,test,src/a/x_test.cpp,two')],
  ['answers', 'a row whose file is not there', peers('CVE-2026-1,P,A,w,test,src/a/y_test.cpp,one')],
  ['answers', 'a row without a reason', peers('CVE-2026-1,P,A,w,none,,')],
  ['answers', 'too few rows', peers('CVE-2026-1000,P,A,w,test,src/a/x_test.cpp,one')],
  [null, 'every row is answered', peers(...many_rows)],
  ['answers', 'a row that stands twice', peers(...many_rows, many_rows[0])],
  ['unfinished', 'work left', { 'src/a/x.cpp': '// TODO: more\n' }],
  ['co-await', 'a lambda in co_await', { 'src/net/x.cpp': body('co_await f([p](int x) { return p; });\n') }],
  ['co-await', 'braces in co_await', { 'src/net/x.cpp': body('co_await f(P{1, 2});\n') }],
  ['co-await', 'a condition with co_await', { 'src/net/x.cpp': body('if (co_await f(x)) g();\n') }],
  [null, 'co_await alone', { 'src/net/x.cpp': body('auto x = co_await f(named);\n') }],
  ['folder-readme', 'a folder without README.md', { 'src/a/x.cpp': '', 'src/a/README.md': null }],
  ['document-size', 'a long README.md', { 'src/a/README.md': many(41, 'word') }],
  ['document-size', 'a long ARCHITECTURE.md', { 'ARCHITECTURE.md': table + many(250, 'a/') }],
  ['decision', 'a decision without its number', { 'docs/decisions/0007-x.md': '# 0007 X\nStatus: accepted\n' }],
  ['decision', 'a decision without its status', { 'docs/decisions/0007-x.md': '# 7. X\n**Context.** Y.\n' }],
  [null, 'a decision', { 'docs/decisions/0007-x.md': '# 7. X\nStatus: accepted\n' }],
  ['dead-reference', 'a document that names a file that is gone', { 'docs/x.md': 'See `a/gone.cpp`.\n' }],
  ['dead-reference', 'a link to a page that is gone', { 'docs/x.md': 'See [it](operations/gone.md).\n' }],
  ['dead-reference', 'a comment that names a header that is gone', { 'src/a/x.cpp': 'int x;  // as in a/gone.h\n' }],
  [
    null,
    'references to what is there',
    { 'src/a/x.cpp': 'int x;  // docs/y.md\n', 'docs/y.md': 'See `a/x.cpp`, `src/a/x.cpp` and [itself](y.md).\n' },
  ],
  [
    'part-ended',
    'a part whose makers have ended it',
    { 'web/package-lock.json': '{"packages":{"node_modules/x":{"version":"1.0.0","deprecated":"Use y."}}}' },
  ],
  [null, 'a part that goes on', { 'web/package-lock.json': '{"packages":{"node_modules/x":{"version":"1.0.0"}}}' }],
  [
    'folder-unknown',
    'a folder that ARCHITECTURE.md forgets',
    { 'src/a/x.cpp': '', 'ARCHITECTURE.md': 'Allowed includes\n```\na : -\n```\n' },
  ],
];

function filesOf(sample) {
  const files = new Map([['ARCHITECTURE.md', table]]);
  for (const file of Object.keys(sample)) {
    const folder = /^src\/(\w+)\//.exec(file)?.[1];
    if (folder) files.set(`src/${folder}/README.md`, 'For a test.\n');
  }
  for (const [file, text] of Object.entries(sample)) {
    if (text === null) files.delete(file);
    else files.set(file, text);
  }
  return files;
}

export function selfTest() {
  let failed = 0;
  for (const [rule, name, sample] of samples) {
    const found = check(filesOf(sample)).map((finding) => finding.rule);
    const right = rule === null ? found.length === 0 : found.includes(rule);
    if (right) continue;
    failed += 1;
    console.log(`tidy --self-test: ${name}: expected ${rule ?? 'nothing'}, found ${found.join(', ') || 'nothing'}`);
  }
  console.log(`tidy --self-test: ${samples.length - failed} passed, ${failed} failed`);
  return failed === 0;
}
