// Makes src/api/schema.d.ts, the types of the API, from the server's own description of it.
// node scripts/schema.mjs [--check]     --check only tells whether the file is what the description says
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const source = new URL('../../src/http/openapi.json', import.meta.url);
const target = new URL('../src/api/schema.d.ts', import.meta.url);

function union(parts) {
  const all = [...new Set(parts)];
  return all.length === 1 ? all[0] : all.map((one) => (one.includes(' & ') ? `(${one})` : one)).join(' | ');
}

function object(schema, depth) {
  const pad = '  '.repeat(depth + 1);
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const key = /^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name);
    return `${pad}${key}${required.has(name) ? '' : '?'}: ${type(one, depth + 1)};`;
  });
  if (lines.length > 0) return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
  const values = schema.additionalProperties;
  return `Record<string, ${values && values !== true ? type(values, depth) : 'unknown'}>`;
}

function plain(name, schema, depth) {
  if (name === 'object') return object(schema, depth);
  if (name === 'array') {
    const item = schema.items ? type(schema.items, depth) : 'unknown';
    return /[|&]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
  }
  return { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }[name] ?? 'unknown';
}

/** A JSON Schema of the description as a TypeScript type. */
export function type(schema, depth = 0) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((one) => JSON.stringify(one)));
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice) return union(choice.map((one) => type(one, depth)));
  if (schema.allOf) {
    const own = schema.properties ? [object(schema, depth)] : [];
    return [...schema.allOf.map((one) => type(one, depth)), ...own].join(' & ');
  }
  const kinds = [schema.type ?? (schema.properties ? 'object' : 'unknown')].flat();
  return union(kinds.map((name) => plain(name, schema, depth)));
}

export function render(description) {
  const head = '// Made by scripts/schema.mjs from src/http/openapi.json. Do not edit: change the description.\n';
  const parts = Object.entries(description.components.schemas).map(([name, schema]) => {
    const text = schema.description ? `/** ${schema.description.replace(/\s+/g, ' ').slice(0, 100)} */\n` : '';
    return `${text}export type ${name} = ${type(schema)};\n`;
  });
  return [head, ...parts].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = render(JSON.parse(readFileSync(source, 'utf8')));
  const now = existsSync(target) ? readFileSync(target, 'utf8') : '';
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (now !== text) {
    console.error('src/api/schema.d.ts is not what src/http/openapi.json says: npm run schema');
    process.exit(1);
  }
}
