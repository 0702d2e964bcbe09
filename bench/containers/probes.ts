import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeSpec } from '../../src/definition/observing.ts';
import type { Running } from '../../src/environments/environment.ts';
import { startClock } from '../../src/run/clock.ts';
import { startSampler } from '../../src/run/sampler/index.ts';

const probes: { readonly [name: string]: Exclude<ProbeSpec, { kind: 'exec' }> } = {
  database: { kind: 'postgres', role: 'database.primary', every: 250 },
  pooled: { kind: 'postgres', role: 'database.primary', connection: 'pooled', every: 250 },
  cache: { kind: 'redis', role: 'cache.primary', every: 250 },
  patroni: { kind: 'http', role: 'etcd-1', path: '/health', every: 250 },
};

/** CPU of this process while it does nothing but sample, as a share of one processor in percent. */
export async function cpuOfProbes(running: Running, forMs: number): Promise<number> {
  const sampler = startSampler({
    originHr: startClock().originHr,
    onSlots: () => undefined,
    onMark: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  for (const [name, spec] of Object.entries(probes))
    await sampler.start({
      name,
      spec,
      address: 'role' in spec ? await running.address(spec.role) : null,
      hosts: running.hosts,
    });
  await sleep(1000); // the first slots connect and compile
  const from = process.cpuUsage();
  const fromMs = performance.now();
  await sleep(forMs);
  const { user, system } = process.cpuUsage(from);
  const share = (user + system) / 10 / (performance.now() - fromMs);
  await sampler.stop();
  return share;
}
