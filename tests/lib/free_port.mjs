#!/usr/bin/env node
// Prints N (default 1) TCP ports that are free on 127.0.0.1 now, one a line. Better: let a server choose with port 0,
// where it can.
import { createServer } from 'node:net';

const servers = Array.from({ length: Number(process.argv[2] ?? 1) }, () => createServer());
await Promise.all(servers.map((server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))));
for (const server of servers) console.log(server.address().port);
for (const server of servers) server.close();
