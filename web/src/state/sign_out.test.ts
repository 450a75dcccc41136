import { beforeEach, describe, expect, test } from 'vitest';
import { network, nora, signedIn } from '../test/shop';
import { editDraft, forgetDrafts } from './drafts';
import { keep } from './kept';
import { begunMessage, keepMessage } from './new_message';
import { loadOutgoing, send } from './outgoing';
import { lost_messages, resume, session } from './session';
import { leave, leaving, signOut } from './sign_out';

const kept = () => Object.keys(localStorage).filter((name) => !name.includes('preferences'));
const settle = () => new Promise((done) => setTimeout(done, 5));
const taken = () => [204, null] as [number, unknown];

beforeEach(() => {
  localStorage.clear();
  forgetDrafts();
  leaving.set(null);
  lost_messages.set(0);
  signedIn();
  loadOutgoing();
});

describe('signing out', () => {
  test('saves what was typed a moment ago, and leaves nothing in the browser', async () => {
    const asked = network({ 'PUT /conversations/c1/draft': taken, 'DELETE /session': taken });
    editDraft('c1', { reply: 'Dear Sami' });
    await signOut(false);
    expect(asked.map((one) => one.call)).toEqual(['PUT /conversations/c1/draft', 'DELETE /session']);
    expect(leaving.get()).toBeNull();
    expect(kept()).toEqual([]);
  });
  test('asks first where something is nowhere else, and deletes it only then', async () => {
    const asked = network({ 'PUT /conversations/c1/draft': taken, 'DELETE /session': taken });
    editDraft('c1', { reply: 'for you alone', to: ['lee@x.example'] });
    send('c2', { kind: 'reply', text: 'no network', attachments: [], close: false });
    await settle();
    await signOut(false);
    expect(leaving.get()).toEqual({ everywhere: false, messages: 1, drafts: 1 });
    expect(asked.some((one) => one.call === 'DELETE /session')).toBe(false);
    expect(kept()).toHaveLength(2);
    await leave(false);
    expect(kept()).toEqual([]);
    loadOutgoing();
    send('c2', { kind: 'reply', text: 'under way as the page goes', attachments: [], close: false });
    await settle();
    expect(kept()).toEqual([]);
  });
  test('asks first where a new message was begun', async () => {
    network({ 'DELETE /session': taken });
    const nothing = { key: 'k', channel: null, to: '', subject: '', text: ' ', attachments: [], copies: null };
    expect(keepMessage(nothing)).toBe(false);
    expect(begunMessage()).toBeNull();
    expect(keepMessage({ ...nothing, text: 'Dear Lee' })).toBe(true);
    expect(begunMessage()?.text).toBe('Dear Lee');
    await signOut(false);
    expect(leaving.get()).toEqual({ everywhere: false, messages: 0, drafts: 1 });
    await leave(false);
    expect(kept()).toEqual([]);
  });
  test('that the server did not hear deletes nothing', async () => {
    network({});
    send('c2', { kind: 'reply', text: 'no network', attachments: [], close: false });
    await settle();
    await leave(false);
    expect(kept()).toHaveLength(1);
  });
});

describe('what is left of a session', () => {
  const leave_behind = (user: string) => {
    keep(`answerable.draft.${user}.c1`, { reply: 'x' });
    keep(`answerable.outgoing.${user}`, [{}, {}]);
  };
  test('that has ended elsewhere goes when the page is loaded, and the page says what was lost', async () => {
    leave_behind(nora.id);
    network({ 'GET /session': () => [401, { code: 'not_signed_in' }] });
    await resume();
    expect(session.get().state).toBe('signed_out');
    expect(lost_messages.get()).toBe(2);
    expect(kept()).toEqual([]);
  });
  test('of somebody else goes when another person comes in, and one’s own stays', async () => {
    leave_behind(nora.id);
    leave_behind('u-other');
    const found = session.get();
    network({ 'GET /session': () => [200, found.state === 'in' ? found.session : null] });
    await resume();
    expect(kept().toSorted()).toEqual([`answerable.draft.${nora.id}.c1`, `answerable.outgoing.${nora.id}`]);
  });
  test('stays while the server cannot be reached', async () => {
    leave_behind(nora.id);
    network({});
    await resume();
    expect(kept()).toHaveLength(2);
  });
});
