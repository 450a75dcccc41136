// Reads the project's files (tracked and new ones, not ignored ones) and lets every rule look at them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from './rules.mjs';
import { selfTest } from './self_test.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const wanted = [
  /\.(cpp|h|S|ts|tsx|js|mjs|css|html|cmake|md|sh|toml|csv|flow)$/,
  /(^|\/)(openapi|package-lock)\.json$/,
  /(^|\/)(CMakeLists\.txt|Makefile)$/,
  /^(script|tools|\.ci)\/[^.]+$/,
];

function readTree() {
  const names = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  const files = new Map();
  for (const name of names.split('\0').filter((name) => wanted.some((one) => one.test(name)))) {
    try {
      files.set(name, readFileSync(join(root, name), 'utf8'));
    } catch {
      // deleted, or a folder: nothing to check
    }
  }
  return files;
}

if (process.argv.includes('--self-test')) {
  process.exit(selfTest() ? 0 : 1);
}
const paths = process.argv.slice(2).map((path) => path.replace(/^\.\//, '').replace(/\/$/, ''));
const files = readTree();
const inScope = (file) => paths.length === 0 || paths.some((path) => file === path || file.startsWith(path + '/'));
const findings = check(files).filter((finding) => inScope(finding.file));
for (const { file, line, rule, message, warning } of findings) {
  console.log(`${file}:${line}: ${warning ? 'warning: ' : ''}${message} [${rule}]`);
}
const failures = findings.filter((finding) => !finding.warning).length;
console.log(`tidy: ${files.size} files, ${failures} findings, ${findings.length - failures} warnings`);
process.exit(failures === 0 ? 0 : 1);
