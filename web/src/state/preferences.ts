// Choices of this browser. The account's own copy (PATCH /me) wins when the server sends one.
import type { Theme } from '../api/types';
import { cell } from './keyed';

export type Density = 'compact' | 'cosy' | 'tall';
interface Preferences {
  theme: Theme;
  shortcuts: boolean;
  density: Density;
  contact_panel: boolean;
  /** Of what comes while the page is out of sight (live/notify.ts). */
  notify: boolean;
}

const name = 'answerable.preferences';
const first: Preferences = { theme: 'system', shortcuts: true, density: 'cosy', contact_panel: true, notify: false };

function stored(): Preferences {
  try {
    return { ...first, ...(JSON.parse(localStorage.getItem(name) ?? '{}') as Partial<Preferences>) };
  } catch {
    return first;
  }
}

export const preferences = cell<Preferences>('preferences', stored());

export function setPreferences(patch: Partial<Preferences>) {
  const next = { ...preferences.get(), ...patch };
  preferences.set(next);
  try {
    localStorage.setItem(name, JSON.stringify(next));
  } catch {
    // A browser that refuses storage keeps the choice for this page only.
  }
}

export function applyTheme(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
