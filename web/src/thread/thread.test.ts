import { describe, expect, test } from 'vitest';
import { snippetParts } from '../search/snippet';
import { mailDocument, remoteImages } from './mail_document';
import { quotedPart } from './quoted';
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

describe('a formatted mail', () => {
  const html =
    '<p style="color:red">Hi > there</p><img data-remote-src="https://t.example/x.png" alt="a"><img src="cid:one@x">';
  const files = [
    {
      id: 'f',
      filename: 'a.png',
      content_type: 'image/png',
      size: 1,
      inline: true,
      content_id: '<one@x>',
      url: '/api/v1/attachments/f',
    },
  ];
  test('fetches nothing remote until it is asked to', () => {
    const page = mailDocument(html, files, false, '/s.css');
    expect(remoteImages(html)).toBe(1);
    expect(page).not.toContain(' src="https://');
    expect(page).toContain("img-src 'self' data:;");
    expect(mailDocument(html, files, true, '/s.css')).toContain(' src="https://t.example/x.png"');
  });
  test('shows the pictures that came with it', () => {
    expect(mailDocument(html, files, false, '/s.css')).toContain('src="/api/v1/attachments/f"');
  });
  test('carries no style attribute for the policy to refuse', () => {
    expect(mailDocument(html, files, false, '/s.css')).not.toMatch(/ style=/);
  });
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
