import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExchange, Places, placesOf, readBody } from './http.ts';

const never = AbortSignal.timeout(20_000);
const host = '127.0.0.1';

describe('an exchange with a server that has several addresses', () => {
  let listening: Server;
  let breaking: Server;
  const asked: string[] = [];

  beforeAll(async () => {
    listening = await listen(createServer((request, answer) => answer.end(`for ${request.headers.host}`)));
    breaking = await listen(
      createServer((request) => {
        asked.push(request.url ?? '');
        request.socket.destroy();
      }),
    );
  });
  afterAll(() => {
    for (const server of [listening, breaking]) server.close();
  });

  const ask = async (...ports: readonly number[]) => askAt(placesAt(ports));
  const placesAt = (ports: readonly number[]) => new Places(ports.map((port) => ({ host, port })));
  const askAt = async (places: Places) => {
    const server = { name: 'web', host, port: 1, hosts: {}, places };
    return readBody(await openExchange(server, { method: 'GET', path: '/' }, never), 1000, never);
  };

  it('goes on where nobody listens, in turn', async () => {
    const [nobody, there] = [await freePort(), portOf(listening)];
    expect(await ask(nobody, there)).toBe(`for web:${there}`);
    expect(await ask(nobody, nobody, there)).toBe(`for web:${there}`);
    await expect(ask(nobody, nobody)).rejects.toMatchObject({ code: 'ECONNREFUSED', sent: false });
  });

  it('keeps to the one where it found somebody', async () => {
    const [nobody, there] = [await freePort(), portOf(listening)];
    const places = placesAt([nobody, there]);
    await askAt(places);
    expect(places.all.map(({ port }) => port)).toEqual([there, nobody]);
  });

  it('sends nothing twice: a server that breaks off was asked', async () => {
    await expect(ask(portOf(breaking), portOf(listening))).rejects.toMatchObject({ sent: true });
    expect(asked).toEqual(['/']);
  });

  it('is at its replicas, the one that is meant first', () => {
    expect(placesOf({ host, port: 1 })).toEqual({});
    const replicas = [1, 2].map((port) => ({ host, port }));
    expect(placesOf({ host, port: 2, replicas }).places?.all).toEqual([replicas[1], replicas[0]]);
  });
});

function listen(server: Server): Promise<Server> {
  return new Promise((resolve) => server.listen(0, host, () => resolve(server)));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = await listen(createServer());
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
