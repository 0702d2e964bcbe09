import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { full } from '../full.ts';
import { runbooks, runShipped, type ShippedRun } from '../shipped-drill.ts';
import { engineAvailable } from './engine.ts';

const limit = { timeout: 600_000 };
const passed = { exitCode: 0, notPassed: [] };

function outcomes({ result }: ShippedRun): { [command: string]: string } {
  const commands = result.steps.filter(({ kind }) => kind === 'command');
  return Object.fromEntries(
    commands.map(({ text, outcome }) => [text.split(' ').slice(0, 3).join(' '), outcome]),
  );
}

const scenarioB = {
  'patroni list': 'corrected',
  'patroni switchover --master': 'corrected',
  'kubectl patch configmap': 'not-run',
};

describe.runIf(engineAvailable)('drills of the database cluster', limit, () => {
  it('database-cluster-failure/asynchronous-loss: the writes that no replica had are found', async () => {
    const run = await runShipped('database-cluster-failure/asynchronous-loss');
    expect(run).toMatchObject(passed);
    expect(outcomes(run)).toEqual(scenarioB);
    expect(run.result.figures.lost).toBeGreaterThan(0);
    expect(run.result.figures.rpoMs).toBeGreaterThan(0);
    // What was paused on the leader ended with it.
    expect(run.timeline.marks.filter(({ type }) => type === 'fault.heal-failed')).toEqual([]);
  });

  describe.runIf(full)('all of them', () => {
    it('database-cluster-failure/leader-node-killed: nobody leads before the lease has run out', async () => {
      const run = await runShipped('database-cluster-failure/leader-node-killed');
      expect(run).toMatchObject(passed);
      expect(outcomes(run)).toEqual(scenarioB);
      // The last time that the lease was renewed is up to a loop (10 s) before the kill.
      expect(run.result.figures.rtoUpperMs).toBeGreaterThan(15_000);
      expect(run.result.figures.rtoUpperMs).toBeLessThan(90_000);
    });

    it('database-cluster-failure/postmaster-killed: back in place, long before a lease runs out', async () => {
      const run = await runShipped('database-cluster-failure/postmaster-killed');
      expect(run).toMatchObject(passed);
      expect(run.result.figures).toMatchObject({ lost: 0 });
      expect(run.result.figures.rtoUpperMs).toBeLessThan(20_000);
    });

    it('database-cluster-failure/live-switchover: handed over, as nobody else would have done', async () => {
      const run = await runShipped('database-cluster-failure/live-switchover');
      expect(run).toMatchObject(passed);
      expect(outcomes(run)).toEqual(scenarioB);
      expect(run.result.figures).toMatchObject({ lost: 0 });
    });

    it('database-cluster-failure/synchronous: nothing that was acknowledged is lost', async () => {
      const run = await runShipped('database-cluster-failure/synchronous');
      expect(run).toMatchObject(passed);
      expect(run.result.figures).toMatchObject({ lost: 0 });
    });

    it('database-leader-partitioned/asynchronous: one leader at a time, and what only the old one had is lost', async () => {
      const run = await runShipped('database-leader-partitioned/asynchronous');
      expect(run).toMatchObject(passed);
      expect(run.result.figures.lost).toBeGreaterThan(0);
      expect(run.result.findings.filter(({ message }) => message.startsWith('Split brain'))).toEqual([]);
    });

    it('database-leader-partitioned/synchronous: cut off, it acknowledges nothing', async () => {
      const run = await runShipped('database-leader-partitioned/synchronous');
      expect(run).toMatchObject(passed);
      expect(run.result.figures).toMatchObject({ lost: 0 });
    });

    it('database-cluster-loses-quorum: writes stop, and nothing is lost', async () => {
      const run = await runShipped('database-cluster-loses-quorum');
      expect(run).toMatchObject(passed);
      expect(run.result.figures).toMatchObject({ lost: 0 });
    });

    it('database-recovery: PostgreSQL is started by Patroni', async () => {
      const run = await runShipped('database-recovery');
      expect(run).toMatchObject(passed);
      expect(outcomes(run)).toEqual({
        'sudo -u postgres': 'corrected',
        'sudo systemctl start': 'corrected',
        'psql -h localhost': 'as-written',
        'psql -c "SELECT': 'as-written',
      });
    });

    it.runIf(existsSync(runbooks.originals))('database-cluster-failure on the original runbook', async () => {
      const run = await runShipped('database-cluster-failure/leader-node-killed', runbooks.originals);
      // It has no review date, so its corrections are due.
      expect(outcomes(run)).toEqual(scenarioB);
      expect(run.result.steps.some(({ outcome }) => outcome === 'failed')).toBe(false);
    });
  });
});
