import { beforeEach, describe, expect, test } from 'vitest';
import { applyEvents } from '../live/apply';
import { event, item, message, network, nora, signedIn } from '../test/shop';
import { belongs, forgetLists, freeze, list, listKey, openList, thaw, type Filter } from './lists';
import { acceptItem, forgetRows, patchRow, row } from './rows';

const mine: Filter = { view: 'mine' };
const key = listKey(mine);
const at = (minute: number) => `2026-11-24T10:${String(minute).padStart(2, '0')}:00.000Z`;

function serve(items: ReturnType<typeof item>[], next_cursor: string | null = null, seq = 10) {
  network({
    'GET /conversations': () => [200, { items, total: items.length, total_is_exact: true, next_cursor, seq }],
    'GET /conversations/counts': () => [200, { mine: 2, unassigned: 0, all: 2, snoozed: 0, closed: 0 }],
  });
}

beforeEach(async () => {
  forgetRows();
  forgetLists();
  thaw();
  signedIn();
  serve([item('b', { last_message_at: at(20) }), item('a', { last_message_at: at(10) })]);
  await openList(mine);
});

describe('a list', () => {
  test('moves a conversation to the top when somebody writes in it', () => {
    applyEvents([event(11, { conversation: item('a', { last_message_at: at(30), version: 2 }) })]);
    expect(list(key)?.shown).toEqual(['a', 'b']);
  });
  test('loses a conversation that no longer belongs to it', () => {
    applyEvents([event(11, { conversation: item('b', { status: 'closed', last_message_at: at(20), version: 2 }) })]);
    expect(list(key)?.shown).toEqual(['a']);
    expect(list(key)?.total).toBe(1);
  });
  test('keeps its order while it is frozen, counts what changed, and catches up after', () => {
    freeze();
    applyEvents([event(11, { conversation: item('a', { last_message_at: at(30), version: 2, preview: 'new' }) })]);
    expect(list(key)?.shown).toEqual(['b', 'a']);
    expect(list(key)?.held).toBe(1);
    expect(row('a')?.preview).toBe('new');
    thaw();
    expect(list(key)?.shown).toEqual(['a', 'b']);
    expect(list(key)?.held).toBe(0);
  });
  test("shows the agent's own act at once, frozen or not", () => {
    freeze();
    patchRow('b', { status: 'closed' });
    expect(list(key)?.shown).toEqual(['a']);
  });
  test('loses a conversation that was joined to another, frozen or not, and older news does not bring it back', () => {
    freeze();
    applyEvents([
      event(11, { kind: 'conversation_joined', conversation_id: 'b', message: message('m', 'a') }),
      event(12, { conversation: item('a', { last_message_at: at(10), version: 2, message_count: 2 }) }),
    ]);
    expect(list(key)?.shown).toEqual(['a']);
    expect(list(key)?.total).toBe(1);
    expect(acceptItem(item('b', { version: 9 }), 10)).toBe(false);
    expect(row('b')).toBeUndefined();
  });
  test('does not take up a conversation older than the page that is loaded', async () => {
    forgetLists();
    serve([item('b', { last_message_at: at(20) })], 'more');
    await openList(mine);
    applyEvents([event(12, { conversation: item('old', { last_message_at: at(1), version: 2 }) })]);
    expect(list(key)?.shown).toEqual(['b']);
  });
  test('after events equals a list fetched afresh', async () => {
    const changes = [
      item('c', { last_message_at: at(25), version: 2 }),
      item('a', { last_message_at: at(40), version: 2 }),
      item('b', { assignee: null, last_message_at: at(20), version: 2 }),
      item('c', { last_message_at: at(50), version: 3 }),
    ];
    applyEvents(changes.map((conversation, index) => event(11 + index, { conversation })));
    const lived = list(key)?.shown;
    forgetRows();
    forgetLists();
    serve([changes[3]!, changes[1]!], null, 14);
    await openList(mine);
    expect(lived).toEqual(list(key)?.shown);
  });
});

describe('a row', () => {
  test('ignores news older than what it knows', () => {
    acceptItem(item('a', { subject: 'new', version: 5 }), 20);
    acceptItem(item('a', { subject: 'old', version: 4 }), 19);
    expect(row('a')?.subject).toBe('new');
  });
  test('shows a pending change and rolls it back when it is refused', () => {
    const end = patchRow('a', { tags: ['vip'] });
    expect(row('a')).toMatchObject({ tags: ['vip'], pending: true });
    end();
    expect(row('a')).toMatchObject({ tags: [], pending: false });
  });
});

describe('belonging to a view', () => {
  test('follows status and assignee', () => {
    expect(belongs(mine, item('x'), nora.id)).toBe(true);
    expect(belongs(mine, item('x', { status: 'closed' }), nora.id)).toBe(false);
    expect(belongs({ view: 'unassigned' }, item('x', { assignee: null }), nora.id)).toBe(true);
    expect(belongs({ view: 'all', assignee: 'none' }, item('x'), nora.id)).toBe(false);
    expect(belongs({ view: 'all', tag: 'vip' }, item('x', { tags: ['vip'] }), nora.id)).toBe(true);
  });
});
