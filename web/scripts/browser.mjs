// Starts the development server and Debian's Chromium for the scripts beside this one; ends both.
import { spawn } from 'node:child_process';
import { chromium } from 'playwright-core';

export async function withBrowser(options, work) {
  const here = new URL('..', import.meta.url).pathname;
  const server = spawn(
    process.execPath,
    ['dev/server.mjs', '--port', '0', '--conversations', String(options.conversations ?? 10_000)],
    { cwd: here },
  );
  server.stderr.pipe(process.stderr);
  const url = await new Promise((done, fail) => {
    server.stdout.on('data', (text) => done(/http:\S+/.exec(String(text))?.[0]));
    server.on('exit', fail);
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--no-first-run',
      '--disable-sync',
    ],
  });
  try {
    return await work(browser, url);
  } finally {
    await browser.close();
    server.kill();
  }
}

export async function signIn(page, url) {
  await page.goto(`${url}/`);
  await page.getByLabel('Email').fill('nora@example.org');
  await page.getByLabel('Password', { exact: true }).fill('inbox');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}

/** What the page complained of: errors, and refusals of the content policy. */
export function complaints(page) {
  const list = [];
  page.on('pageerror', (error) => list.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' || /Failed to load resource|WebSocket/.test(message.text())) return;
    list.push(message.text());
  });
  return list;
}

export function dev(url, what, body) {
  return fetch(`${url}/api/v1/dev/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).then((answer) => answer.json());
}
