import { expect, test } from 'vitest';
import { cutAtMarks, freeName, withMarks, withoutMark } from './pictures';

test('a name that is taken gets a number before its ending', () => {
  expect(freeName('image.png', [])).toBe('image.png');
  expect(freeName('image.png', ['image.png', 'image-2.png'])).toBe('image-3.png');
  expect(freeName('image', ['image'])).toBe('image-2');
  expect(freeName('.png', ['.png'])).toBe('.png-2');
});

test('a mark is put where one writes, apart from the words around it', () => {
  expect(withMarks('Hello', 5, 5, ['a.png'])).toEqual({ text: 'Hello [a.png]', caret: 13 });
  expect(withMarks('one two', 3, 3, ['a.png', 'b.png'])).toEqual({ text: 'one [a.png] [b.png] two', caret: 19 });
  expect(withMarks('one two', 0, 3, ['a.png'])).toEqual({ text: '[a.png] two', caret: 7 });
});

test('a picture that is taken away leaves the text as it was', () => {
  expect(withoutMark('one [a.png] two', 'a.png')).toBe('one two');
  expect(withoutMark('[a.png]', 'a.png')).toBe('');
});

test('a text is cut at the names of its pictures, whatever stands in them', () => {
  expect(cutAtMarks('a [x.png] b', ['x.png'])).toEqual(['a ', 'x.png', ' b']);
  expect(cutAtMarks('a [xxpng] [y]', ['x.png'])).toEqual(['a [xxpng] [y]']);
  expect(cutAtMarks('[a(1)].png]', ['a(1)].png'])).toEqual(['', 'a(1)].png', '']);
  expect(cutAtMarks('a', [])).toEqual(['a']);
});
