import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { lookByTcp } from './ready.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function endpointWhere(taken: (socket: Socket) => void) {
  const server = createServer(taken).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  return { address, port, server };
}

it('is ready when a connection is taken and stays open', async () => {
  const endpoint = await endpointWhere((socket) => socket.resume());
  expect(await lookByTcp(endpoint)).toBeNull();
  expect(await lookByTcp(endpoint, 20)).toBeNull();
});

it('is not ready when nobody listens', async () => {
  const { server, ...endpoint } = await endpointWhere(() => {});
  server.close();
  await once(server, 'close');
  expect(await lookByTcp(endpoint)).toBe(`connecting to port ${endpoint.port}: ECONNREFUSED`);
});

it('is not ready when what takes the connection has nobody behind it', async () => {
  // Longer than the test may take: only the end of the connection can answer.
  const heldOpenMs = 600_000;
  const closed = await endpointWhere((socket) => socket.resume().end());
  expect(await lookByTcp(closed, heldOpenMs)).toBe(`port ${closed.port} closes connections at once`);
});
