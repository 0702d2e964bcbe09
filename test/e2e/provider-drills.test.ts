import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { marksOf } from '../../src/timeline/spans.ts';
import type { Timeline } from '../../src/timeline/timeline.ts';
import { runbooks, runShipped } from '../shipped-drill.ts';

describe.each([
  ['our runbooks', runbooks.ours],
  ['the originals', runbooks.originals],
])('on %s', (_, folder) => {
  it.runIf(existsSync(folder))(
    'provider-outage: carried on elsewhere, what was left behind is reconciled, and nothing is lost',
    async () => {
      const { exitCode, result, notPassed, timeline } = await runShipped('provider-outage', folder);
      expect({ exitCode, notPassed }).toEqual({ exitCode: 0, notPassed: [] });
      expect(result.figures).toMatchObject({ lost: 0, rpoMs: 0 });
      const before = result.findings.find(({ rule }) => rule === 'rpo.before-return');
      const { missing, missingMs } = (before?.figures ?? {}) as { missing: number; missingMs: number };
      expect(missing).toBeGreaterThan(0);
      // What was said to be at risk before anybody promoted was no less than what the promotion cost.
      const [atRisk] = said<{ exposure: readonly Exposure[] }>(timeline, 'exposure').flatMap(({ exposure }) =>
        exposure.filter(({ host }) => host === 'db-replica-1'),
      );
      expect(atRisk?.rows).toBeGreaterThanOrEqual(missing);
      expect(atRisk?.seconds).toBeGreaterThanOrEqual(missingMs / 1000);
      const [dryRun, ...runs] = said<Reconciliation>(timeline, 'conflictCount');
      expect(dryRun).toMatchObject({ dryRun: true });
      expect(dryRun?.copied).toBeGreaterThanOrEqual(missing);
      const conflicts = runs.flatMap((run) => run.conflicts.map(({ table }) => table));
      expect(conflicts).toContain('tenant_settings');
      expect(runs.at(-1)).toMatchObject({ copied: 0, conflictCount: 0, changedMeanwhile: 0 });
      // Isolated, then a standby: never a primary again.
      expect(marksOf(timeline, 'returned', 'rejoined').map(({ type, instance }) => [type, instance])).toEqual(
        [
          ['returned', 'db-primary'],
          ['rejoined', 'db-primary'],
        ],
      );
    },
  );
});

interface Exposure {
  readonly host: string;
  readonly seconds: number;
  readonly rows: number;
}

interface Reconciliation {
  readonly dryRun: boolean;
  readonly copied: number;
  readonly conflicts: readonly { readonly table: string }[];
}

/** Lines of JSON with that key among what the steps printed, in order. */
function said<T>(timeline: Timeline, key: string): readonly T[] {
  return marksOf(timeline, 'step.end')
    .flatMap(({ result }) => result.stdout.split('\n'))
    .filter((line) => line.startsWith('{') && line.includes(`"${key}"`))
    .map((line) => JSON.parse(line) as T);
}
