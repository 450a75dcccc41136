// Who asks, when a proxy stands in front: X-Forwarded-For counts from a proxy that the configuration names, only there.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { Client } from './harness.mjs';
import { initDemo, makeDataFolder, removeFolder, Server } from '../lib/server.mjs';

let data, account;
before(async () => {
  data = await makeDataFolder();
  account = await initDemo(data);
});
after(() => removeFolder(data));

// The addresses of the sessions that signing in through these X-Forwarded-For headers made.
async function addressesBehind(proxies, forwarded) {
  const server = await Server.start(data, { env: { ANSWERABLE_SERVER_TRUSTED_PROXIES: proxies } });
  let client;
  for (const header of forwarded) {
    client = new Client(server.url);
    const headers = { 'X-Forwarded-For': header };
    const { email, password } = account;
    assert.equal((await client.post('/session', { email, password }, { headers })).status, 200);
  }
  const { items } = (await client.get('/sessions')).body;
  await client.remove('/sessions');
  await server.stop();
  return items.map((one) => one.address).sort();
}

test('behind a proxy that is named, the address is the one that the proxy saw', async () => {
  const found = await addressesBehind('127.0.0.0/8, ::1', ['203.0.113.5', '6.6.6.6, 203.0.113.6']);
  assert.deepEqual(found, ['203.0.113.5', '203.0.113.6']);
});

test('from anybody else the header counts for nothing', async () => {
  for (const proxies of ['', '10.0.0.0/8']) {
    for (const address of await addressesBehind(proxies, ['203.0.113.5']))
      assert.match(address, /^(127\.0\.0\.1|::1)$/);
  }
});

test('an address has so many open connections and no more, and a proxy that is named any number', async () => {
  const limit = { ANSWERABLE_SERVER_CONNECTIONS_PER_ADDRESS: '3' };
  for (const proxies of ['', '127.0.0.0/8']) {
    const server = await Server.start(data, { env: { ...limit, ANSWERABLE_SERVER_TRUSTED_PROXIES: proxies } });
    const open = () =>
      new Promise((resolve, reject) => {
        const socket = connect(server.webPort, '127.0.0.1');
        socket.on('error', reject);
        socket.write('GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n');
        socket.once('data', (answer) => resolve({ socket, status: Number(answer.toString().slice(9, 12)) }));
      });
    const first = [await open(), await open(), await open()];
    for (const { status } of first) assert.notEqual(status, 503);
    const more = await open();
    assert.equal(more.status === 503, proxies === '');
    first[0].socket.destroy();
    let freed = await open(); // as soon as the server has seen the end of that one
    for (let tries = 0; freed.status === 503 && tries < 500; tries++) freed = await open();
    assert.notEqual(freed.status, 503);
    for (const { socket } of [...first, more, freed]) socket.destroy();
    await server.stop();
  }
});
