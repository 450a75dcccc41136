import { describe, expect, test } from 'vitest';
import { commands, type Command } from './commands';
import { isTextField, keyName } from './listen';
import { fit } from './match';

describe('the commands', () => {
  test("have no key in common, and none begins another's sequence", () => {
    const keys = (commands as readonly Command[]).flatMap((known) => known.keys);
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(keys.filter((other) => other.startsWith(`${key} `))).toEqual([]);
  });
  test('never need Alt', () => {
    expect(
      (commands as readonly Command[]).flatMap((known) => known.keys).filter((key) => /alt|option/i.test(key)),
    ).toEqual([]);
  });
});

describe('a key press', () => {
  test('is named as the registry names it', () => {
    expect(keyName(new KeyboardEvent('keydown', { key: 'J', shiftKey: true }))).toBe('j');
    expect(keyName(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, shiftKey: true }))).toBe(
      'Mod+Shift+Enter',
    );
    expect(keyName(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }))).toBe('Mod+K');
  });
  test('belongs to the text field that it falls into', () => {
    expect(isTextField(document.createElement('textarea'))).toBe(true);
    expect(isTextField(Object.assign(document.createElement('input'), { type: 'checkbox' }))).toBe(false);
  });
});

describe('the palette', () => {
  test('finds by the start of a word, whatever the accents', () => {
    expect(fit('reper', 'Aller à : Repères')).toBeGreaterThan(fit('eper', 'Aller à : Repères'));
    expect(fit('zzz', 'Reply')).toBe(0);
  });
});
