// A draft belongs to (agent, conversation): kept in this browser within 0.4 s and on the server within 2 s of a pause.
// Reply and note are separate texts, so that a note can never go out as a reply. Only its author clears it.
import { api } from '../api/client';
import type { Draft, Id, Upload } from '../api/types';
import { addressesOf } from '../composer/addresses';
import { changed, useKeyed } from './keyed';
import { draftPlace, keep, kept, keptDrafts } from './kept';
import { me } from './session';

export type Kind = 'reply' | 'note';
export interface LocalDraft {
  kind: Kind;
  reply: string;
  note: string;
  attachments: Upload[];
  /** Whom the reply goes to, where that was chosen; null: whom one answers (composer/recipient.ts). In this browser
   *  only. */
  to: string[] | null;
  cc: string[] | null;
  bcc: string[];
  /** Whether the mail answered goes along below the reply, where the channel does so. */
  quote: boolean;
  /** Somebody else may have written it: it is of the day before this person's code was reported. */
  was_exposed?: boolean;
  edited_at: string;
  saved: 'no' | 'here' | 'server' | 'failed';
}

const local_ms = 400;
const server_ms = 2_000;
const drafts = new Map<Id, LocalDraft>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const nobody = { to: null, cc: null, bcc: [] };
const blank: LocalDraft = {
  ...nobody,
  kind: 'reply',
  reply: '',
  note: '',
  attachments: [],
  quote: true,
  edited_at: '',
  saved: 'no',
};

const place = (id: Id) => draftPlace(me()?.id ?? '', id);

export function draft(id: Id): LocalDraft {
  const known = drafts.get(id);
  if (known) return known;
  // An unreadable draft is treated as none; the server may still have one.
  let found = { ...blank, ...kept<Partial<LocalDraft>>(place(id)) };
  if (typeof found.cc === 'string') found = { ...found, cc: addressesOf(found.cc) }; // of an older version
  drafts.set(id, found);
  return found;
}

export function useDraft(id: Id): LocalDraft {
  return useKeyed(`draft:${id}`, () => draft(id));
}

export function isEmpty(text: LocalDraft): boolean {
  return !text.reply.trim() && !text.note.trim() && text.attachments.length === 0;
}

function later(name: string, ms: number, work: () => void) {
  clearTimeout(timers.get(name));
  timers.set(
    name,
    setTimeout(() => {
      timers.delete(name);
      work();
    }, ms),
  );
}

export function editDraft(id: Id, patch: Partial<Omit<LocalDraft, 'saved' | 'edited_at'>>) {
  put(id, { ...draft(id), ...patch, was_exposed: false, edited_at: new Date().toISOString(), saved: 'no' });
  later(`${id}:here`, local_ms, () => keepHere(id));
  later(`${id}:server`, server_ms, () => void keepOnServer(id));
}

function put(id: Id, next: LocalDraft) {
  drafts.set(id, next);
  changed(`draft:${id}`);
}

function keepHere(id: Id) {
  const now = draft(id);
  try {
    if (isEmpty(now)) localStorage.removeItem(place(id));
    else if (me()) keep(place(id), now);
    if (now.saved === 'no') put(id, { ...now, saved: 'here' });
  } catch {
    // No room in this browser: the copy on the server is the only one.
  }
}

async function keepOnServer(id: Id) {
  const now = draft(id);
  // The server's copy knows no recipients: what is written to somebody chosen must not turn up elsewhere as an answer
  // to the customer.
  const reply = now.to === null ? now.reply : '';
  const text = (now.kind === 'reply' ? reply : now.note) || reply || now.note;
  try {
    if (text.trim()) {
      await api.put(`/conversations/${id}/draft`, {
        text,
        kind: text === reply ? 'reply' : 'note',
      });
    } else await api.remove(`/conversations/${id}/draft`);
    if (draft(id).edited_at !== now.edited_at) return;
    put(id, { ...draft(id), saved: 'server' });
    keepHere(id);
  } catch {
    if (draft(id).edited_at === now.edited_at) put(id, { ...draft(id), saved: 'failed' });
  }
}

/** The server's copy has one text, and neither files nor recipients. */
function isOnServer(one: LocalDraft): boolean {
  const is_plain = one.attachments.length === 0 && (one.to === null || !one.reply.trim());
  return isEmpty(one) || (one.saved === 'server' && is_plain && !(one.reply.trim() && one.note.trim()));
}

/** Saves what was typed in the last seconds; says how many drafts the server does not have as they are here. */
export async function settleDrafts(): Promise<number> {
  const end = ':server';
  const late = [...timers.keys()].flatMap((name) => (name.endsWith(end) ? [name.slice(0, -end.length)] : []));
  timers.forEach((timer) => clearTimeout(timer));
  timers.clear();
  late.forEach(keepHere);
  await Promise.all(late.map(keepOnServer));
  const ids = new Set([...drafts.keys(), ...keptDrafts(me()?.id ?? '')]);
  return [...ids].filter((id) => !isOnServer(draft(id))).length;
}

/** The server's copy (typed on another machine) is used when it is newer than what this browser has. */
export function adoptServerDraft(id: Id, theirs: Draft | null) {
  const mine = draft(id);
  if (!theirs?.text) return;
  const { was_exposed } = theirs;
  if (was_exposed && mine[theirs.kind] === theirs.text) put(id, { ...mine, was_exposed });
  if (!isEmpty(mine) && mine.edited_at >= theirs.updated_at) return;
  if (mine[theirs.kind] === theirs.text) return;
  if (mine.edited_at > theirs.updated_at) return; // cleared here after that copy was made
  const { kind, text, updated_at } = theirs;
  put(id, { ...mine, kind, [kind]: text, was_exposed, edited_at: updated_at, saved: 'server' });
}

/** After a message was handed to the server's outbox: the text of that kind is no longer a draft. */
export function clearDraft(id: Id, kind: Kind) {
  const now = draft(id);
  const chosen = kind === 'reply' ? nobody : {};
  const quote = kind === 'reply' || now.quote;
  const edited_at = new Date().toISOString();
  put(id, { ...now, ...chosen, [kind]: '', attachments: [], quote, edited_at, saved: 'server' });
  clearTimeout(timers.get(`${id}:here`));
  clearTimeout(timers.get(`${id}:server`));
  keepHere(id);
  void keepOnServer(id);
}

interface Restored {
  chosen: Pick<LocalDraft, 'to' | 'cc' | 'bcc'>;
  text: string;
  attachments: Upload[];
  quote?: boolean;
}

/** Puts a text back that was on its way out; whatever was typed since stays below it. */
export function restoreDraft(id: Id, kind: Kind, what: Restored) {
  const now = draft(id);
  const { text, attachments } = what;
  const typed = now[kind].trim();
  const both = typed && typed !== text.trim() ? `${text}\n\n${typed}` : text;
  const files = [
    ...attachments,
    ...now.attachments.filter((file) => !attachments.some((other) => other.id === file.id)),
  ];
  const { to, cc, bcc } = kind === 'reply' ? what.chosen : now;
  editDraft(id, { kind, [kind]: both, attachments: files, to, cc, bcc, quote: what.quote ?? now.quote });
}

/** What one writes in another tab of this browser is written here too, and what was sent there is no draft here:
 *  neither tab saves an older text over it, nor can it be sent twice. Ends by calling the answer. */
export function followOtherTabs(): () => void {
  const heard = ({ key, newValue }: StorageEvent) => {
    const start = place('');
    const id = key?.startsWith(start) ? key.slice(start.length) : null;
    if (id === null || !drafts.has(id) || timers.has(`${id}:here`)) return; // what is being typed here stays
    drafts.delete(id);
    put(id, newValue === null ? { ...blank, edited_at: new Date().toISOString() } : draft(id));
  };
  window.addEventListener('storage', heard);
  return () => window.removeEventListener('storage', heard);
}

export function forgetDrafts() {
  drafts.clear();
}
