// Every conversation this page knows, as the server last said it plus what this agent did and the server has not yet
// confirmed. A pending change is marked as such and falls away (rolls back) when the server refuses it.
import type { ConversationItem, Id } from '../api/types';
import { changed, useKeyed } from './keyed';

export interface Row extends ConversationItem {
  pending: boolean;
}
export type RowPatch = Partial<
  Pick<ConversationItem, 'status' | 'snoozed_until' | 'assignee' | 'tags' | 'unread' | 'subject' | 'suggested_join'>
>;

interface Known {
  item: ConversationItem;
  seq: number;
}
/** `after` is null when the conversation is no more: it was joined to another. */
type Watcher = (before: Row | undefined, after: Row | null, mine: boolean) => void;

const known = new Map<Id, Known>();
const pending = new Map<Id, Map<number, RowPatch>>();
const merged = new Map<Id, Row>();
const watchers = new Set<Watcher>();
const joined = new Map<Id, { into: Id; seq: number }>();
let next_patch = 1;
/** Every channel that a known conversation came by: what agents, who may not read the channels' settings, filter by. */
export const seen_channels = new Map<Id, ConversationItem['channel']>();

export function watchRows(watcher: Watcher): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function row(id: Id): Row | undefined {
  return merged.get(id);
}

export function useRow(id: Id): Row | undefined {
  return useKeyed(`row:${id}`, () => merged.get(id));
}

function merge(id: Id, mine: boolean) {
  const base = known.get(id);
  if (!base) return;
  const before = merged.get(id);
  const patches = [...(pending.get(id)?.values() ?? [])];
  const after: Row = Object.assign({ ...base.item, pending: patches.length > 0 }, ...patches) as Row;
  merged.set(id, after);
  changed(`row:${id}`);
  for (const watcher of watchers) watcher(before, after, mine);
}

/** Takes what the server said at `seq`; older news than what is known is ignored. */
export function acceptItem(item: ConversationItem, seq: number, mine = false): boolean {
  const old = known.get(item.id);
  if ((joined.get(item.id)?.seq ?? -1) >= seq) return false;
  if (old && (old.seq > seq || old.item.version > item.version)) return false;
  known.set(item.id, { item, seq });
  seen_channels.set(item.channel.id, item.channel);
  merge(item.id, mine);
  return true;
}

/** Shows `patch` at once; the returned function ends it, with the server's answer or (undefined) by rolling back. */
export function patchRow(id: Id, patch: RowPatch): (answer?: ConversationItem) => void {
  const number = next_patch++;
  const mine = pending.get(id) ?? new Map<number, RowPatch>();
  mine.set(number, patch);
  pending.set(id, mine);
  merge(id, true);
  return (answer) => {
    mine.delete(number);
    if (mine.size === 0) pending.delete(id);
    const old = known.get(id);
    if (answer && (!old || answer.version >= old.item.version)) known.set(id, { item: answer, seq: old?.seq ?? 0 });
    merge(id, true);
  };
}

/** The conversation is part of another as of `seq`: it leaves every list, and who looks at it is taken there. */
export function noteJoined(id: Id, into: Id, seq: number) {
  const before = merged.get(id);
  joined.set(id, { into, seq });
  known.delete(id);
  pending.delete(id);
  merged.delete(id);
  changed(`row:${id}`);
  if (before) for (const watcher of watchers) watcher(before, null, true);
}

/** It was taken from who sees only what is assigned to them: it leaves every list. */
export function noteGone(id: Id) {
  const before = merged.get(id);
  known.delete(id);
  pending.delete(id);
  merged.delete(id);
  changed(`row:${id}`);
  if (before) for (const watcher of watchers) watcher(before, null, false);
}

/** What the conversation is part of now, when it was joined to another while this page was open. */
export function useJoinedInto(id: Id): Id | undefined {
  return useKeyed(`row:${id}`, () => joined.get(id)?.into);
}

export function forgetRows() {
  joined.clear();
  known.clear();
  pending.clear();
  merged.clear();
}
