// Notifications of the browser, for who asked for them: a customer has written to me, or to nobody yet, while the page
// is out of sight. They say who and about what, never the text, for they are shown on locked screens too.
import type { ConversationItem, Id, Message } from '../api/types';
import { go, openConversation, route } from '../app/route';
import { called } from '../contacts/called';
import { t } from '../i18n/t';
import { preferences, setPreferences } from '../state/preferences';
import { row } from '../state/rows';
import { me } from '../state/session';
import { dismiss, toast } from '../state/toasts';

const gather_ms = 1_000; // a burst is one notification
const waiting = new Map<Id, ConversationItem>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Not on a page without TLS, nor in some browsers of phones. */
export const can_notify = 'Notification' in globalThis;

/** Turned on, it asks the browser's user for leave, which is asked for nowhere else. Answers whether it is on now. */
export async function setNotify(on: boolean): Promise<boolean> {
  const is_on = on && (await Notification.requestPermission()) === 'granted';
  setPreferences({ notify: is_on });
  return is_on;
}

function show(title: string, tag: string, options: { body?: string; open: Id | null }) {
  const shown = new Notification(title, { tag, ...(options.body ? { body: options.body } : {}) });
  shown.addEventListener('click', () => {
    window.focus();
    go({ at: 'inbox', filter: { view: options.open ? 'all' : 'mine' }, conversation: options.open });
    shown.close();
  });
}

function tell() {
  timer = undefined;
  const [first, ...more] = [...waiting.values()];
  waiting.clear();
  if (!first) return;
  if (more.length > 0) show(t('notify.several', { count: more.length + 1 }), 'several', { open: null });
  else show(called(first.contact), first.id, { body: first.subject, open: first.id });
}

/** `item` is the conversation that the message is in. */
export function notify(message: Message, item: ConversationItem) {
  if (message.direction !== 'inbound' || message.auto_submitted || document.visibilityState === 'visible') return;
  if (item.assignee && item.assignee.id !== me()?.id) return;
  if (!preferences.get().notify || !can_notify || Notification.permission !== 'granted') return;
  waiting.set(item.id, item);
  timer ??= setTimeout(tell, gather_ms);
}

const told = new Map<Id, string>();

/** A message of mine that did not leave, or of which nobody knows: I am at the next conversation by then. */
export function tellUnsent(message: Message) {
  const { id, conversation_id, state } = message;
  if (message.author.id !== me()?.id) return;
  if (state !== 'failed' && state !== 'unknown') return void told.delete(id);
  if (told.get(id) === state || openConversation(route.get()) === conversation_id) return;
  told.set(id, state);
  const contact = row(conversation_id)?.contact;
  const name = contact ? called(contact) : message.to.join(', ');
  const open = () => {
    dismiss(shown);
    go({ at: 'inbox', filter: { view: 'all' }, conversation: conversation_id });
  };
  const shown = toast(t(`notify.${state}`, { name }), {
    failure: true,
    lasting: true,
    action: { label: t('notify.open'), run: open },
  });
}
