import { expect, test } from 'vitest';
import { item, message, signedIn } from '../test/shop';
import { acceptMessage, acceptSeen, acceptSnapshot, forgetThreads, thread } from './threads';

test('what the contact has seen is the last message to it, and stays there when another is written', () => {
  signedIn();
  forgetThreads();
  const outbound = (id: string, minute: number) =>
    message(id, 'c', { direction: 'outbound', state: 'sent', created_at: `2026-11-24T10:0${minute}:00.000Z` });
  acceptSeen('unknown', '2026-11-24T10:03:00.000Z');
  expect(thread('unknown')).toBeUndefined();
  acceptSnapshot({
    ...item('c'),
    messages: [outbound('m1', 1), outbound('m2', 2), message('m3', 'c', { created_at: '2026-11-24T10:02:30.000Z' })],
    next_cursor: null,
    total_messages: 3,
    viewers: [],
    draft: null,
    drafts_of_others: [],
    created_at: '2026-11-24T09:00:00.000Z',
    seq: 10,
  });
  acceptSeen('c', '2026-11-24T10:03:00.000Z');
  acceptMessage(outbound('m4', 4), 11);
  expect(thread('c')?.seen).toEqual({ message: 'm2', at: '2026-11-24T10:03:00.000Z' });
});
