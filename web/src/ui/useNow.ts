import { useEffect, useState } from 'react';

/** The time, renewed every `every_ms`; only small components may use it, for each renewal draws them again. */
export function useNow(every_ms: number, running = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every_ms);
    return () => clearInterval(timer);
  }, [every_ms, running]);
  return now;
}
