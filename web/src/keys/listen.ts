// From a key press to a command. Never Alt or AltGr (they type letters in Polish or German), never while a word is
// being composed, never a bare letter inside a text field or an open dialog.
import { preferences } from '../state/preferences';
import { commands, runOf, type Command } from './commands';

const sequence_ms = 1_200;
const is_mac = /Mac|iPhone|iPad/.test(navigator.platform);
let started = '';
let started_at = 0;
export let last_key_at = 0;

export function keyName(event: KeyboardEvent): string {
  const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const mod = is_mac ? event.metaKey : event.ctrlKey;
  if (!mod) return letter;
  return `Mod+${event.shiftKey ? 'Shift+' : ''}${event.key.length === 1 ? event.key.toUpperCase() : event.key}`;
}

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'file'].includes(target.type);
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, [role=menu], [role=tab], summary') !== null;
}

function isOffered(known: Command, event: KeyboardEvent): boolean {
  const has_mod = known.keys.some((key) => key.startsWith('Mod+'));
  if (isTextField(event.target) && !known.in_text) return false;
  if (known.keys[0] === 'Enter' && isControl(event.target)) return false;
  if (document.querySelector('dialog[open], [role=menu]')) return known.id === 'everywhere.palette';
  return has_mod || known.keys[0] === 'Escape' || known.keys[0] === 'Enter' || preferences.get().shortcuts;
}

/** The commands that a press may mean now, and whether the press begins a longer sequence. */
function matching(name: string, now: number): { keys: string; begins: boolean } {
  const whole = now - started_at < sequence_ms && started ? `${started} ${name}` : name;
  const begins = commands.some((known) => known.keys.some((key) => key.startsWith(`${whole} `)));
  return { keys: whole, begins };
}

export function onKey(event: KeyboardEvent) {
  last_key_at = Date.now();
  if (event.defaultPrevented || event.isComposing || event.altKey || event.getModifierState('AltGraph')) return;
  if (['Shift', 'Control', 'Meta'].includes(event.key)) return;
  if (is_mac ? event.ctrlKey : event.metaKey) return;
  const { keys, begins } = matching(keyName(event), last_key_at);
  started = begins && !isTextField(event.target) ? keys : '';
  started_at = last_key_at;
  for (const known of commands as readonly Command[]) {
    if (!known.keys.includes(keys) || !isOffered(known, event)) continue;
    const run = runOf(known.id);
    if (!run) continue;
    event.preventDefault();
    run();
    return;
  }
}

export function showKeys(keys: string): string[] {
  return keys.split(/[ ]/).map((part) =>
    part
      .replace('Mod', is_mac ? '⌘' : 'Ctrl')
      .replace('Escape', 'Esc')
      .replace('Shift', '⇧')
      .replace('Enter', '↵'),
  );
}
