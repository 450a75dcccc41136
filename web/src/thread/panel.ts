// The contact beside the conversation: a lasting choice where there is room, a passing one where it lies over the text.
import { cell } from '../state/keyed';
import { preferences, setPreferences } from '../state/preferences';

const roomy = window.matchMedia('(min-width: 1100px)');
const wide = cell<boolean>('panel_wide', roomy.matches);
const over = cell<boolean>('panel_over', false);
roomy.addEventListener('change', () => wide.set(roomy.matches));

export function usePanel(): boolean {
  const beside = preferences.use().contact_panel;
  const lies_over = over.use();
  return wide.use() ? beside : lies_over;
}

export function togglePanel() {
  if (wide.get()) setPreferences({ contact_panel: !preferences.get().contact_panel });
  else over.set(!over.get());
}

export function closePanelOver() {
  over.set(false);
}
