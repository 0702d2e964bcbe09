import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runbooks, runShipped } from '../shipped-drill.ts';

describe.each([
  ['our runbooks', runbooks.ours],
  ['the originals', runbooks.originals],
])('on %s', (_, folder) => {
  const there = existsSync(folder);

  it.runIf(there)(
    'database-primary-loss/async: recovered, and the writes that were lost are found',
    async () => {
      const { exitCode, result, notPassed } = await runShipped('database-primary-loss/async', folder);
      expect({ exitCode, notPassed }).toEqual({ exitCode: 0, notPassed: [] });
      const { rtoLowerMs, rtoUpperMs, lost, rpoMs } = result.figures;
      expect(rtoUpperMs).toBeGreaterThan(rtoLowerMs ?? Number.POSITIVE_INFINITY);
      expect(lost).toBeGreaterThan(0);
      expect(rpoMs).toBeGreaterThan(0);
      const promote = result.steps.find(({ text }) => text.startsWith('aws rds promote-read-replica'));
      expect(promote?.attempts[0]).toMatchObject({
        attempt: 'as-written',
        exitCode: 0,
        checks: [{ ok: true }],
      });
    },
  );

  it.runIf(there)('database-primary-loss/sync: recovered, and nothing was lost', async () => {
    const { exitCode, result, notPassed } = await runShipped('database-primary-loss/sync', folder);
    expect({ exitCode, notPassed }).toEqual({ exitCode: 0, notPassed: [] });
    expect(result.figures).toMatchObject({ lost: 0, rpoMs: 0 });
    expect(result.figures.acked).toBeGreaterThan(500);
  });

  it.runIf(there)('mcp-server-crash: recovered by the runbook, its kubectl not proved', async () => {
    const { exitCode, result, notPassed } = await runShipped('mcp-server-crash', folder);
    expect({ exitCode, notPassed }).toEqual({ exitCode: 0, notPassed: [] });
    const scale = result.steps.find(({ text }) => text.startsWith('kubectl scale deployment mcp-aws'));
    expect(scale).toMatchObject({ outcome: 'not-proved', attempts: [{ standIns: ['kubectl'] }] });
  });
});
