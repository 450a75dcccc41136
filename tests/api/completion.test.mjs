// What a shell offers at the Tab key.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { command } from '../lib/server.mjs';

const run = (args) => command('/nonexistent', args); // none of it needs an installation

test('the completion scripts are good shell and know the commands', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) assert.match((await run(['completion', shell])).stdout, /passwd/);
  assert.equal((await run(['completion', 'tcsh'])).status, 2);
});

test('bash completes commands behind options, choices, and leaves files to itself', async () => {
  const script = (await run(['completion', 'bash'])).stdout;
  const complete = (line) => {
    const last = line.split(' ').length; // behind the program itself
    const ask = `${script}\nCOMP_WORDS=(answerable ${line}) COMP_CWORD=${last}\n_answerable; echo "\${COMPREPLY[*]}"`;
    return execFileSync('bash', ['-c', ask], { encoding: 'utf8' }).trim();
  };
  assert.equal(complete('aud'), 'audit');
  assert.equal(complete('--data folder mail pa'), 'parse');
  assert.equal(complete('user add --role a'), 'agent administrator');
  assert.equal(complete("completion ''"), 'bash zsh fish');
  assert.equal(complete('vectors m'), 'merkle');
  assert.equal(complete("mail parse ''"), '', 'files');
  assert.equal(complete("audit verify --export ''"), '', 'files');
  assert.equal(complete('mail parse one.eml --js'), '--json');
});
