import { expect, test } from 'vitest';
import type { Message } from '../api/types';
import type { ThreadState } from '../state/threads';
import type { Row } from '../state/rows';
import { item, message } from '../test/shop';
import { draft } from '../state/drafts';
import { alsoWrittenTo, copiesOf, isToThirdParties, recipientOf, recipientsOf } from './recipient';

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

const own = ['help@shop.example'];
const at = (time: string) => ({ created_at: `2026-11-24T${time}:00.000Z` });
const ann = from('ann@x.example', {
  to: ['Help+tag@shop.example', 'tom@x.example'],
  cc: ['rosa@x.example', 'ANN@x.example'],
  ...at('10:00'),
});

test('those in copy stay in copy, without ourselves and who wrote', () => {
  expect(copiesOf('ann@x.example', thread(ann), own)).toEqual(['tom@x.example', 'rosa@x.example']);
  const alone = from('ann@x.example', { to: ['help@shop.example'], ...at('11:00') });
  expect(copiesOf('ann@x.example', thread(ann, alone), own)).toEqual([]);
});

test('what we have chosen since stands until the customer writes again', () => {
  const ours = message('o', 'c', {
    direction: 'outbound',
    to: ['ann@x.example'],
    cc: ['lea@x.example'],
    bcc: ['boss@x.example'],
    ...at('10:30'),
  });
  expect(copiesOf('ann@x.example', thread(ann, ours), own)).toEqual(['lea@x.example']);
  expect(alsoWrittenTo('ann@x.example', thread(ann, ours), own)).toHaveLength(2);
  expect(copiesOf('ann@x.example', thread(ann, { ...ours, state: 'cancelled' }), own)).toHaveLength(2);
  expect(copiesOf('ann@x.example', thread(ours, { ...ann, ...at('12:00') }), own)).toHaveLength(2);
});

test('a reply goes past third parties, unless one says so', () => {
  const forward = message('f', 'c', {
    direction: 'outbound',
    to: ['maker@y.example'],
    third_party: true,
    ...at('10:30'),
  });
  const answer = from('maker@y.example', { third_party: true, to: ['help@shop.example'], ...at('10:40') });
  const all = thread(ann, forward, answer);
  const blank = draft('c');
  const usual = recipientsOf(conversation, all, own, blank);
  expect(usual).toEqual({ to: ['ann@x.example'], cc: ['tom@x.example', 'rosa@x.example'], bcc: [] });
  expect(isToThirdParties(usual, all, conversation)).toBe(false);
  const chosen = recipientsOf(conversation, all, own, { ...blank, to: ['maker@y.example'] });
  expect(chosen).toEqual({ to: ['maker@y.example'], cc: [], bcc: [] });
  expect(isToThirdParties(chosen, all, conversation)).toBe(true);
  expect(isToThirdParties({ ...chosen, cc: ['ann@x.example'] }, all, conversation)).toBe(false);
});
