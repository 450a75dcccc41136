import { beforeEach, describe, expect, test } from 'vitest';
import { item, message, network, browser_key, nora, signedIn, snapshot } from '../test/shop';
import { clearDraft, draft, editDraft, forgetDrafts } from './drafts';
import { undoLast } from './acts';
import { collision, loadOutgoing, send, sendWaiting, taken_back, undoSend, waiting_count } from './outgoing';
import { acceptItem, forgetRows } from './rows';
import { session } from './session';
import { acceptMessage, acceptSnapshot, forgetThreads, thread } from './threads';
import { toasts } from './toasts';

const id = 'conv';
const mine = {
  direction: 'outbound' as const,
  author: { kind: 'user' as const, id: nora.id, name: nora.name },
  state: 'queued' as const,
  created_at: '2026-11-24T10:05:00.000Z',
};
const settle = () => new Promise((done) => setTimeout(done, 5));

beforeEach(() => {
  localStorage.clear();
  forgetRows();
  forgetThreads();
  forgetDrafts();
  collision.set(null);
  signedIn();
  loadOutgoing();
  acceptItem(item(id), 1);
  acceptSnapshot(snapshot(id));
});

describe('a message that an event has shortened', () => {
  const cut = { is_cut: true, text: 'Long', reply_text: 'Long' };
  const change = (seq: number, patch: object) => acceptMessage(message('m1', id, { ...cut, ...patch }), seq);
  test('keeps the content that this page has, and takes its new state', () => {
    change(11, { state: 'delivered' });
    expect(thread(id)?.messages[0]).toMatchObject({ text: 'm1', state: 'delivered', is_cut: false });
  });
  test('is read whole when this page does not have it', async () => {
    const whole = message('m2', id, { text: 'Long and whole', created_at: '2026-11-24T10:06:00.000Z' });
    network({
      [`GET /conversations/${id}`]: () => [200, { ...snapshot(id), messages: [message('m1', id), whole], seq: 12 }],
    });
    acceptMessage(message('m2', id, cut), 12);
    await settle();
    expect(thread(id)?.messages.map((one) => one.text)).toEqual(['m1', 'Long and whole']);
  });
});

describe('a reply', () => {
  test("replaces its stand-in by the server's message and empties the draft", async () => {
    const asked = network({
      [`POST /conversations/${id}/messages`]: () => [201, message('m2', id, { ...mine, text: 'Hello' })],
      [`DELETE /conversations/${id}/draft`]: () => [204, null],
    });
    editDraft(id, { reply: 'Hello' });
    send(id, { kind: 'reply', text: 'Hello', attachments: [], close: false });
    expect(draft(id).reply).toBe('');
    await settle();
    expect(thread(id)?.messages.map((one) => one.id)).toEqual(['m1', 'm2']);
    expect(asked.find((one) => one.call.startsWith('POST'))?.body).toMatchObject({
      if_last_message: 'm1',
      kind: 'reply',
    });
  });
  test('shows what an event told before the answer to its sending came', async () => {
    network({
      [`POST /conversations/${id}/messages`]: () => {
        acceptMessage(message('m2', id, { ...mine, text: 'Hello', state: 'sent' }), 11);
        return [201, message('m2', id, { ...mine, text: 'Hello' })];
      },
    });
    send(id, { kind: 'reply', text: 'Hello', attachments: [], close: false });
    await settle();
    expect(thread(id)?.messages.at(-1)?.state).toBe('sent');
  });
  test('waits without a connection and goes with the same key when it is back', async () => {
    const keys: (string | null)[] = [];
    const lost = network({});
    send(id, { kind: 'reply', text: 'Hello', attachments: [], close: false });
    await settle();
    expect(waiting_count.get()).toBe(1);
    keys.push(lost.find((one) => one.call.startsWith('POST'))!.headers.get('Idempotency-Key'));
    const back = network({ [`POST /conversations/${id}/messages`]: () => [201, message('m2', id, mine)] });
    sendWaiting();
    await settle();
    keys.push(back[0]!.headers.get('Idempotency-Key'));
    expect(keys[0]).toBeTruthy();
    expect(keys[1]).toBe(keys[0]);
    expect(waiting_count.get()).toBe(0);
  });
  test('survives a reload of the page while it waits', async () => {
    network({});
    send(id, { kind: 'note', text: 'Remember', attachments: [], close: false });
    await settle();
    const asked = network({
      [`POST /conversations/${id}/messages`]: () => [201, message('m2', id, { ...mine, direction: 'note' })],
    });
    loadOutgoing();
    await settle();
    expect(asked[0]?.body).toMatchObject({ text: 'Remember', kind: 'note' });
  });
  test('comes back as a draft when somebody wrote meanwhile', async () => {
    network({
      [`POST /conversations/${id}/messages`]: () => [
        409,
        { code: 'newer_message', status: 409, title: '', detail: '' },
      ],
      [`GET /conversations/${id}`]: () => [200, { ...snapshot(id), seq: 11 }],
    });
    send(id, { kind: 'reply', text: 'Hello', attachments: [], close: false });
    await settle();
    expect(draft(id).reply).toBe('Hello');
    expect(collision.get()).toBe(id);
  });
  test('comes back as a draft when sending is suspended, and the reason is asked for', async () => {
    const suspension = {
      id: 's',
      scope: 'sending' as const,
      cause: 'bill',
      reason: 'The bill is open.',
      since: '2026-11-24T10:00:00.000Z',
      until: null,
      imposed_by: 'operator' as const,
    };
    network({
      [`POST /conversations/${id}/messages`]: () => [403, { code: 'suspended', status: 403, title: '', detail: '' }],
      'GET /session': () => [
        200,
        {
          user: nora,
          workspace: { id: 'w', name: 'Shop', suspension, suspensions: [suspension], mail_addresses: [] },
          browser_key,
          csrf: null,
        },
      ],
    });
    send(id, { kind: 'reply', text: 'Hello', attachments: [], close: false });
    await settle();
    expect(draft(id).reply).toBe('Hello');
    expect(session.get()).toMatchObject({ session: { workspace: { suspension } } });
  });
  test('gives its text back when it is undone, above what was typed since', async () => {
    const asked = network({
      [`POST /conversations/${id}/messages`]: () => [201, message('m2', id, { ...mine, text: 'First' })],
      'POST /messages/m2/undo': () => [200, message('m2', id, { ...mine, text: 'First', state: 'cancelled' })],
    });
    const copies = { to: null, cc: ['b@x.example'], bcc: ['c@x.example'] };
    send(id, { kind: 'reply', text: 'First', attachments: [], close: false, ...copies, chosen: copies });
    await settle();
    expect(asked.find((one) => one.call.startsWith('POST'))?.body).toMatchObject({
      cc: ['b@x.example'],
      bcc: ['c@x.example'],
    });
    expect(draft(id)).toMatchObject({ cc: null, bcc: [] });
    editDraft(id, { reply: 'Second' });
    await undoSend(thread(id)!.messages[1]!);
    expect(draft(id)).toMatchObject({ reply: 'First\n\nSecond', ...copies });
  });
});

describe('the key that undoes the last act', () => {
  const until = '2026-11-24T10:05:10.000Z';
  const sends = (patch: object = {}) => ({
    [`POST /conversations/${id}/messages`]: () =>
      [201, message('m2', id, { ...mine, text: 'Hello', undo_until: until, ...patch })] as [number, unknown],
    'POST /messages/m2/undo': () =>
      [200, message('m2', id, { ...mine, text: 'Hello', state: 'cancelled' })] as [number, unknown],
  });
  const undone = (asked: { call: string }[]) => asked.filter((one) => one.call === 'POST /messages/m2/undo').length;
  beforeEach(() => {
    toasts.set([]);
    taken_back.set(null);
  });
  test('takes back what was just sent, and the page goes to its text', async () => {
    const asked = network(sends());
    send(id, { kind: 'reply', text: 'Hello', attachments: [], close: false });
    await settle();
    expect(toasts.get()).toEqual([]); // the message itself says it
    undoLast();
    await settle();
    expect(undone(asked)).toBe(1);
    expect(draft(id).reply).toBe('Hello');
    expect(taken_back.get()).toBe(id);
  });
  test('does so for a conversation that was closed with it, which is out of sight and says so', async () => {
    const asked = network(sends());
    send(id, { kind: 'reply', text: 'Hello', attachments: [], close: true });
    await settle();
    expect(toasts.get().map((one) => one.text)).toEqual(['Sending, and closed.']);
    toasts.get()[0]!.action!.run();
    await settle();
    expect(undone(asked)).toBe(1);
    expect(toasts.get()).toEqual([]);
  });
  test('does nothing to a message that was taken back where it stands, nor to one that has left', async () => {
    const asked = network(sends());
    send(id, { kind: 'reply', text: 'Hello', attachments: [], close: false });
    await settle();
    await undoSend(thread(id)!.messages[1]!);
    undoLast();
    await settle();
    expect(undone(asked)).toBe(1);
    forgetThreads();
    acceptSnapshot(snapshot(id));
    network(sends({ undo_until: null }));
    send(id, { kind: 'reply', text: 'Hello', attachments: [], close: false });
    await settle();
    undoLast();
    await settle();
    expect(undone(asked)).toBe(1);
  });
});

describe('a message that was passed on', () => {
  test('is no draft to the customer when it is taken back', async () => {
    const forward = message('m3', id, { ...mine, kind: 'forward', text: 'Help?', third_party: true });
    network({ 'POST /messages/m3/undo': () => [200, { ...forward, state: 'cancelled' }] });
    await undoSend(forward);
    expect(draft(id).reply).toBe('');
  });
});

describe('a draft', () => {
  test('keeps note and reply apart', () => {
    editDraft(id, { kind: 'note', note: 'for us' });
    editDraft(id, { kind: 'reply', reply: 'for them' });
    clearDraft(id, 'reply');
    expect(draft(id)).toMatchObject({ note: 'for us', reply: '' });
  });
});
