import { describe, expect, it } from 'vitest';
import { full } from '../full.ts';
import { runbooks, runShipped } from '../shipped-drill.ts';
import { engineAvailable } from './engine.ts';

const on = (platform: string) => ['--platform', `fixtures/platforms/${platform}.yaml`];
const platform = on('containers-playbook');
const withinMs = 300_000;

describe.runIf(engineAvailable)("the playbook's drills in containers, by the platform file alone", () => {
  it(
    'database-primary-loss/async: a standby takes over, and the lost writes are found',
    async () => {
      const run = await runShipped('database-primary-loss/async', runbooks.ours, platform);
      expect(run).toMatchObject({ exitCode: 0, notPassed: [] });
      expect(run.result.figures.lost).toBeGreaterThan(0);
    },
    withinMs,
  );

  it
    .runIf(full)
    .each([
      'query-timeouts',
      'replication-lag',
      'backup-verification',
      'point-in-time-recovery',
      'connection-pool-exhaustion',
      'mcp-server-crash',
      'mcp-all-replicas-down',
      'mcp-out-of-memory',
      'mcp-credentials-expired',
      'mcp-network-timeout',
      'mcp-rate-limited',
    ])(
    '%s',
    async (name) => {
      const run = await runShipped(name, runbooks.ours, platform);
      expect(run).toMatchObject({ exitCode: 0, notPassed: [] });
    },
    withinMs,
  );

  it.runIf(full)(
    'database-primary-loss/sync: no acknowledged write is lost',
    async () => {
      const run = await runShipped('database-primary-loss/sync', runbooks.ours, platform);
      expect(run).toMatchObject({ exitCode: 0, notPassed: [] });
      expect(run.result.figures.lost).toBe(0);
    },
    withinMs,
  );

  it.runIf(full)(
    'provider-outage: the old primary returns, what only it had is reconciled, and nothing is lost',
    async () => {
      const run = await runShipped('provider-outage', runbooks.ours, on('containers-multi-cloud'));
      expect(run).toMatchObject({ exitCode: 0, notPassed: [] });
      expect(run.result.figures.lost).toBe(0);
    },
    withinMs,
  );

  it.runIf(full).each([
    ['security-incident', 'containers-secured'],
    ['database-primary-loss/cloud-sql', 'containers-multi-cloud'],
  ])(
    '%s, by stand-ins',
    async (name, file) => {
      const run = await runShipped(name, runbooks.ours, on(file));
      expect(run).toMatchObject({ exitCode: 0, notPassed: [] });
    },
    withinMs,
  );

  it.runIf(full).each(['automation', 'commands', 'manual'])(
    'regional-outage/%s: the name points elsewhere, and back, by real DNS',
    async (variant) => {
      const run = await runShipped(`regional-outage/${variant}`, runbooks.ours, on('containers-multi-cloud'));
      expect(run).toMatchObject({ exitCode: 0, notPassed: [] });
      expect(run.result.figures.lost).toBe(0);
    },
    withinMs,
  );
});
