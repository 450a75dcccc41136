// The ordered lists. A list is what has been loaded, kept right by events; what is *shown* may lag behind on purpose:
// while the agent points into the list or has just pressed a key, rows do not move ("4 changed, show").
import { api, ApiError, query } from '../api/client';
import type { ConversationItem, Counts, Id, Page, View } from '../api/types';
import { cell, changed, together, useKeyed } from './keyed';
import { acceptItem, row, watchRows, type Row } from './rows';
import { me } from './session';

export interface Filter {
  view: View;
  channel?: Id | undefined;
  assignee?: Id | 'none' | undefined;
  tag?: string | undefined;
}

export interface ListState {
  filter: Filter;
  ids: Id[];
  shown: Id[];
  held: number;
  total: number;
  cursor: string | null;
  state: 'loading' | 'ready' | 'failed';
  loading_more: boolean;
  error: ApiError | null;
}

const page_size = 100;
const lists = new Map<string, ListState>();
const held = new Map<string, Set<Id>>();
let frozen = false;
export const counts = cell<Counts | null>('counts', null);

export function listKey(filter: Filter): string {
  return [filter.view, filter.channel ?? '', filter.assignee ?? '', filter.tag ?? ''].join('|');
}

function isPlain(filter: Filter): boolean {
  return !filter.channel && !filter.assignee && !filter.tag;
}

export function belongs(filter: Filter, item: ConversationItem, my_id: Id | undefined): boolean {
  if (filter.channel && item.channel.id !== filter.channel) return false;
  if (filter.tag && !item.tags.includes(filter.tag)) return false;
  if (filter.assignee === 'none' && item.assignee) return false;
  if (filter.assignee && filter.assignee !== 'none' && item.assignee?.id !== filter.assignee) return false;
  if (filter.view === 'all') return true;
  if (filter.view === 'mine') return item.status === 'open' && item.assignee?.id === my_id;
  if (filter.view === 'unassigned') return item.status === 'open' && !item.assignee;
  return item.status === filter.view;
}

function newestFirst(a: Id, b: Id): number {
  const x = row(a);
  const y = row(b);
  if (!x || !y) return 0;
  if (x.last_message_at !== y.last_message_at) return x.last_message_at < y.last_message_at ? 1 : -1;
  return a < b ? 1 : -1;
}

function put(key: string, patch: Partial<ListState>) {
  const old = lists.get(key);
  if (!old) return;
  lists.set(key, { ...old, ...patch });
  changed(`list:${key}`);
}

export function list(key: string): ListState | undefined {
  return lists.get(key);
}

export function useList(key: string): ListState | undefined {
  return useKeyed(`list:${key}`, () => lists.get(key));
}

function placed(ids: Id[], item: Row, within: boolean, partial: boolean): Id[] {
  const at = ids.indexOf(item.id);
  const rest = at < 0 ? ids : ids.toSpliced(at, 1);
  if (!within) return rest;
  let low = 0;
  let high = rest.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (newestFirst(rest[middle]!, item.id) < 0) low = middle + 1;
    else high = middle;
  }
  if (low === rest.length && partial && at < 0) return rest; // older than what is loaded: a later page brings it
  if (low === at) return ids;
  return rest.toSpliced(low, 0, item.id);
}

function see(before: Row | undefined, after: Row | null, mine: boolean) {
  const my_id = me()?.id;
  const item = after ?? before;
  if (!item) return;
  for (const [key, now] of lists) {
    if (now.state !== 'ready') continue;
    const was = before ? belongs(now.filter, before, my_id) : false;
    const is = after ? belongs(now.filter, after, my_id) : false;
    if (!was && !is) continue;
    const tail = now.ids.at(-1);
    if (!before && now.cursor !== null && tail && newestFirst(tail, item.id) < 0) continue; // a later page brings it
    const ids = placed(now.ids, item, is, now.cursor !== null);
    const total = now.total + (is && !was && (before || now.cursor === null) ? 1 : 0) - (was && !is ? 1 : 0);
    if (ids === now.ids && total === now.total) continue;
    const at_once = mine && was !== is;
    if (!frozen) put(key, { ids, shown: ids, total, held: 0 });
    else if (at_once) put(key, { ids, shown: placed(now.shown, item, is, now.cursor !== null), total });
    else {
      const waiting = held.get(key) ?? new Set<Id>();
      held.set(key, waiting.add(item.id));
      put(key, { ids, total, held: waiting.size });
    }
  }
}
watchRows(see);

export function freeze() {
  frozen = true;
}

/** Lets the shown order catch up with the true one. */
export function thaw() {
  frozen = false;
  showHeld();
}

export function showHeld() {
  held.clear();
  together(() => {
    for (const [key, now] of lists) if (now.shown !== now.ids) put(key, { shown: now.ids, held: 0 });
  });
}

function path(filter: Filter, cursor: string | null): string {
  return `/conversations${query({ ...filter, limit: page_size, cursor })}`;
}

const asking = new Map<string, Promise<number | null>>();
const snapshot_seq = new Map<string, number>();

/** Answers with the number of the last event that the list contains, or null when it could not be loaded. */
export function openList(filter: Filter, again = false): Promise<number | null> {
  const key = listKey(filter);
  const old = lists.get(key);
  const running = asking.get(key);
  if (running && !again) return running;
  if (old?.state === 'ready' && !again) return Promise.resolve(snapshot_seq.get(key) ?? null);
  if (!old) {
    const nothing: Id[] = [];
    lists.set(key, {
      filter,
      ids: nothing,
      shown: nothing,
      held: 0,
      total: 0,
      cursor: null,
      state: 'loading',
      loading_more: false,
      error: null,
    });
  } else if (old.state === 'failed') put(key, { state: 'loading', error: null });
  changed(`list:${key}`);
  const answer = ask(key, filter).finally(() => {
    if (asking.get(key) === answer) asking.delete(key);
  });
  asking.set(key, answer);
  return answer;
}

async function ask(key: string, filter: Filter): Promise<number | null> {
  try {
    const page = await api.get<Page<ConversationItem>>(path(filter, null));
    together(() => {
      for (const item of page.items) acceptItem(item, page.seq ?? 0);
      const ids = page.items.map((item) => item.id).sort(newestFirst);
      put(key, { ids, shown: ids, held: 0, total: page.total, cursor: page.next_cursor, state: 'ready', error: null });
    });
    if (page.seq !== undefined) snapshot_seq.set(key, page.seq);
    return page.seq ?? null;
  } catch (error) {
    put(key, { state: lists.get(key)?.ids.length ? 'ready' : 'failed', error: error as ApiError });
    return null;
  }
}

export async function loadMore(key: string): Promise<boolean> {
  const now = lists.get(key);
  if (!now || now.state !== 'ready' || now.cursor === null || now.loading_more) return false;
  const asked = now.cursor;
  put(key, { loading_more: true });
  try {
    const page = await api.get<Page<ConversationItem>>(path(now.filter, asked));
    together(() => {
      for (const item of page.items) acceptItem(item, page.seq ?? 0);
      const current = lists.get(key);
      if (!current || current.cursor !== asked) return;
      const fresh = page.items.map((item) => item.id);
      const ids = joined(current.ids, fresh);
      const shown = current.shown === current.ids ? ids : joined(current.shown, fresh);
      put(key, { ids, shown, total: page.total });
      put(key, { cursor: page.next_cursor });
    });
    return true;
  } catch {
    return false;
  } finally {
    put(key, { loading_more: false });
  }
}

function joined(ids: Id[], fresh: Id[]): Id[] {
  const have = new Set(ids);
  const all = [...ids, ...fresh.filter((id) => !have.has(id))];
  const seam = Math.max(1, ids.length);
  for (let at = seam; at < all.length; at++) if (newestFirst(all[at - 1]!, all[at]!) > 0) return all.sort(newestFirst);
  return all;
}

let counting: ReturnType<typeof setTimeout> | undefined;
export function countSoon() {
  counting ??= setTimeout(() => {
    counting = undefined;
    void countNow();
  }, 400);
}

export async function countNow() {
  const found = await api.get<Counts>('/conversations/counts').catch(() => null);
  if (!found) return;
  together(() => {
    counts.set(found);
    for (const [key, now] of lists) {
      if (isPlain(now.filter) && now.state === 'ready' && now.total !== found[now.filter.view]) {
        put(key, { total: found[now.filter.view] });
      }
    }
  });
}

/** After a gap that events cannot fill: the shown list is asked for afresh, all others are dropped. */
export async function refreshLists(current: string | null) {
  for (const key of lists.keys()) if (key !== current) lists.delete(key);
  const now = current ? lists.get(current) : undefined;
  await Promise.all([now ? openList(now.filter, true) : null, countNow()]);
}

export function forgetLists() {
  lists.clear();
  held.clear();
}
