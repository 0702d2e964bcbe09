import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runbooks, runShipped, type ShippedRun } from '../shipped-drill.ts';

const passed = { exitCode: 0, notPassed: [] };

function stepOf({ result }: ShippedRun, beginning: string, procedure?: string) {
  const step = result.steps.find(
    (each) => each.text.startsWith(beginning) && (procedure === undefined || each.procedure === procedure),
  );
  return step ?? expect.fail(`no step "${beginning}": ${result.steps.map(({ text }) => text).join('; ')}`);
}

/** What the steps of a procedure printed, in order. */
function outputOf({ timeline }: ShippedRun, procedure: string): string {
  return timeline.marks
    .flatMap((mark) => (mark.type === 'step.end' && mark.procedure === procedure ? [mark.result.stdout] : []))
    .join('\n');
}

const detected = ({ result }: ShippedRun) =>
  result.findings.find(({ rule }) => rule === 'recovery.phases')?.message;

describe.each([
  ['our runbooks', runbooks.ours],
  ['the originals', runbooks.originals],
])('on %s', (_, folder) => {
  const there = existsSync(folder);

  it.runIf(there)('database-primary-loss/cloud-sql: the replica at another provider takes over', async () => {
    const run = await runShipped('database-primary-loss/cloud-sql', folder);
    expect(run).toMatchObject(passed);
    expect(stepOf(run, 'gcloud sql instances promote-replica').attempts[0]).toMatchObject({
      attempt: 'as-written',
      exitCode: 0,
      checks: [{ ok: true }],
    });
    expect(stepOf(run, 'aws rds promote-read-replica').outcome).toBe('left-out');
  });

  it.runIf(there)('connection-pool-exhaustion: who holds the connections is found and ended', async () => {
    const run = await runShipped('connection-pool-exhaustion', folder);
    expect(run).toMatchObject(passed);
    expect(run.result.figures).toMatchObject({ lost: 0, rtoUpperMs: expect.any(Number) });
    expect(detected(run)).toMatch(/^Detect \d/);
  });

  it.runIf(there)('query-timeouts: the statement that all wait for is found and ended', async () => {
    const run = await runShipped('query-timeouts', folder);
    expect(run).toMatchObject(passed);
    expect(run.result.figures).toMatchObject({ lost: 0, rtoUpperMs: expect.any(Number) });
    expect(detected(run)).toMatch(/^Detect \d/);
  });

  it.runIf(there)('replication-lag: reads leave the replica, and come back when it is rebuilt', async () => {
    const run = await runShipped('replication-lag', folder);
    expect(run).toMatchObject(passed);
    expect(detected(run)).toMatch(/^Detect \d/);
    const rebuilt = run.result.findings.find(({ message }) => message.includes('"replica-rebuilt"'));
    expect(rebuilt).toMatchObject({ status: 'pass' });
    expect(run.result.figures.acked).toBeGreaterThan(500);
  });

  it.runIf(there)('point-in-time-recovery: only what came after the bad UPDATE is lost', async () => {
    const run = await runShipped('point-in-time-recovery', folder);
    expect(run).toMatchObject(passed);
    expect(run.result.figures.lost).toBeGreaterThan(0);
    const { rpoMs, rtoUpperMs } = run.result.figures;
    expect(rpoMs).toBeLessThanOrEqual(rtoUpperMs ?? 0);
  });

  it.runIf(there)('backup-verification: the damage is named, and the older backup restored', async () => {
    const run = await runShipped('backup-verification', folder);
    expect(run).toMatchObject(passed);
    const damaged = stepOf(run, 'python -m cli backup verify', 'verify-the-newest');
    expect(damaged).toMatchObject({ outcome: 'as-written', attempts: [{ exitCode: 1 }] });
    expect(outputOf(run, 'verify-the-newest')).toMatch(/files: damaged\n +base\/\d+\/\d+: SHA-256 is/);
    const restoring = outputOf(run, 'restore-the-older');
    expect(restoring).toContain('is whole');
    expect(restoring).toContain('is restored at new-instance:5432');
  });
});
