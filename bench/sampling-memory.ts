import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { HourOfSampling } from './sampling-hour.ts';
import type { Measured } from './table.ts';

const program = fileURLToPath(new URL('./sampling-hour.ts', import.meta.url));

/**
 * Memory of the harness while it samples five probes at 100 Hz for an hour. Simulated: the sampler's schedules run on
 * virtual time in their thread, with probes that answer, refuse and hang without a network; outbox, messages between the
 * threads and the journal on disk are the real ones. Flat means that what is held when all garbage
 * is collected does not grow: 2 MB would be two bytes a slot. In a process of its own, so that nothing else is measured.
 */
export async function benchSamplingMemory(): Promise<readonly Measured[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--expose-gc', program]);
  const { slots, rssMb, liveMb } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as HourOfSampling;
  const most = Math.max(...rssMb);
  const [halfTime = Number.NaN, end = Number.NaN] = liveMb;
  return [
    { name: 'slots of a simulated hour (5 probes, 100 Hz)', value: slots, unit: '', limit: null, ok: true },
    { name: 'memory while sampling, most', value: most, unit: 'MB', limit: '≤ 200 MB', ok: most <= 200 },
    {
      name: 'memory in use, growth in the second half hour',
      value: end - halfTime,
      unit: 'MB',
      limit: '≤ 2 MB',
      ok: end - halfTime <= 2,
    },
  ];
}
