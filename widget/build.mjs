// npm run build: src/ -> dist/widget.js with .br and .gz beside it, and dist/assets.txt for the server's embedding
// step. With --size: only tells how many bytes that would be with brotli. With --tests: test/*.test.ts ->
// dist-test/*.mjs for node --test.
import { build } from 'esbuild';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = new URL('.', import.meta.url).pathname;
const target = ['chrome109', 'firefox115', 'safari16.4'];

if (process.argv.includes('--tests')) {
  rmSync(root + 'dist-test', { recursive: true, force: true });
  const tests = readdirSync(root + 'test').filter((name) => /\.test\.ts$|^fake_server/.test(name));
  await build({
    entryPoints: tests.map((name) => root + 'test/' + name),
    outdir: root + 'dist-test',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
  });
} else {
  const { outputFiles } = await build({
    entryPoints: [root + 'src/main.ts'],
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    target,
    legalComments: 'none',
    charset: 'utf8',
  });
  const script = outputFiles[0].contents;
  const brotli = brotliCompressSync(script, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: script.length },
  });
  if (process.argv.includes('--size')) {
    console.log(brotli.length);
  } else {
    rmSync(root + 'dist', { recursive: true, force: true });
    mkdirSync(root + 'dist');
    writeFileSync(root + 'dist/widget.js', script);
    writeFileSync(root + 'dist/widget.js.br', brotli);
    writeFileSync(root + 'dist/widget.js.gz', gzipSync(script, { level: 9 }));
    writeFileSync(root + 'dist/assets.txt', '/widget.js\ttext/javascript; charset=utf-8\twidget.js\n');
    console.log(`widget.js ${script.length} bytes, ${brotli.length} with brotli`);
  }
}
