import { expect, test } from 'vitest';
import { addressesOf, wrongAddress } from './cc';

test('a line of addresses is read however they are separated', () => {
  expect(addressesOf(' a@x.example, b@x.example;c@x.example ')).toEqual(['a@x.example', 'b@x.example', 'c@x.example']);
  expect(addressesOf(null)).toEqual([]);
});
test('the first that is no address is named', () => {
  expect(wrongAddress('a@x.example, bob, eve')).toBe('bob');
  expect(wrongAddress('a@x.example')).toBeUndefined();
});
