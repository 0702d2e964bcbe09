import { afterEach, describe, expect, it } from 'vitest';
import type { Running } from '../../src/environments/environment.ts';
import { disconnect } from '../../src/faults/disconnect.ts';
import { partition } from '../../src/faults/partition.ts';
import { toxic } from '../../src/faults/toxic.ts';
import { faultConformance } from '../conformance/fault.ts';
import { engineAvailable } from './engine.ts';
import { ask, bed, client, containersIn, endAll, restart, servesClient, toxics, web } from './fault-beds.ts';

afterEach(endAll);

const pair = () => bed({ web, client }, servesClient);

async function rules(running: Running): Promise<string> {
  const argv = ['iptables', '-w', '-S'];
  return (await containersIn(running).run('web', 'beside', { argv, timeoutMs: 10_000 })).stdout;
}

describe.runIf(engineAvailable)('disconnect', () => {
  const spec = { fault: 'disconnect', target: 'web' } as const;

  faultConformance(
    {
      fault: disconnect,
      breaks: spec,
      nothing: async (running) => {
        await containersIn(running).change('web', { connected: false });
        return spec;
      },
    },
    pair,
  );

  it('leaves the network that measures alone', async () => {
    const { running } = await pair();
    const injection = await disconnect.prepare(running, 'cut', spec);
    await disconnect.inject(running, injection);
    expect(await ask(running, 'web', '/')).toBe('ok');
  });
});

describe.runIf(engineAvailable)('partition', () => {
  const spec = { fault: 'partition', target: 'web', from: ['client'] } as const;

  faultConformance(
    {
      fault: partition,
      breaks: { ...spec, from: [...spec.from] },
      nothing: async () => ({ ...spec, from: ['web'] }),
    },
    pair,
  );

  it('removes its own rules, as often as they are there, and no others', async () => {
    const { running } = await pair();
    const injection = await partition.prepare(running, 'split', { ...spec, from: ['client'] });
    const before = await rules(running);
    await partition.inject(running, injection);
    const [own = ''] = (await rules(running)).split('\n').filter((line) => line.includes(':split"'));
    await containersIn(running).run('web', 'beside', {
      argv: ['iptables-restore', '-w', '--noflush'],
      input: `*filter\n${own}\n${own.replace(':split"', ':split-2"')}\nCOMMIT\n`,
      timeoutMs: 10_000,
    });
    await partition.heal(running, injection);
    expect(await partition.status(running, injection)).toBe('gone');
    const left = (await rules(running)).split('\n').filter((line) => !before.includes(line));
    expect(left).toEqual([expect.stringContaining(':split-2"')]);
  });

  it('drops one direction alone where it is told to', async () => {
    const { running } = await pair();
    const injection = await partition.prepare(running, 'deaf', {
      ...spec,
      from: ['client'],
      direction: 'in',
    });
    await partition.inject(running, injection);
    const own = (await rules(running)).split('\n').filter((line) => line.includes(':deaf"'));
    expect(own).toEqual([expect.stringMatching(/^-A INPUT -s /)]);
    expect(await servesClient(running)).toBe(false);
  });

  it('ends with the life of its container, and does not touch the next one', async () => {
    const { running } = await pair();
    const injection = await partition.prepare(running, 'split', { ...spec, from: ['client'] });
    await partition.inject(running, injection);
    await running.signal({ target: 'web', scope: 'component' }, 'SIGKILL');
    expect(await partition.status(running, injection)).toBe('superseded');
    await partition.heal(running, injection);
    await running.start('web', 'normal');
    expect(await partition.status(running, injection)).toBe('superseded');
  });
});

describe.runIf(engineAvailable)('toxic', () => {
  const spec = {
    fault: 'toxic',
    target: 'toxics',
    proxy: 'self',
    type: 'latency',
    attributes: { latency: 5000 },
  } as const;
  const behind = () =>
    bed({ toxics }, async (running) => (await ask(running, 'toxics', '/version')) !== null);

  faultConformance({ fault: toxic, breaks: spec, nothing: async () => ({ ...spec, proxy: 'sell' }) }, behind);

  it('names the proxies that there are', async () => {
    const { running } = await behind();
    await expect(toxic.prepare(running, 'slow', { ...spec, proxy: 'sell' })).rejects.toThrow(
      'slow: toxics (toxics) has no proxy "sell"; it has self',
    );
  });

  it.each([
    { type: 'bandwidth', attributes: { rate: 0 } },
    { type: 'timeout', attributes: { timeout: 0 } },
    { type: 'reset_peer', attributes: { timeout: 0 } },
    { type: 'limit_data', attributes: { bytes: 10 } },
  ] as const)('breaks by $type and heals', async (more) => {
    const { running, serves } = await behind();
    const injection = await toxic.prepare(running, 'cut', { ...spec, ...more });
    await toxic.inject(running, injection);
    expect(await serves()).toBe(false);
    await toxic.heal(running, injection);
    await expect.poll(serves, { timeout: 20_000 }).toBe(true);
  });

  it.each([
    { type: 'slow_close', attributes: { delay: 50 } },
    { type: 'slicer', attributes: { average_size: 8, size_variation: 2, delay: 10 } },
  ] as const)('takes $type on half of the connections upstream', async (more) => {
    const { running } = await behind();
    const half = { ...spec, ...more, toxicity: 0.5, stream: 'upstream' } as const;
    const injection = await toxic.prepare(running, 'odd', half);
    await toxic.inject(running, injection);
    expect(await toxic.status(running, injection)).toBe('active');
  });

  it('is superseded when the toxiproxy was started again, and unknown while it is down', async () => {
    const { running } = await behind();
    const injection = await toxic.prepare(running, 'slow', spec);
    await toxic.inject(running, injection);
    await running.signal({ target: 'toxics', scope: 'component' }, 'SIGKILL');
    expect(await toxic.status(running, injection)).toBe('unknown');
    await restart(running, 'toxics');
    await expect.poll(() => toxic.status(running, injection), { timeout: 20_000 }).toBe('superseded');
  });
});
