// Every rule: (files: Map path -> text) => findings {file, line, rule, message, warning?}. Each has a sample in
// self_test.mjs.
import { checkAnswers } from './answers.mjs';
import { blank, scanFunctions } from './cpp.mjs';
import { checkDocuments } from './documents.mjs';
import { checkIncludes } from './includes.mjs';
import { linesOf } from './lines.mjs';

const budgets = {
  file: 400,
  header: 150,
  line: 120,
  function: 60,
  functionHard: 70,
  parameters: 5,
  nesting: 3,
};

const isCpp = (file) => /\.(cpp|h)$/.test(file);
const isCode = (file) =>
  /\.(cpp|h|ts|tsx|js|mjs|css|cmake|sh)$/.test(file) || /^(script|tools|\.ci)\/[^.]+$/.test(file);
const isOurs = (file) => isCode(file) && !/\/(package-lock\.json|generated)\b|schema\.d\.ts$/.test(file);

function* checkSizes(files) {
  for (const [file, text] of files) {
    if (!isOurs(file)) continue;
    const lines = linesOf(text);
    const limit = file.endsWith('.h') ? budgets.header : budgets.file;
    if (lines.length > limit)
      yield { file, line: limit + 1, rule: 'file-size', message: `${lines.length} lines, at most ${limit}` };
    for (const [index, content] of lines.entries()) {
      const length = [...content].length;
      if (length > budgets.line && !/https?:\/\/\S{60}/.test(content)) {
        yield { file, line: index + 1, rule: 'line-length', message: `${length} columns, at most ${budgets.line}` };
      }
    }
  }
}

function* checkFunctions(files) {
  for (const [file, text] of files) {
    if (!isCpp(file)) continue;
    const found = [];
    scanFunctions(text, (entry) => found.push(entry));
    for (const { name, line, lines, parameters, nesting } of found) {
      if (lines > budgets.function) {
        yield {
          file,
          line,
          rule: 'function-size',
          warning: lines <= budgets.functionHard,
          message: `${name} has ${lines} lines, at most ${budgets.function}`,
        };
      }
      if (parameters > budgets.parameters) {
        yield {
          file,
          line,
          rule: 'parameters',
          message: `${name} has ${parameters} parameters, at most ${budgets.parameters}`,
        };
      }
      if (nesting > budgets.nesting) {
        yield { file, line, rule: 'nesting', message: `${name} nests ${nesting} deep, at most ${budgets.nesting}` };
      }
    }
  }
}

const bannedType =
  /\b(?:class|struct|enum|union|interface|type)\s+(\w*?(?:Impl|Managers?|Helpers?|Utils?)|I[A-Z][a-z]\w*)\b/g;
const bannedFile = /(^|[_/.-])(impl|managers?|helpers?|utils?)([_.-]|$)/;

function* matches(file, text, pattern, rule, message) {
  for (const match of text.matchAll(pattern)) {
    const line = text.slice(0, match.index).split('\n').length;
    yield { file, line, rule, message: message(match) };
  }
}

function* checkNames(files) {
  for (const [file, text] of files) {
    if (!/^(src|web\/src|widget\/src)\//.test(file) || !isCode(file)) continue;
    if (bannedFile.test(file))
      yield { file, line: 1, rule: 'name', message: 'say what it is, not impl, manager, helper or util' };
    yield* matches(
      file,
      blank(text),
      bannedType,
      'name',
      (match) => `${match[1]}: no I…, …Impl, …Manager, …Helper, …Util`,
    );
    const words = /\b\w*?(?:\b|_)(tickets?|chat_?rooms?)(?=\b|_)/gi;
    yield* matches(file, text, words, 'word', (match) => `"${match[1]}" is not one of our words: see docs/glossary.md`);
  }
}

function* checkHabits(files) {
  for (const [file, text] of files) {
    if (!isCpp(file)) continue;
    const code = blank(text);
    if (file.endsWith('.h')) {
      if (!/^\/\//.test(text))
        yield {
          file,
          line: 1,
          rule: 'header-comment',
          message: 'a header starts with what it is, its units and threads',
        };
      if (!/^#pragma once$/m.test(text))
        yield { file, line: 1, rule: 'pragma-once', message: '#pragma once is missing' };
      yield* matches(file, code, /\busing\s+namespace\b/g, 'using-namespace', () => 'no using namespace in a header');
    }
    if (/_test\.cpp$|^tests\//.test(file)) {
      yield* matches(
        file,
        code,
        /\bsleep_(for|until)\b|\bu?sleep\s*\(/g,
        'sleep',
        () => 'tests wait for an event or move the clock; they do not sleep',
      );
    }
    if (/^src\//.test(file) && !/_test\.cpp$/.test(file)) {
      yield* matches(
        file,
        code,
        /(?<![\w.>])(?:std::|::)?(system|popen|fork|vfork|posix_spawnp?|exec[lv]p?e?)\s*\(/g,
        'shell',
        (match) => `${match[1]}(): this program starts no other`,
      );
    }
    yield* matches(
      file,
      text,
      /\b(TODO|FIXME|XXX)\b/g,
      'unfinished',
      (match) => `${match[1]}: finish it, or write an issue`,
    );
    yield* matches(
      file,
      code,
      /co_await\b[^;{}]*(\{[^;]*[^\s;]\s*\}|\]\s*\()[^;]*;/g,
      'co-await',
      () => 'name the argument first: no braces and no lambda in the arguments of co_await',
    );
    yield* matches(
      file,
      code,
      /\b(if|while|switch)\s*\([^;{}]*co_await\b/g,
      'co-await',
      () => 'co_await stands alone in a statement',
    );
  }
}

// A lock file says when the makers of a part have ended it: then it gets no mending any more.
function* checkParts(files) {
  for (const [file, text] of files) {
    if (!file.endsWith('package-lock.json')) continue;
    for (const [part, { version, deprecated }] of Object.entries(JSON.parse(text).packages ?? {})) {
      if (!deprecated) continue;
      const line = linesOf(text.slice(0, text.indexOf(`"${part}"`))).length;
      yield { file, line, rule: 'part-ended', message: `${part} ${version}: ${deprecated}` };
    }
  }
}

export function check(files) {
  const findings = [
    checkIncludes,
    checkSizes,
    checkFunctions,
    checkNames,
    checkHabits,
    checkDocuments,
    checkParts,
    checkAnswers,
  ].flatMap((rule) => [...rule(files)]);
  return findings.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}
