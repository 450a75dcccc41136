// Enough of C++ to measure it: comments and literals blanked out, functions found by their braces. Relies on
// clang-format's Google style, in which a body's brace has a blank before it and an initialiser's has not.

// Same length and line breaks, but comments, strings and characters become blanks (the quotes stay).
export function blank(text) {
  const pattern =
    /\/\/.*|\/\*[^]*?\*\/|R"([^\s()\\]{0,16})\([^]*?\)\1"|"(?:[^"\\\n]|\\[^])*"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\[^])*'/g;
  return text.replace(pattern, (match) => {
    const hollow = match.replace(/[^\n]/g, ' ');
    const isLiteral = /^(R?"|')/.test(match);
    return isLiteral && match.length >= 2 ? '"' + hollow.slice(1, -1) + '"' : hollow;
  });
}

// The parts of a list such as "int a, std::map<int, int> b".
function splitTopLevel(list) {
  const parts = [];
  let depth = 0;
  let part = '';
  for (const character of list) {
    if ('<([{'.includes(character)) depth += 1;
    if ('>)]}'.includes(character)) depth -= 1;
    if (character === ',' && depth <= 0) {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  return part.trim() || parts.length ? [...parts, part].map((piece) => piece.trim()) : [];
}

function parametersOf(head) {
  const open = head.search(/[\w>\])]\s*\((?!\s*\)\s*\()/);
  if (open < 0) return [];
  const start = head.indexOf('(', open);
  let depth = 0;
  for (let i = start; i < head.length; i += 1) {
    if (head[i] === '(') depth += 1;
    if (head[i] === ')' && --depth === 0) return splitTopLevel(head.slice(start + 1, i));
  }
  return [];
}

function nameOf(head) {
  return /(operator\s*[^\s(]+|[\w:~]+)\s*\(/.exec(head)?.[1] ?? 'function';
}

const lambdaHead = /\[[^[\]]*\]\s*(<[^>]*>\s*)?(\([^]*\))?\s*(mutable|constexpr|noexcept|->\s*[\w:<>*&, ]+|\s)*$/;

function kindOf(head, before, outer, inParentheses) {
  if (lambdaHead.test(head) && !/^\s*(if|for|while|switch)\b/.test(head)) return 'lambda';
  if (/[\w>)\]("=,{]$/.test(before) || /(=|\breturn|\bco_return|,|\()$/.test(head)) return 'init';
  if (inParentheses) return 'init';
  if (/^(inline\s+)?namespace\b/.test(head) || /^extern\s+"/.test(head)) return 'namespace';
  if (
    /\b(class|struct|union|enum)\b[^()=]*$/.test(head) &&
    !/\)/.test(head.replace(/alignas\([^)]*\)|\[\[.*?\]\]/g, ''))
  )
    return 'type';
  if (outer === 'namespace' || outer === 'type') return head.includes('(') ? 'function' : 'init';
  return 'control';
}

// Calls back for each function or lambda with a body: {kind, name, line, lines, parameters, nesting}; and for each
// declaration.
export function scanFunctions(text, onFunction) {
  const code = blank(text).replace(/^[ \t]*#(?:[^\n\\]|\\\n|\\.)*/gm, (directive) => directive.replace(/[^\n]/g, ' '));
  const stack = [{ kind: 'namespace', parentheses: 0 }];
  let head = '';
  let headLine = 1;
  let line = 1;
  let parentheses = 0;
  for (let i = 0; i < code.length; i += 1) {
    const character = code[i];
    const top = stack[stack.length - 1];
    if (character === '\n') line += 1;
    if (character === '(') parentheses += 1;
    if (character === ')') parentheses -= 1;
    if (character === '{') {
      const trimmed = head.trim().replace(/^(public|private|protected)\s*:\s*/, '');
      const kind = kindOf(trimmed, code[i - 1] ?? '', top.kind, parentheses > top.parentheses);
      stack.push({
        kind,
        head: trimmed,
        line: headLine,
        parentheses,
        savedHead: head,
        nesting: 0,
        savedLine: headLine,
      });
      if (kind === 'control') noteNesting(stack);
      head = '';
      continue;
    }
    if (character === '}' && stack.length > 1) {
      const closed = stack.pop();
      parentheses = closed.parentheses;
      if (closed.kind === 'function' || closed.kind === 'lambda') {
        onFunction({
          kind: closed.kind,
          name: nameOf(closed.head),
          line: closed.line,
          lines: line - closed.line + 1,
          parameters: parametersOf(closed.head).length,
          nesting: closed.nesting,
        });
      }
      const continues = closed.kind === 'init' || closed.kind === 'lambda';
      head = continues ? closed.savedHead + '{}' : '';
      headLine = continues ? closed.savedLine : line;
      continue;
    }
    if (character === ';' && parentheses <= top.parentheses) {
      const declares =
        (top.kind === 'namespace' || top.kind === 'type') && /\)[^=]*$/.test(head) && !head.includes('{}');
      if (declares) {
        onFunction({
          kind: 'declaration',
          name: nameOf(head),
          line: headLine,
          lines: 0,
          parameters: parametersOf(head.trim()).length,
          nesting: 0,
        });
      }
      head = '';
      continue;
    }
    if (head.trim() === '' && character.trim() !== '') headLine = line;
    head += character;
  }
}

function noteNesting(stack) {
  let depth = 0;
  for (let i = stack.length - 1; i > 0; i -= 1) {
    const block = stack[i];
    if (block.kind === 'control' && !/^(case\b|default\b)/.test(block.head)) depth += 1;
    if (block.kind === 'function' || block.kind === 'lambda') {
      block.nesting = Math.max(block.nesting, depth);
      return;
    }
  }
}
