// Makes the .br and .gz copies that the server hands out, and assets.txt, from which it embeds them:
// one line a file, "path<TAB>content-type<TAB>file", sorted; path is what a browser asks for, file is relative to dist.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = process.argv[2] ?? 'dist';
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
const saving_bytes_min = 64;

function files(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const lines = [];
let plain = 0;
let small = 0;
for (const file of files(dist).sort()) {
  if (/\.(br|gz)$/.test(file) || file.endsWith('assets.txt')) continue;
  const bytes = readFileSync(file);
  const br = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const gz = gzipSync(bytes, { level: 9 });
  if (br.length + saving_bytes_min < bytes.length) writeFileSync(`${file}.br`, br);
  if (gz.length + saving_bytes_min < bytes.length) writeFileSync(`${file}.gz`, gz);
  const name = relative(dist, file).replaceAll('\\', '/');
  lines.push(`/${name}\t${types[extname(file)] ?? 'application/octet-stream'}\t${name}`);
  plain += bytes.length;
  small += Math.min(br.length, bytes.length);
}
writeFileSync(join(dist, 'assets.txt'), `${lines.join('\n')}\n`);
console.log(`${lines.length} files, ${(plain / 1000).toFixed(1)} kB, ${(small / 1000).toFixed(1)} kB with brotli`);
