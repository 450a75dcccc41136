// A virtualised listbox. The active row is always mounted, for aria-activedescendant must never point at nothing.
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState } from 'react';
import { go, openConversation, route, withConversation } from '../app/route';
import { t } from '../i18n/t';
import { useCommands } from '../keys/commands';
import { last_key_at } from '../keys/listen';
import { freeze, loadMore, list as listNow, thaw, type ListState } from '../state/lists';
import { preferences, type Density } from '../state/preferences';
import { openThread } from '../state/threads';
import { classes } from '../ui/classes';
import { ConversationRow } from './ConversationRow';
import { isStacked } from './stacked';

const heights: Record<Density, number> = { compact: 40, cosy: 76, tall: 98 };
const quiet_ms = 1_000;
const ahead_rows = 60;

/** Rows do not move under a pointer or a hand on the keys. */
function useFreeze(box: React.RefObject<HTMLElement | null>) {
  const inside = useRef(false);
  useEffect(() => {
    const timer = setInterval(() => {
      if (inside.current || Date.now() - last_key_at < quiet_ms) freeze();
      else thaw();
    }, 250);
    const onKey = () => freeze();
    const element = box.current;
    const enter = () => {
      inside.current = true;
      freeze();
    };
    const leave = () => {
      inside.current = false;
    };
    element?.addEventListener('pointerenter', enter);
    element?.addEventListener('pointerleave', leave);
    document.addEventListener('keydown', onKey, true);
    return () => {
      clearInterval(timer);
      element?.removeEventListener('pointerenter', enter);
      element?.removeEventListener('pointerleave', leave);
      document.removeEventListener('keydown', onKey, true);
      thaw();
    };
  }, [box]);
}

/** Asks for page after page until what is looked at has been loaded. */
function useLoading(key: string, last: number, loaded: number, cursor: string | null) {
  const wanted = useRef(0);
  wanted.current = last + ahead_rows;
  const busy = useRef(false);
  useEffect(() => {
    if (busy.current || cursor === null || loaded >= wanted.current) return;
    busy.current = true;
    void (async () => {
      for (;;) {
        const now = listNow(key);
        if (!now || now.cursor === null || now.shown.length >= wanted.current) break;
        if (!(await loadMore(key))) break;
      }
      busy.current = false;
    })();
  }, [key, last, loaded, cursor]);
}

interface Props {
  list: ListState;
  list_key: string;
}

export function ConversationList({ list, list_key }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const now = route.use();
  const open = openConversation(now);
  const { density } = preferences.use();
  const [cursor, setCursor] = useState<string | null>(open);
  const active = open ?? cursor;
  const ids = list.shown;
  const active_index = active ? ids.indexOf(active) : -1;
  const count = list.cursor === null ? ids.length : Math.max(list.total, ids.length);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const rows = defaultRangeExtractor(range);
      return active_index < 0 || rows.includes(active_index) ? rows : [...rows, active_index].sort((a, b) => a - b);
    },
    [active_index],
  );
  // The same functions from render to render, for a new one makes the virtualiser measure all rows again.
  const getScrollElement = useCallback(() => box.current, []);
  const estimateSize = useCallback(() => heights[density], [density]);
  const getItemKey = useCallback((index: number) => ids[index] ?? `later-${index}`, [ids]);
  const virtual = useVirtualizer({
    count,
    getScrollElement,
    estimateSize,
    overscan: 4,
    getItemKey,
    rangeExtractor,
  });
  useEffect(() => virtual.measure(), [density, virtual]);
  useFreeze(box);
  const rows = virtual.getVirtualItems();
  useLoading(list_key, virtual.range?.endIndex ?? 0, ids.length, list.cursor);

  const show = (id: string) => {
    setCursor(id);
    go(withConversation(route.get(), id), open ? 'replace' : 'push');
  };
  const step = (by: number) => {
    const from = active_index < 0 ? (by > 0 ? -1 : ids.length) : active_index;
    const index = Math.min(ids.length - 1, Math.max(0, from + by));
    const id = ids[index];
    if (!id) return;
    virtual.scrollToIndex(index, { align: 'auto' });
    if (isStacked() && !open) setCursor(id);
    else show(id);
    const after = ids[index + Math.sign(by)];
    if (after) setTimeout(() => void openThread(after), 60);
  };
  const enter = () => {
    if (!active) return;
    show(active);
    document.getElementById('thread')?.focus();
  };
  useCommands({ 'list.next': () => step(1), 'list.previous': () => step(-1), 'list.open': active ? enter : undefined });
  const onKeyDown = (event: React.KeyboardEvent) => {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / heights[density]) - 1);
    const moves: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -count,
      End: count,
    };
    const by = moves[event.key];
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  };
  return (
    <div
      ref={box}
      className={classes('rows', 'scrolls', density)}
      role="listbox"
      tabIndex={0}
      aria-label={t('list.conversations')}
      aria-activedescendant={active_index >= 0 ? `row-${active}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className="rows-space" role="presentation" style={{ blockSize: virtual.getTotalSize() }}>
        {rows.map((item) => {
          const id = ids[item.index];
          return id ? (
            <ConversationRow
              key={item.key}
              id={id}
              top={item.start}
              position={item.index + 1}
              size={count}
              is_open={id === open}
              is_active={id === active}
              onOpen={show}
            />
          ) : (
            <div key={item.key} className="row later" aria-hidden style={{ transform: `translateY(${item.start}px)` }}>
              <i />
              <i />
            </div>
          );
        })}
      </div>
    </div>
  );
}
