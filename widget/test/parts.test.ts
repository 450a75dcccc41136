import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { split } from '../src/chat';
import { limits, readFrame } from '../src/protocol';
import { Memory, memoryBox, subjectOf, webBox } from '../src/storage';
import { catalogues, fill, pickLanguage } from '../src/strings';
import { accentCss } from '../src/style';
import { Transcript } from '../src/transcript';
import { uuidv7 } from '../src/uuid';

const at = '2026-01-01T00:00:00Z';
const out = (seq: number, text: string) => ({ seq, direction: 'out' as const, text, at });

test('ids are UUIDs of version 7 and grow, even within a millisecond and when the clock goes back', () => {
  const ids = Array.from({ length: 10_000 }, (_, i) => uuidv7(i < 9_000 ? 1_700_000_000_000 : 1_600_000_000_000));
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, ids.length);
});

test('the script stays under 12 KB with brotli', () => {
  const size = Number(execFileSync('node', ['build.mjs', '--size'], { encoding: 'utf8' }));
  assert.ok(size > 1000 && size < 12 * 1024, `${size} bytes`);
});

test('a message shows once, whether the acceptance or the echo comes first, or both twice', () => {
  for (const order of ['accept echo echo', 'echo accept', 'echo echo accept accept']) {
    const transcript = new Transcript();
    transcript.queue({ client_id: 'a', text: 'hi', attachments: [], at });
    for (const step of order.split(' ')) {
      if (step === 'accept') transcript.accept('a', 4, at);
      else transcript.receive({ seq: 4, direction: 'in', client_id: 'a', text: 'hi', at });
    }
    assert.deepEqual(
      transcript.entries.map(({ seq, text, state, key }) => [seq, text, state, key]),
      [[4, 'hi', 'sent', 'a']],
      order,
    );
  }
});

test('messages stand in the order of their numbers, and what waits stands last', () => {
  const transcript = new Transcript();
  transcript.queue({ client_id: 'w', text: 'waiting', attachments: [], at });
  for (const seq of [3, 1, 2, 3]) transcript.receive(out(seq, `m${seq}`));
  assert.deepEqual(
    transcript.entries.map(({ text }) => text),
    ['m1', 'm2', 'm3', 'waiting'],
  );
  assert.equal(transcript.lastSeq, 3);
});

test('a message that was taken down says nothing, here and in what is kept, and comes back when it is put back', () => {
  const transcript = new Transcript();
  for (const seq of [1, 2, 3]) transcript.receive(out(seq, `m${seq}`));
  transcript.hide(2);
  assert.equal(transcript.hideExactly([2]), false);
  assert.equal(JSON.stringify(transcript.toWire()).includes('m2'), false);
  // Live: the line comes again.
  assert.equal(transcript.receive(out(2, 'm2')), false);
  assert.equal(transcript.entries[1]!.text, 'm2');
  // Put back while we were away: it is asked for again, from before it.
  transcript.hideExactly([2]);
  assert.equal(transcript.hideExactly([]), true);
  assert.equal(transcript.lastSeq, 1);
  for (const seq of [2, 3]) transcript.receive(out(seq, `m${seq}`));
  assert.deepEqual(
    transcript.entries.map(({ text, removed }) => [text, removed]),
    [
      ['m1', false],
      ['m2', false],
      ['m3', false],
    ],
  );
});

test('an acceptance does not move the place to resume from: something before it may be missing', () => {
  const transcript = new Transcript();
  transcript.queue({ client_id: 'a', text: 'hi', attachments: [], at });
  transcript.accept('a', 9, at);
  assert.equal(transcript.lastSeq, 0);
});

test('two tabs keep their unsent messages beside each other', () => {
  const box = memoryBox();
  const [one, two] = [new Memory(box, 'c'), new Memory(box, 'c')];
  one.keep({ client_id: 'b', text: 'from one', attachments: [], at });
  two.keep({ client_id: 'a', text: 'from two', attachments: [], at });
  assert.deepEqual(
    one.unsent.map(({ text }) => text),
    ['from two', 'from one'],
  );
  two.drop('b');
  assert.equal(one.unsent.length, 1);
  assert.equal(new Memory(box, 'other').unsent.length, 0);
});

test('a log of 200 messages is kept, one of 201 is asked for again', () => {
  const memory = new Memory(memoryBox(), 'c');
  const many = Array.from({ length: limits.storedMessages }, (_, i) => out(i + 1, 'x'));
  memory.log = many;
  assert.equal(memory.log.length, limits.storedMessages);
  memory.log = [...many, out(limits.storedMessages + 1, 'x')];
  assert.equal(memory.log.length, 0);
});

test('a storage with rubbish in it, or none at all, is no obstacle', () => {
  const box = memoryBox();
  box.set('answerable.c.log', '{"not": "a list"');
  box.set('answerable.c.unsent.a', '7');
  const memory = new Memory(box, 'c');
  assert.deepEqual([memory.log, memory.unsent, memory.token, memory.draft], [[], [], null, '']);
  const without = webBox('local'); // node has no localStorage: as in a browser that forbids it
  without.set('k', 'v');
  assert.equal(without.get('k'), 'v');
});

test('a text of the greatest length is one message, one more character makes two, and nothing is cut off', () => {
  const longest = 'x'.repeat(limits.textCharacters);
  assert.deepEqual(split(longest, false), [longest]);
  assert.deepEqual(split(longest + 'y', false), [longest, 'y']);
  assert.deepEqual(split('aaa bbb ccc', false, 8), ['aaa bbb ', 'ccc']);
  assert.deepEqual(split('xxx\u{1f600}yy', false, 4), ['xxx', '\u{1f600}yy']);
  assert.deepEqual(split('   ', false), []);
  assert.deepEqual(split('', true), ['']);
});

test('an identity tells whom it speaks for, and a broken one never throws', () => {
  const payload = Buffer.from('{"sub":"42"}').toString('base64url');
  assert.equal(subjectOf(`h.${payload}.s`), '42');
  assert.equal(subjectOf('rubbish'), '?');
  assert.equal(subjectOf(undefined), null);
});

test('every language has every text with the same places to fill', () => {
  const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [language, strings] of Object.entries(catalogues)) {
    for (const [key, text] of Object.entries(catalogues['en']!)) {
      assert.deepEqual(places(strings[key as keyof typeof strings] ?? ''), places(text), `${language} ${key}`);
    }
  }
  assert.equal(pickLanguage(['', null, 'fr-CA', 'en']), 'fr');
  assert.equal(pickLanguage(['tlh', 'AR_eg']), 'ar');
  assert.equal(pickLanguage(['constructor', 'tlh']), 'en');
  assert.equal(fill('{n} of {m}', { n: 0 }), '0 of {m}');
});

test('any colour of a company is readable, and only colours get into the stylesheet', () => {
  for (let i = 0; i < 0x1000000; i += 997) {
    const color = '#' + i.toString(16).padStart(6, '0');
    const text = /--on-accent:(#\w+)/.exec(accentCss(color))![1];
    const channel = (at: number) => {
      const value = parseInt(color.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    };
    const light = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    const contrast = text === '#fff' ? 1.05 / (light + 0.05) : (light + 0.05) / 0.05;
    assert.ok(contrast >= 4.5, `${color} ${contrast}`);
  }
  assert.equal(accentCss('red;}*{display:none'), '');
  assert.equal(accentCss(undefined), '');
});

test('a frame that is not one is no frame', () => {
  for (const data of ['', '{', 'null', '7', '[]', '{"type":"other"}', new ArrayBuffer(3)])
    assert.equal(readFrame(data), null);
  assert.equal(readFrame('{"type":"seen","seq":3}')?.type, 'seen');
});
