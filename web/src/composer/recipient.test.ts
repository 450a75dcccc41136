import { expect, test } from 'vitest';
import type { Message } from '../api/types';
import type { ThreadState } from '../state/threads';
import type { Row } from '../state/rows';
import { item, message } from '../test/shop';
import { recipientOf } from './recipient';

const conversation = item('c') as Row;
const thread = (...messages: Message[]) => ({ messages }) as ThreadState;
const from = (address: string, patch: Partial<Message> = {}) =>
  message(address, 'c', {
    from_address: address,
    author: { kind: 'contact', id: 'p', name: `Name of ${address}` },
    ...patch,
  });

test('who wrote last is answered, robots and colleagues aside', () => {
  const answered = thread(
    from('ann@x.example'),
    from('ben@x.example'),
    from('robot@x.example', { auto_submitted: true }),
    message('ours', 'c', { direction: 'outbound' }),
  );
  expect(recipientOf(conversation, answered)).toEqual({ name: 'Name of ben@x.example', address: 'ben@x.example' });
});

test('before anybody has written by mail it is the contact', () => {
  const { address } = recipientOf(conversation, thread(message('ours', 'c', { direction: 'outbound' })));
  expect(address).toBe(conversation.contact.address);
  expect(recipientOf(conversation, undefined).address).toBe(conversation.contact.address);
});
