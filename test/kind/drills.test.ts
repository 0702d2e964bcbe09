import { describe, expect, it } from 'vitest';
import { full } from '../full.ts';
import { runShipped } from '../shipped-drill.ts';
import { whyNoKind } from './available.ts';

const passed = { exitCode: 0, notPassed: [] };
const limit = { timeout: 1_200_000 };

/** Drill → commands of the runbook that do not work as written, by their beginnings. */
const drills: readonly (readonly [drill: string, corrected: readonly string[]])[] = [
  ['bad-deployment/fails-requests', []],
  ['bad-deployment/never-ready', []],
  [
    'restoration-order',
    ['kubectl apply -f auth-service/', 'kubectl wait --for=condition=Ready pod -l app=web'],
  ],
  ['infrastructure-failure', []],
  [
    'emergency-rollback',
    ['kubectl apply -f .', 'restore-manager restore --backup-id <backup-id> --target production'],
  ],
  [
    'database-cluster-failure-kubernetes',
    ['patroni list', 'patroni switchover', 'kubectl patch configmap db-config'],
  ],
  [
    'system-health-check-kubernetes/redis',
    ['kubectl logs -l app=api-server', 'kubectl logs -l app=web-server'],
  ],
  [
    'system-health-check-kubernetes/database',
    ['kubectl logs -l app=api-server', 'kubectl logs -l app=web-server'],
  ],
  ['resource-exhaustion', ['kubectl patch deployment cluster-autoscaler']],
  ['mcp-server-failure-kubernetes', ['kubectl logs -n mcp-servers']],
];

/** Each brings up a platform of one or two clusters: with DRILLBOOK_FULL=1 only. */
describe.runIf(whyNoKind === null && full)('drills on Kubernetes', limit, () => {
  it.each(drills)('%s', async (drill, corrected) => {
    const run = await runShipped(drill);
    expect(run).toMatchObject(passed);
    const steps = run.result.steps.filter(({ outcome }) => outcome === 'corrected');
    const unlike = steps.filter(({ text }) => !corrected.some((beginning) => text.startsWith(beginning)));
    expect(unlike).toEqual([]);
    for (const beginning of corrected)
      expect(steps.map(({ text }) => text)).toContainEqual(expect.stringContaining(beginning));
  });
});
