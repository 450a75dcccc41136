// Starts Debian's Chromium and, unless it is to look at a program that runs, the development server; ends both.
import { spawn } from 'node:child_process';
import { chromium } from 'playwright-core';

async function startDev(conversations) {
  const here = new URL('..', import.meta.url).pathname;
  const server = spawn(process.execPath, ['dev/server.mjs', '--port', '0', '--conversations', String(conversations)], {
    cwd: here,
  });
  server.stderr.pipe(process.stderr);
  const url = await new Promise((done, fail) => {
    server.stdout.on('data', (text) => done(/http:\S+/.exec(String(text))?.[0]));
    server.on('exit', fail);
  });
  return { url, stop: () => server.kill() };
}

export async function withBrowser(options, work) {
  const { url, stop } = options.url
    ? { url: options.url.replace(/\/$/, ''), stop: () => {} }
    : await startDev(options.conversations ?? 10_000);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
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
    stop();
  }
}

export async function signIn(page, url, { email = 'nora@example.org', password = 'inbox' } = {}) {
  await page.goto(`${url}/`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
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
