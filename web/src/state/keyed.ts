// One subscription per key: a changed conversation wakes its own row, never the list. Threads: the page's only one.
import { useCallback, useSyncExternalStore } from 'react';

type Wake = () => void;
const listeners = new Map<string, Set<Wake>>();
let waiting: Set<string> | null = null;

export function subscribe(key: string, wake: Wake): Wake {
  let set = listeners.get(key);
  if (!set) listeners.set(key, (set = new Set()));
  set.add(wake);
  return () => {
    set.delete(wake);
    if (set.size === 0 && listeners.get(key) === set) listeners.delete(key);
  };
}

export function changed(key: string) {
  if (waiting) {
    waiting.add(key);
    return;
  }
  for (const wake of Array.from(listeners.get(key) ?? [])) wake();
}

/** Runs `work` and wakes each key once at its end, however often it changed. */
export function together<T>(work: () => T): T {
  if (waiting) return work();
  waiting = new Set();
  try {
    return work();
  } finally {
    const keys = waiting;
    waiting = null;
    for (const key of keys) changed(key);
  }
}

/** A snapshot that changes identity only when its key was announced as changed. `read` must return stable values. */
export function useKeyed<T>(key: string, read: () => T): T {
  const listen = useCallback((wake: Wake) => subscribe(key, wake), [key]);
  return useSyncExternalStore(listen, read, read);
}

/** A single value with its own subscription: session, counts, connection. */
interface Cell<T> {
  get: () => T;
  set: (value: T) => void;
  use: () => T;
}

export function cell<T>(key: string, first: T): Cell<T> {
  let value = first;
  const get = () => value;
  return {
    get,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      changed(key);
    },
    use: () => useKeyed(key, get),
  };
}
