// Speaks only what is new in the open conversation, gathered for a second so that a burst is one sentence.
// It is apart from the thread on purpose: a live region on a virtualised thread would read old history.
import type { Id, Message } from '../api/types';
import { called } from '../contacts/called';
import { t } from '../i18n/t';
import { cell } from '../state/keyed';

export const spoken = cell<string>('spoken', '');
let open_conversation: Id | null = null;
let waiting = new Map<string, number>();
let timer: ReturnType<typeof setTimeout> | undefined;

export function announceFor(conversation: Id | null) {
  open_conversation = conversation;
}

export function say(text: string) {
  spoken.set(spoken.get() === text ? `${text}\u00a0` : text);
}

export function announce(message: Message) {
  if (message.conversation_id !== open_conversation || message.direction !== 'inbound') return;
  const who = called(message.author);
  waiting.set(who, (waiting.get(who) ?? 0) + 1);
  timer ??= setTimeout(() => {
    timer = undefined;
    const said = [...waiting].map(([name, count]) => t('live.new_messages', { count, name }));
    waiting = new Map();
    say(said.join(' '));
  }, 1000);
}
