// Hostile mail for hostile_mail.test.mjs. Written by hand in hostile/*.txt: "== name", then the HTML; and made by
// crossing lists: hostile/*.lists holds "[list]" heads and one entry a line, made() says what is crossed with what.
// In all of them {run} is script that reports itself, {url} an address that does.
import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('hostile/', import.meta.url);
const read = (name) => readFileSync(new URL(name, folder), 'utf8');

function written(name) {
  const parts = read(name)
    .split(/^== (.+)\n/m)
    .slice(1);
  const cases = [];
  for (let i = 0; i < parts.length; i += 2)
    cases.push({ name: `${name} ${parts[i]}`, html: parts[i + 1].replace(/\n$/, '') });
  return cases;
}

function lists(name) {
  const parts = read(name)
    .split(/^\[(.+)\]\n/m)
    .slice(1);
  const all = {};
  for (let i = 0; i < parts.length; i += 2) all[parts[i]] = parts[i + 1].split('\n').filter((line) => line);
  return all;
}

// {} in a frame of the first list is where an entry of the second goes; \xHH stands for that byte.
function crossed(kind, frames, fillings) {
  const filled = (frame, filling) => ({
    name: `${kind} ${frame} × ${filling}`,
    html: frame.replaceAll('{}', () => filling),
  });
  return frames.flatMap((frame) => fillings.map((filling) => filled(frame, filling)));
}

function made() {
  const { handlers, elements, runners, wrappers, schemes, addresses } = lists('markup.lists');
  const { styles, carriers, sheets, spellings, boxes, box_carriers } = lists('styles.lists');
  const spelled = styles.slice(0, 6).flatMap((style) => spellings.map((s) => respell(style, s)));
  return [
    ...crossed('handler', elements, handlers),
    ...crossed('runner', wrappers, runners),
    ...crossed('address', addresses, schemes),
    ...crossed('style', carriers, styles),
    ...crossed('sheet', sheets, styles),
    ...crossed('spelling', [carriers[0], sheets[0]], spelled),
    ...crossed('box', box_carriers, boxes),
  ];
}

// "url → \75rl" writes that word of the style in that way.
function respell(style, spelling) {
  const [from, to] = spelling.split(' → ');
  return style.replaceAll(from, () => to);
}

const bytes = (html) => html.replace(/\\x([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Every case once: {name, html}. */
export function hostileCases() {
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  const all = [...files.flatMap(written), ...made()];
  const unique = new Map(all.map((one) => [one.html, { name: one.name, html: bytes(one.html) }]));
  return [...unique.values()];
}
