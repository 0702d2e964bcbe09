import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { HourOfSampling } from './sampling-hour.ts';
import type { Measured } from './table.ts';

const program = fileURLToPath(new URL('./sampling-hour.ts', import.meta.url));

/**
 * Memory of the harness while it samples five probes at 100 Hz for an hour. Simulated: the sampler's schedules run on
 * virtual time in their thread, with probes that answer, refuse and hang without a network; outbox, messages between the
 * threads and the journal on disk are the real ones. In a process of its own, so that nothing else is measured.
 */
export async function benchSamplingMemory(): Promise<readonly Measured[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', program]);
  const { slots, rssMb } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as HourOfSampling;
  const most = Math.max(...rssMb);
  const halfTime = rssMb[Math.floor(rssMb.length / 2) - 1] ?? 0;
  const growth = ((rssMb.at(-1) ?? 0) / halfTime - 1) * 100;
  return [
    { name: 'slots of a simulated hour (5 probes, 100 Hz)', value: slots, unit: '', limit: null, ok: true },
    { name: 'memory while sampling, most', value: most, unit: 'MB', limit: '≤ 200 MB', ok: most <= 200 },
    {
      name: 'memory while sampling, growth in the second half',
      value: growth,
      unit: '%',
      limit: '≤ 10 %',
      ok: growth <= 10,
    },
  ];
}
