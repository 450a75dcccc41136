import { expect, test } from 'vitest';
import { addressesOf, addressProblem, isOwn, withAddresses } from './addresses';

test('addresses are read however they are separated, with or without names', () => {
  expect(addressesOf(' a@x.example, b@x.example;c@x.example d@x.example\n')).toEqual([
    'a@x.example',
    'b@x.example',
    'c@x.example',
    'd@x.example',
  ]);
  expect(addressesOf('"Berg, Anna" <anna@x.example>, Ben <ben@x.example>')).toEqual([
    'anna@x.example',
    'ben@x.example',
  ]);
  expect(addressesOf('')).toEqual([]);
});

test('what is no address, and what is ours, is told apart', () => {
  expect(addressProblem('bob', [])).toBe('recipients.wrong');
  expect(addressProblem('bob@x.example', ['help@shop.example'])).toBeNull();
  expect(addressProblem('Help@shop.example', ['help@shop.example'])).toBe('recipients.own');
  expect(isOwn(['help@shop.example'], 'help+token@shop.example')).toBe(true);
  expect(isOwn(['help@shop.example'], 'help@other.example')).toBe(false);
});

test('an address is there once, however it is written', () => {
  expect(withAddresses(['a@x.example'], ['A@x.example', 'b@x.example'])).toEqual(['a@x.example', 'b@x.example']);
});
