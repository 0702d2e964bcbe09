import { describe, expect, it } from 'vitest';
import { runbooks, runShipped } from '../shipped-drill.ts';
import { engineAvailable } from './engine.ts';

const platform = ['--platform', 'fixtures/platforms/containers-playbook.yaml'];
/** All of them take a quarter of an hour. */
const full = process.env.DRILLBOOK_FULL === '1';
const minutes = 60_000;

describe.runIf(engineAvailable)("the playbook's drills in containers, by the platform file alone", () => {
  it(
    'database-primary-loss/async: a standby takes over, and the lost writes are found',
    async () => {
      const run = await runShipped('database-primary-loss/async', runbooks.ours, platform);
      expect(run).toMatchObject({ exitCode: 0, notPassed: [] });
      expect(run.result.figures.lost).toBeGreaterThan(0);
    },
    5 * minutes,
  );

  it
    .runIf(full)
    .each([
      'mcp-credentials-expired',
      'mcp-network-timeout',
      'mcp-rate-limited',
      'query-timeouts',
      'replication-lag',
      'backup-verification',
      'point-in-time-recovery',
    ])(
    '%s',
    async (name) => {
      expect(await runShipped(name, runbooks.ours, platform)).toMatchObject({ exitCode: 0 });
    },
    5 * minutes,
  );
});
