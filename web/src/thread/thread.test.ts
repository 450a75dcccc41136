import { describe, expect, test } from 'vitest';
import { snippetParts } from '../search/snippet';
import { quotedPart } from './quoted';
import { remoteImages } from './remote_images';
import { snoozeTimes } from './snooze_times';

describe('quoted text', () => {
  test('is counted in lines that are not empty', () => {
    expect(quotedPart('New.\n\nOn Monday:\n> old\n>\n> older', 'New.')).toEqual({ lines: 4 });
  });
  test('is none when everything is new, or nothing is', () => {
    expect(quotedPart('New.', 'New.')).toBeNull();
    expect(quotedPart('> all old', '')).toBeNull();
  });
});

test('pictures on strangers’ servers are counted, attached ones are not', () => {
  expect(remoteImages('<img data-remote-src="https://t.example/x.png"><img data-cid="one@x">')).toBe(1);
});

describe('a search snippet', () => {
  test('becomes text and hits, never markup', () => {
    expect(snippetParts('a &lt;b&gt; <mark>hit</mark> <i>x</i>')).toEqual([
      { text: 'a <b> ', hit: false, at: 0 },
      { text: 'hit', hit: true, at: 18 },
      { text: ' <i>x</i>', hit: false, at: 28 },
    ]);
  });
});

describe('snooze times', () => {
  const names = (at: string) => snoozeTimes(new Date(at)).map((time) => time.name);
  test('offer later today only while today has an evening left', () => {
    expect(names('2026-11-24T10:00:00')).toContain('later_today');
    expect(names('2026-11-24T20:00:00')).not.toContain('later_today');
  });
  test('do not say Monday twice on a Sunday', () => {
    expect(names('2026-11-29T10:00:00')).not.toContain('monday');
  });
});
