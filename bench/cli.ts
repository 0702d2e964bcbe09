import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measured } from './table.ts';

const shim = fileURLToPath(new URL('../drillbook', import.meta.url));
const starts = 15;

/** What a person waits for: `./drillbook --help`, shim included. */
export async function benchCli(): Promise<readonly Measured[]> {
  const run = promisify(execFile);
  const times: number[] = [];
  await run(shim, ['--help']);
  for (let i = 0; i < starts; i++) {
    const from = performance.now();
    await run(shim, ['--help']);
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(starts / 2)] ?? 0;
  return [
    {
      name: `drillbook --help, median of ${starts}`,
      value: median,
      unit: 'ms',
      limit: '≤ 150 ms',
      ok: median <= 150,
    },
  ];
}
