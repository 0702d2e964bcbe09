import { afterEach, describe, expect, it } from 'vitest';
import { claimNetwork, type Network, whyPortTaken } from './network.ts';
import { closed, freePort, listenOn, ownerOf, whyNotFree } from './ports.ts';

const networks: Network[] = [];

afterEach(async () => {
  for (const network of networks.splice(0)) await network.release();
});

async function claim(loopback: 'distinct' | 'shared'): Promise<Network> {
  const listeners = [
    { instance: 'a', port: 48_931 },
    { instance: 'b', port: 48_931 },
    { instance: 'c', port: null },
  ];
  const network = await claimNetwork(listeners, loopback);
  networks.push(network);
  return network;
}

describe.runIf(process.platform === 'linux')('a block of addresses', () => {
  it('gives each component one of its own with the documented port, and no two runs the same', async () => {
    const all = [
      ...(await claim('distinct')).endpoints.values(),
      ...(await claim('distinct')).endpoints.values(),
    ];
    expect(new Set(all.map(({ address }) => address)).size).toBe(6);
    expect(all.map(({ port }) => port === 48_931)).toEqual([true, true, false, true, true, false]);
    expect(all.every(({ address }) => address.startsWith('127.'))).toBe(true);
  });
});

describe('one shared address', () => {
  it('gives each component a free port of its own', async () => {
    const all = [...(await claim('shared')).endpoints.values()];
    expect(new Set(all.map(({ port }) => port)).size).toBe(3);
    expect(new Set(all.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']));
  });
});

describe('a port', () => {
  it('is free, or taken by somebody who is named', async () => {
    const port = await freePort('127.0.0.1');
    expect(await whyNotFree('127.0.0.1', port)).toBe(null);
    const listening = await listenOn('0.0.0.0', port);
    if ('code' in listening) throw new Error(listening.code);
    try {
      expect(await whyNotFree('127.0.0.1', port)).toBe('EADDRINUSE');
      expect(await whyPortTaken('127.0.0.1', port)).toContain(`port ${port} is taken`);
      if (process.platform === 'linux') expect(ownerOf('127.0.0.1', port)?.pid).toBe(process.pid);
    } finally {
      await closed(listening.server);
    }
  });
});
