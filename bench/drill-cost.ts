import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readJournal } from '../src/run/read-journal.ts';
import { phase, stages } from '../src/timeline/spans.ts';
import type { Measured } from './table.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const drill = 'database-primary-loss/sync';

/**
 * What a drill costs beyond its own windows: from the start of the program to its end, less the steady window, the
 * stages (which are the platform's and the runbook's own time), and the settle window.
 */
export async function benchDrillCost(): Promise<readonly Measured[]> {
  const out = await mkdtemp(join(tmpdir(), 'drillbook-bench-'));
  try {
    const from = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--no-warnings',
      main,
      'run',
      drill,
      '--out',
      out,
      '--json',
    ]);
    const totalMs = performance.now() - from;
    const [{ directory }] = JSON.parse(stdout).runs as [{ directory: string }];
    const timeline = await readJournal(join(directory, 'journal.ndjson'));
    const { plan } = timeline.header;
    const stagesMs = stages(timeline).reduce(
      (sum, { fromNs, toNs }) => sum + ((toNs ?? fromNs) - fromNs) / 1e6,
      0,
    );
    const provision = phase(timeline, 'provision');
    const provisionMs =
      provision === null ? 0 : ((provision.toNs ?? provision.fromNs) - provision.fromNs) / 1e6;
    const cost = totalMs - stagesMs - plan.steady.windowMs - plan.settle.windowMs;
    return [
      { name: `${drill}: whole run`, value: totalMs / 1000, unit: 's', limit: null, ok: true },
      {
        name: `${drill}: provisioning of all components`,
        value: provisionMs / 1000,
        unit: 's',
        limit: null,
        ok: true,
      },
      {
        name: `${drill}: beyond its own windows`,
        value: cost / 1000,
        unit: 's',
        limit: '≤ 5 s',
        ok: cost <= 5000,
      },
    ];
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
