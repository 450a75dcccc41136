// No test waits for ever: a promise that does not come true in time becomes an error that says what was waited for.
import assert from 'node:assert/strict';

const patience_ms = 100_000; // for machines that do much else; what works takes none of it

export async function within(promise, what, limit_ms = patience_ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${limit_ms / 1000} s for ${what}`)), limit_ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// Waits until a condition is true; looks ten to fifty times a second, and fails with what it last saw.
export async function until(what, condition, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (let pause = 20; ; pause = Math.min(pause * 2, 100)) {
    const seen = await condition();
    if (seen === true) return;
    assert.ok(Date.now() < end, `${what}: still ${JSON.stringify(seen)} after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
