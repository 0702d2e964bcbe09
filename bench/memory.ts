import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { HourOfReading } from './reading-hour.ts';
import type { Measured } from './table.ts';

const program = fileURLToPath(new URL('./reading-hour.ts', import.meta.url));

/**
 * Memory of reading and judging the journal of an hour of five probes at 100 Hz. The journal is made up as it is read, in
 * the real format, in a process of its own; memory is the whole process's peak, Node included.
 */
export async function benchTimelineMemory(): Promise<readonly Measured[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', program]);
  const { slots, peakMb, readSeconds, judgeSeconds } = JSON.parse(stdout) as HourOfReading;
  return [
    {
      name: 'slots of the journal of an hour (5 probes, 100 Hz)',
      value: slots,
      unit: '',
      limit: null,
      ok: true,
    },
    {
      name: 'memory while reading and judging it, most',
      value: peakMb,
      unit: 'MB',
      limit: '≤ 200 MB',
      ok: peakMb <= 200,
    },
    { name: 'reading it', value: readSeconds, unit: 's', limit: null, ok: true },
    { name: 'judging it', value: judgeSeconds, unit: 's', limit: null, ok: true },
  ];
}
