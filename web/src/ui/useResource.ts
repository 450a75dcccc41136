// A page of settings or contacts: asked for when shown, again when an event says it changed. Keeps the old while
// asking.
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, ApiError } from '../api/client';
import { subscribe } from '../state/keyed';

interface Resource<T> {
  data: T | null;
  error: ApiError | null;
  loading: boolean;
  reload: () => void;
}

export function useResource<T>(path: string | null, name?: string): Resource<T> {
  const [found, setFound] = useState<{ path: string; data: T | null; error: ApiError | null } | null>(null);
  const [round, setRound] = useState(0);
  const latest = useRef(0);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  useEffect(() => {
    if (path === null) return;
    const mine = ++latest.current;
    const stop = new AbortController();
    api.get<T>(path, stop.signal).then(
      (data) => mine === latest.current && setFound({ path, data, error: null }),
      (error: unknown) => {
        if (mine !== latest.current || !(error instanceof ApiError)) return;
        setFound((old) => ({ path, data: old?.path === path ? old.data : null, error }));
      },
    );
    return () => stop.abort();
  }, [path, round]);
  useEffect(() => (name ? subscribe(`resource:${name}`, reload) : undefined), [name, reload]);
  const is_current = found?.path === path;
  return {
    data: is_current ? found.data : null,
    error: is_current ? found.error : null,
    loading: path !== null && !is_current,
    reload,
  };
}
