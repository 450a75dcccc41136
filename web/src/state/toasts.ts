// Short words at the foot of the page. Failures are announced at once, everything else politely.
import { cell } from './keyed';

interface Toast {
  id: number;
  text: string;
  failure: boolean;
  action: { label: string; run: () => void } | null;
}

const shown_ms = 8_000;
export const toasts = cell<Toast[]>('toasts', []);
let next = 1;

interface Options {
  failure?: boolean;
  lasting?: boolean; // until it is dismissed: what must not be missed by who looks elsewhere
  action?: Toast['action'];
}

export function toast(text: string, options: Options = {}): number {
  const one: Toast = { id: next++, text, failure: options.failure ?? false, action: options.action ?? null };
  toasts.set([...toasts.get().slice(-2), one]);
  if (!options.lasting) setTimeout(() => dismiss(one.id), one.failure ? shown_ms * 2 : shown_ms);
  return one.id;
}

export function dismiss(id: number) {
  toasts.set(toasts.get().filter((one) => one.id !== id));
}
