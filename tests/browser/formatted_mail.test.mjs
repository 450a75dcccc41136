// Mail as its sender formatted it, in the whole program: nothing runs, nothing is fetched before it is asked for.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before } from 'node:test';
import { assertAccessible, looks, picture } from './browser.mjs';
import { openInbox, row, startProgram, testsOfProgram } from './program.mjs';

const pixels = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAICAIAAABPmPnhAAAAFklEQVR42mOsmriSAQdgYsANRqVJlwYAZ7gBnYQ2lIYAAAAASUVORK5CYII=',
  'base64',
);
const requests = [];
const stranger = createServer((request, response) => {
  requests.push(request);
  response.writeHead(200, { 'content-type': 'image/png' }).end(pixels);
});

let browser;
let program;
// The stranger's server is on this machine, which no mail may make us ask unless the operator allows it.
const allowed = { env: { ANSWERABLE_MAIL_PRIVATE_IMAGES: 'true' } };
const test = testsOfProgram(allowed, (...both) => ([browser, program] = both));
before(() => new Promise((resolve) => stranger.listen(0, '127.0.0.1', resolve)));
after(() => {
  stranger.closeAllConnections();
  stranger.close();
});

for (const [look, options] of Object.entries(looks)) {
  test(`a remote image is fetched once it is asked for and not before, and no script runs: ${look}`, async () => {
    requests.length = 0;
    const subject = `Formatted ${look}`;
    const url = `http://127.0.0.1:${stranger.address().port}/open.png?reader=${look}`;
    await program.deliver({
      from: 'Mira <mira@customer.example>',
      subject,
      type: 'text/html',
      text:
        '<h1 style="color:#1f6b3a">Your parcel has left</h1><script>parent.hacked = 1; hacked = 1</script>' +
        `<img src="${url}" onload="parent.hacked = 1" alt="Logo" width="120"><p onclick="parent.hacked = 1">Soon.</p>` +
        `<iframe src="javascript:parent.hacked=1"></iframe><div style="background:url(${url})">There.</div>` +
        '<div style="height:700px">Long.</div>',
    });
    const page = await openInbox(browser, program, 'all', options);
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await row(page, new RegExp(subject)).click();
    await page.getByRole('button', { name: 'As it was formatted' }).click();
    const frame = page.frameLocator('iframe');
    await frame.getByRole('heading', { name: 'Your parcel has left' }).waitFor();
    assert.equal(await frame.locator('h1').evaluate((node) => getComputedStyle(node).color), 'rgb(31, 107, 58)');
    await page.waitForFunction(() => document.querySelector('iframe').clientHeight > 700);
    await assertAccessible(page, `formatted mail, ${look}`);
    await picture(page, `formatted-${look}`);
    await page.waitForLoadState('networkidle');
    assert.equal(requests.length, 0);
    await page.getByRole('button', { name: 'Load images' }).click();
    await page.waitForFunction(() => document.querySelector('iframe').contentDocument?.images[0]?.naturalWidth === 10);
    await picture(page, `formatted-${look}-images`);
    assert.equal(requests.length, 1);
    assert.equal(requests[0].headers.referer, undefined);
    assert.equal(requests[0].headers.cookie, undefined);
    assert.equal(requests[0].headers['user-agent'], 'Answerable-Image-Proxy');
    assert.equal(requests[0].url, `/open.png?reader=${look}`);
    assert.deepEqual(
      asked.filter((one) => !one.startsWith(program.url)),
      [],
      'the browser asks nobody but us',
    );
    assert.equal(await page.getByText('could not be loaded').count(), 0);
    const hacked = () => globalThis.hacked;
    assert.deepEqual(await Promise.all(page.frames().map((one) => one.evaluate(hacked))), [undefined, undefined]);
    assert.deepEqual(page.errors, []);
  });
}

test('a mail whose page cannot be fetched says so, and is shown after another try', async () => {
  await program.deliver({
    from: 'Mira <mira@customer.example>',
    subject: 'Lost',
    type: 'text/html',
    text: '<b>Here</b>',
  });
  const page = await openInbox(browser, program, 'all');
  await row(page, /Lost/).click();
  await page.route('**/document?*', (route) => route.abort());
  await page.getByRole('button', { name: 'As it was formatted' }).click();
  await page.getByRole('alert').getByText('could not be loaded').waitFor();
  await page.unroute('**/document?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.frameLocator('iframe').getByText('Here').waitFor();
});

test('a picture on this machine or in a private network is not fetched, and the reader is told', async () => {
  requests.length = 0;
  const strict = await startProgram();
  try {
    const url = `http://localhost:${stranger.address().port}/inside.png`;
    await strict.deliver({
      from: 'Mira <mira@customer.example>',
      subject: 'Inside',
      type: 'text/html',
      text: `<p>Look</p><img src="${url}"><img src="http://169.254.169.254/latest/meta-data">`,
    });
    const page = await openInbox(browser, strict, 'all');
    await row(page, /Inside/).click();
    await page.getByRole('button', { name: 'As it was formatted' }).click();
    await page.getByRole('button', { name: 'Load images' }).click();
    await page.getByRole('status').getByText('2 images could not be loaded').waitFor();
    assert.equal(requests.length, 0);
  } finally {
    await strict.stop();
  }
});
