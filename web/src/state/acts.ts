// What an agent does to conversations. Each act shows at once, is confirmed or rolled back by the server, and most can
// be undone (Mod+Z or the button beside the words that say what happened).
import { api, ApiError } from '../api/client';
import type { ConversationItem, Id, Message, Named } from '../api/types';
import { t } from '../i18n/t';
import { dateTime } from '../i18n/format';
import { patchRow, row, type RowPatch } from './rows';
import { me } from './session';
import { acceptAnswer, messageSeq } from './threads';
import { toast, dismiss } from './toasts';

interface Undo {
  run: () => void;
  toast: number;
  of: Id | null; // the message that it would take back
}
let undo_stack: Undo[] = [];

export function undoLast() {
  const last = undo_stack.pop();
  if (!last) return;
  dismiss(last.toast);
  last.run();
}

/** Says what was done (null: it shows where it was done) and keeps the way back, if there is one. */
export function tell(text: string | null, inverse: (() => void) | null, of: Id | null = null) {
  if (!inverse) {
    if (text) toast(text);
    return;
  }
  const entry: Undo = { run: inverse, toast: 0, of };
  const run = () => {
    undo_stack = undo_stack.filter((one) => one !== entry);
    dismiss(entry.toast);
    inverse();
  };
  if (text) entry.toast = toast(text, { action: { label: t('act.undo'), run } });
  undo_stack = [...undo_stack.slice(-19), entry];
}

/** The message was taken back where it stands: Mod+Z is for what was done before. */
export function forgetUndoOf(message: Id) {
  for (const one of undo_stack) if (one.of === message) dismiss(one.toast);
  undo_stack = undo_stack.filter((one) => one.of !== message);
}

/** What to say of a failure; nothing when the session has ended, for the page then asks to sign in again. */
export function failureText(error: unknown): string | null {
  const problem = error as ApiError;
  if (problem.problem?.status === 401) return null;
  return problem.code === 'offline' ? t('error.offline') : problem.message || t('error.unknown');
}

export function tellFailure(error: unknown) {
  const text = failureText(error);
  if (text !== null) toast(text, { failure: true });
}

async function change(id: Id, patch: RowPatch, body: object): Promise<boolean> {
  const end = patchRow(id, patch);
  try {
    end(await api.patch<ConversationItem>(`/conversations/${id}`, body));
    return true;
  } catch (error) {
    end();
    tellFailure(error);
    return false;
  }
}

export async function setStatus(
  id: Id,
  status: 'open' | 'closed' | 'snoozed',
  until: string | null = null,
  quiet = false,
) {
  const before = row(id);
  if (!before) return;
  const body = until ? { status, snoozed_until: until } : { status };
  const done = await change(id, { status, snoozed_until: until }, body);
  if (!done || quiet) return;
  const words = {
    open: t('act.reopened'),
    closed: t('act.closed'),
    snoozed: t('act.snoozed', { when: until ? dateTime(until) : '' }),
  };
  tell(words[status], () => void setStatus(id, before.status, before.snoozed_until, true));
}

export async function rename(id: Id, subject: string, quiet = false) {
  const before = row(id);
  if (!before) return;
  const done = await change(id, { subject }, { subject });
  if (!done || quiet) return;
  tell(t('act.renamed'), before.subject ? () => void rename(id, before.subject, true) : null);
}

export async function assign(id: Id, to: Named | null, quiet = false) {
  const before = row(id);
  if (!before || before.assignee?.id === to?.id) return;
  const done = await change(id, { assignee: to }, { assignee: to?.id ?? null });
  if (!done || quiet) return;
  tell(to ? t('act.assigned', { name: to.name }) : t('act.unassigned'), () => void assign(id, before.assignee, true));
}

/** An atomic claim: of two agents who press the key at once, exactly one gets it. */
export async function take(id: Id): Promise<boolean> {
  const user = me();
  const before = row(id);
  if (!user || !before || before.assignee?.id === user.id) return false;
  if (before.assignee) {
    await assign(id, user);
    return true;
  }
  const end = patchRow(id, { assignee: { id: user.id, name: user.name } });
  try {
    end(await api.post<ConversationItem>(`/conversations/${id}/take`));
    tell(t('act.taken'), () => void assign(id, null, true));
    return true;
  } catch (error) {
    end();
    const problem = error as ApiError;
    if (problem.code === 'already_assigned') toast(t('act.already_taken'), { failure: true });
    else tellFailure(error);
    return false;
  }
}

/** What was suggested is done: the conversation becomes part of the other. Answers with that one's id. */
export async function joinSuggested(id: Id): Promise<Id | null> {
  try {
    const item = await api.post<ConversationItem>(`/conversations/${id}/suggestion/confirm`);
    tell(t('act.joined', { subject: item.subject }), null);
    return item.id;
  } catch (error) {
    tellFailure(error);
    return null;
  }
}

export async function keepApart(id: Id) {
  const end = patchRow(id, { suggested_join: null });
  try {
    end(await api.post<ConversationItem>(`/conversations/${id}/suggestion/dismiss`));
    tell(t('act.kept_apart'), null);
  } catch (error) {
    end();
    tellFailure(error);
  }
}

/** How much of a message is what its sender wrote now, for everybody: so many lines, 0 all, null as recognised. */
export async function foldMessage(message: Message, shown_lines: number | null, quiet = false) {
  const since = messageSeq(message.id);
  try {
    acceptAnswer(await api.put<Message>(`/messages/${message.id}/folding`, { shown_lines }), since);
    const words =
      shown_lines === 0 ? t('act.unfolded') : shown_lines === null ? t('act.as_recognised') : t('act.folded');
    if (!quiet) tell(words, () => void foldMessage(message, message.shown_lines, true));
  } catch (error) {
    tellFailure(error);
  }
}

export async function setUnread(id: Id, unread: boolean) {
  const now = row(id);
  if (!now || now.unread === unread) return;
  const end = patchRow(id, { unread });
  try {
    await api.post(`/conversations/${id}/read`, { unread });
    const { pending: _pending, ...item } = row(id) ?? now;
    end({ ...item, unread });
  } catch (error) {
    end();
    if (unread) tellFailure(error);
  }
}

export async function setTags(id: Id, tags: string[]) {
  const end = patchRow(id, { tags: tags.toSorted() }); // as the server will answer: nothing moves under the focus
  try {
    end(await api.put<ConversationItem>(`/conversations/${id}/tags`, { tags }));
  } catch (error) {
    end();
    tellFailure(error);
  }
}

/** Takes it down for everybody; what the others see comes as an event. */
export async function removeMessage(message: Message, reason: string): Promise<void> {
  await api.put(`/messages/${message.id}/removal`, { reason });
}

/** To the security contact and the operator. */
export async function reportThing(path: string, reason: string): Promise<void> {
  await api.post(`${path}/report`, { reason });
  toast(t('report.sent'));
}

export async function restoreMessage(message: Message): Promise<void> {
  await api.remove(`/messages/${message.id}/removal`).catch(tellFailure);
}
