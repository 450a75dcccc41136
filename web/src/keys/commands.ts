// The one registry of what can be done by key. The shortcut sheet, the palette and the tooltips all read it, so they
// cannot disagree. A command can be run while some screen has given it something to run.
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { Key } from '../i18n/t';
import { cell } from '../state/keyed';

export interface Command {
  id: string;
  label: Key;
  group: 'list' | 'conversation' | 'writing' | 'go' | 'everywhere';
  keys: string[]; // "j", "g i" for a sequence, "Mod+K": Mod is Command on a Mac, Control elsewhere
  in_text?: boolean; // also while a text field has the focus
}

const one = (id: string, label: Key, group: Command['group'], keys: string[], in_text = false): Command => ({
  id,
  label,
  group,
  keys,
  in_text,
});

export const commands = [
  one('list.next', 'key.list_next', 'list', ['j']),
  one('list.previous', 'key.list_previous', 'list', ['k']),
  one('list.open', 'key.list_open', 'list', ['Enter']),
  one('list.back', 'key.list_back', 'list', ['Escape']),
  one('list.show_held', 'key.list_show_held', 'list', ['.']),
  one('conversation.reply', 'key.reply', 'conversation', ['r']),
  one('conversation.note', 'key.note', 'conversation', ['n']),
  one('conversation.close', 'key.close', 'conversation', ['e']),
  one('conversation.reopen', 'key.reopen', 'conversation', ['o']),
  one('conversation.snooze', 'key.snooze', 'conversation', ['s']),
  one('conversation.assign', 'key.assign', 'conversation', ['a']),
  one('conversation.take', 'key.take', 'conversation', ['m']),
  one('conversation.tags', 'key.tags', 'conversation', ['l']),
  one('conversation.unread', 'key.unread', 'conversation', ['u']),
  one('conversation.quotes', 'key.quotes', 'conversation', ['q']),
  one('conversation.whole', 'key.whole', 'conversation', ['w']),
  one('conversation.forward', 'key.forward', 'conversation', ['f']),
  one('conversation.panel', 'key.panel', 'conversation', ['i']),
  one('conversation.join', 'key.join', 'conversation', ['y']),
  one('conversation.keep_apart', 'key.keep_apart', 'conversation', ['x']),
  one('writing.send', 'key.send', 'writing', ['Mod+Enter'], true),
  one('writing.send_close', 'key.send_close', 'writing', ['Mod+Shift+Enter'], true),
  one('go.mine', 'key.go_mine', 'go', ['g i']),
  one('go.unassigned', 'key.go_unassigned', 'go', ['g u']),
  one('go.all', 'key.go_all', 'go', ['g a']),
  one('go.snoozed', 'key.go_snoozed', 'go', ['g z']),
  one('go.closed', 'key.go_closed', 'go', ['g d']),
  one('go.contacts', 'key.go_contacts', 'go', ['g c']),
  one('go.settings', 'key.go_settings', 'go', ['g s']),
  one('everywhere.palette', 'key.palette', 'everywhere', ['Mod+K'], true),
  one('everywhere.search', 'key.search', 'everywhere', ['/']),
  one('everywhere.undo', 'key.undo', 'everywhere', ['Mod+Z']),
  one('everywhere.sheet', 'key.sheet', 'everywhere', ['?']),
  one('everywhere.compose', 'key.compose', 'everywhere', ['c']),
  one('go.welcome', 'key.go_welcome', 'go', []),
  one('everywhere.theme', 'key.theme', 'everywhere', []),
  one('everywhere.sign_out', 'key.sign_out', 'everywhere', []),
] as const satisfies readonly Command[];

type CommandId = string;
type Run = () => void;
const running = new Map<CommandId, Run[]>();
export const registered = cell<number>('commands', 0);

export function command(id: CommandId): Command | undefined {
  return commands.find((known) => known.id === id);
}

export function runOf(id: CommandId): Run | undefined {
  return running.get(id)?.at(-1);
}

/** Gives commands something to do while the component is on the screen. `undefined` takes one out. */
export function useCommands(handlers: Record<CommandId, Run | undefined>) {
  const latest = useRef(handlers);
  // Before the next key: what was typed just now goes along.
  useLayoutEffect(() => {
    latest.current = handlers;
  });
  const ids = Object.keys(handlers)
    .filter((id) => handlers[id])
    .join(' ');
  useEffect(() => {
    const mine = ids
      .split(' ')
      .filter(Boolean)
      .map((id) => ({ id, run: () => latest.current[id]?.() }));
    for (const { id, run } of mine) running.set(id, [...(running.get(id) ?? []), run]);
    registered.set(registered.get() + 1);
    return () => {
      for (const { id, run } of mine) {
        const rest = (running.get(id) ?? []).filter((other) => other !== run);
        if (rest.length > 0) running.set(id, rest);
        else running.delete(id);
      }
      registered.set(registered.get() + 1);
    };
  }, [ids]);
}
