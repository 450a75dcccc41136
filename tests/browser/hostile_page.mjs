// Puts sanitised mail into a page that protects itself with nothing, neither policy nor sandbox, and says what it does
// there: script that runs, requests, elements and styles that must not be, marks outside of its own box.
import { createServer } from 'node:http';
import { openPage } from './browser.mjs';

const style =
  'body{margin:0;background:#fff;color:#000}.own{height:40px;font:20px sans-serif;color:#fff}' +
  '.mail{margin:30px 150px;width:500px}';

/** A web server that keeps the paths it was asked for, but for the one page that it was told to show. */
export async function startStranger() {
  const asked = [];
  let page = '';
  const html = { 'content-type': 'text/html' };
  const server = createServer((request, response) => {
    if (request.url === '/page') return void response.writeHead(200, html).end(page);
    if (request.url !== '/favicon.ico') asked.push(request.url);
    response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url, asked, show: (html) => (page = html), stop };
}

/** `mails`: {name, number, html_safe}, where script and addresses report the number. Gives the list of what went wrong,
 *  empty for harmless mail. `doctype` chooses between the two ways in which browsers lay out; `pixels` looks at what is
 *  painted, too. */
export async function misdeeds(browser, stranger, mails, { doctype = '<!doctype html>', pixels = false } = {}) {
  const found = [];
  const named = (number) => mails.find((mail) => String(mail.number) === String(number))?.name ?? number;
  const page = await openPage(browser, { viewport: { width: 800, height: 2000 } });
  await page.exposeFunction('hit', (what) => found.push(`ran: ${named(what)}`));
  page.on('dialog', (dialog) => void (found.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  const isOwn = (request) => [`${stranger.url}/page`, `${stranger.url}/favicon.ico`].includes(request.url());
  page.on('request', (request) => isOwn(request) || found.push(`asked: ${request.url()}`));
  page.on('popup', (popup) => found.push(`opened: ${popup.url()}`));
  const boxes = mails.map(
    ({ html_safe }, i) => `<div class="own">ours</div><div class="mail" data-i="${i}">${html_safe}</div>`,
  );
  stranger.show(
    `${doctype}<meta charset=utf-8><style>${style}</style>${boxes.join('\n')}<div class="own">ours</div>` +
      '<script>for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => hit(name)</script>',
  );
  await page.goto(`${stranger.url}/page`);
  for (const { i, what } of await page.evaluate(lookForHarm, mails.length)) found.push(`${what}: ${mails[i]?.name}`);
  if (pixels) for (const i of await paintedOutside(page)) found.push(`painted outside: ${mails[i]?.name}`);
  found.push(...stranger.asked.splice(0).map((path) => `asked: ${named(path.slice(1))}`));
  await page.context().close();
  return found;
}

// Runs in the page.
function lookForHarm(count) {
  const words = (text) => new Set(text.split(' '));
  const elements = words(
    'a abbr b big blockquote br caption center cite code col colgroup dd del dfn dir div dl dt em font h1 h2 h3 h4 ' +
      'h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th ' +
      'thead tr tt u ul var wbr',
  );
  const attributes = words(
    'href rel target data-remote-src data-cid alt width height align valign bgcolor color face size border ' +
      'cellpadding cellspacing colspan rowspan span start type dir lang style',
  );
  const must = {
    position: 'static',
    transform: 'none',
    translate: 'none',
    scale: 'none',
    rotate: 'none',
    zoom: '1',
    zIndex: 'auto',
    filter: 'none',
    backdropFilter: 'none',
    backgroundImage: 'none',
    backgroundAttachment: 'scroll',
    clipPath: 'none',
    listStyleImage: 'none',
    borderImageSource: 'none',
    maskImage: 'none',
    animationName: 'none',
    opacity: '1',
    content: 'normal',
    boxShadow: 'none',
    textShadow: 'none',
    outlineStyle: 'none',
    offsetPath: 'none',
    shapeOutside: 'none',
    writingMode: 'horizontal-tb',
    pointerEvents: 'auto',
    visibility: 'visible',
    columnCount: 'auto',
  };
  const found = [];
  const boxes = [...document.querySelectorAll('body > .mail')];
  const own = [...document.querySelectorAll('body > .own')];
  if (boxes.length !== count || own.length !== count + 1)
    found.push({ i: -1, what: `${boxes.length} boxes of ${count}` });
  boxes.forEach((box, i) => {
    if (box.dataset.i !== String(i)) found.push({ i, what: 'box is another' });
    if (box.childNodes.length > 1) found.push({ i, what: 'more than one box' });
    for (const node of box.querySelectorAll('*')) {
      const tag = node.localName;
      if (!elements.has(tag) || node.namespaceURI !== document.body.namespaceURI) found.push({ i, what: `<${tag}>` });
      for (const { name } of node.attributes) if (!attributes.has(name)) found.push({ i, what: `attribute ${name}` });
      if (node.href && !/^(https?|mailto|tel):$/.test(node.protocol)) found.push({ i, what: `link ${node.href}` });
      const computed = getComputedStyle(node);
      for (const [name, value] of Object.entries(must))
        if (computed[name] !== value) found.push({ i, what: `${name} ${computed[name]}` });
      for (const name of ['marginTop', 'marginLeft', 'marginRight', 'marginBottom', 'textIndent', 'letterSpacing'])
        if (node.style[name].startsWith('-')) found.push({ i, what: `${name} ${node.style[name]}` });
    }
  });
  own.forEach((node, i) => {
    node.scrollIntoView({ block: 'center' });
    const { left, right, top, bottom } = node.getBoundingClientRect();
    for (const x of [left + 2, (left + right) / 2, right - 2])
      if (document.elementFromPoint(x, (top + bottom) / 2) !== node)
        found.push({ i: Math.max(0, i - 1), what: 'covers ours' });
  });
  if (document.documentElement.scrollWidth > innerWidth) found.push({ i: 0, what: 'page is wider, one of batch of' });
  scrollTo(0, 0);
  return found;
}

// The numbers of the boxes next to which something is painted: our own page is white there.
async function paintedOutside(page) {
  const rects = await page.evaluate(() =>
    [...document.querySelectorAll('body > .mail')].map((box) => {
      const { left, top, right, bottom } = box.getBoundingClientRect();
      return { left, top: top + scrollY, right, bottom: bottom + scrollY };
    }),
  );
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const reader = await page.context().newPage();
  const guilty = new Set();
  for (let y = 0; y < height; y += 2000) {
    await page.evaluate((to) => scrollTo(0, to), y);
    const at = await page.evaluate(() => scrollY);
    const png = (await page.screenshot()).toString('base64');
    for (const i of await reader.evaluate(readPixels, { png, rects, at })) guilty.add(i);
  }
  return [...guilty];
}

// Runs in a page of its own.
async function readPixels({ png, rects, at }) {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  canvas.fillStyle = '#fff';
  for (const { left, top, right, bottom } of rects) {
    const [x, y] = [Math.floor(left), Math.floor(top) - at];
    canvas.fillRect(x, y, Math.ceil(right) - x, Math.ceil(bottom) - at - y);
  }
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const guilty = new Set();
  const nearest = (y) => {
    const past = rects.findIndex(({ bottom }) => bottom + 30 > y);
    return past < 0 ? rects.length - 1 : past;
  };
  // White is 255 throughout, and one search for anything else is a hundred times as fast as a loop over the pixels.
  const bytes = new TextDecoder('latin1').decode(data);
  for (const { index } of bytes.matchAll(/[^\xff]/g)) guilty.add(nearest(at + Math.floor(index / 4 / image.width)));
  return [...guilty];
}
