// No test waits for ever: a promise that does not come true in time becomes an error that says what was waited for.
export const patience_ms = 100_000; // for machines that do much else; what works takes none of it

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
