import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from './parse.ts';
import type { Runbook } from './runbook.ts';

const folder = new URL('../../fixtures/runbooks/', import.meta.url);
/** The documents whose procedures ours carry; they lie beside the repository where they are to be had. */
const originals = new URL('../../../shared/runbooks/', import.meta.url);
const read = (base: URL, name: string) => parseRunbook(readFileSync(new URL(name, base), 'utf8'));
const commandsOf = (runbook: Runbook) =>
  runbook.sections.flatMap(({ heading, steps }) =>
    steps.flatMap((step) => (step.kind === 'manual' ? [] : [`${heading}: ${step.text}`])),
  );
const manualOf = (runbook: Runbook) =>
  Object.fromEntries(
    runbook.sections.flatMap(({ path, phases, steps }) => {
      const count = (phase: number | null) =>
        steps.filter((step) => step.kind === 'manual' && step.phase === phase).length;
      const counts = [...phases.map(({ ordinal }) => count(ordinal)), count(null)];
      return counts.some((number) => number > 0) ? [[path.join(' > '), counts.join(' ')]] : [];
    }),
  );
const minutes = (runbook: Runbook) =>
  runbook.sections.flatMap(({ phases }) =>
    phases.map(({ name, budget }) =>
      budget === null ? name : `${name} ${budget.fromMs / 60_000}-${budget.toMs / 60_000}`,
    ),
  );

describe('complete-platform-outage.md', () => {
  const runbook = read(folder, 'complete-platform-outage.md');

  it('has every command, whole and in order', () => {
    expect(commandsOf(runbook)).toEqual([
      '4. System Health Check: kubectl get nodes',
      '4. System Health Check: kubectl get pods --all-namespaces | grep -v Running',
      '4. System Health Check: curl -I https://api.mcpsecurity.com/health',
      '4. System Health Check: curl -I https://app.mcpsecurity.com/health',
      '4. System Health Check: psql -h db-primary -c "SELECT 1;"',
      '4. System Health Check: psql -h db-replica -c "SELECT 1;"',
      '4. System Health Check: redis-cli -h redis-primary ping',
      '4. System Health Check: redis-cli -h redis-replica ping',
      '6. Application Layer Check: kubectl logs -l app=api-server --tail=100',
      '6. Application Layer Check: kubectl logs -l app=web-server --tail=100',
      '6. Application Layer Check: kubectl logs -l app=worker --tail=100',
      '6. Application Layer Check: curl http://prometheus:9090/api/v1/query?query=up',
      'Scenario A: Infrastructure Failure: aws route53 change-resource-record-sets --hosted-zone-id Z123456789 \\\n  --change-batch file://failover-to-backup.json',
      'Scenario A: Infrastructure Failure: kubectl config use-context backup-cluster',
      'Scenario A: Infrastructure Failure: kubectl get nodes',
      'Scenario B: Database Cluster Failure: patroni list',
      'Scenario B: Database Cluster Failure: patroni switchover --master db-primary --candidate db-replica-1',
      'Scenario B: Database Cluster Failure: kubectl patch configmap db-config -p \'{"data":{"host":"db-replica-1"}}\'',
      'Scenario C: Application Deployment Issue: kubectl rollout history deployment/api-server',
      'Scenario C: Application Deployment Issue: kubectl rollout history deployment/web-server',
      'Scenario C: Application Deployment Issue: kubectl rollout undo deployment/api-server',
      'Scenario C: Application Deployment Issue: kubectl rollout undo deployment/web-server',
      'Scenario C: Application Deployment Issue: kubectl rollout status deployment/api-server',
      'Scenario C: Application Deployment Issue: kubectl rollout status deployment/web-server',
      'Scenario D: Resource Exhaustion: kubectl top nodes',
      'Scenario D: Resource Exhaustion: kubectl top pods --all-namespaces',
      'Scenario D: Resource Exhaustion: kubectl scale deployment api-server --replicas=10',
      'Scenario D: Resource Exhaustion: kubectl scale deployment web-server --replicas=5',
      'Scenario D: Resource Exhaustion: kubectl patch deployment cluster-autoscaler -p \'{"spec":{"template":{"spec":{"containers":[{"name":"cluster-autoscaler","args":["--nodes=1:20:worker-nodes"]}]}}}}\'',
      '7. Database Recovery: sudo -u postgres pg_waldump /var/lib/postgresql/12/main/pg_wal/',
      '7. Database Recovery: sudo systemctl start postgresql@12-main',
      '7. Database Recovery: psql -h localhost -c "SELECT current_timestamp;"',
      '7. Database Recovery: psql -c "SELECT * FROM pg_stat_replication;"',
      '8. Service Recovery: kubectl apply -f database/',
      '8. Service Recovery: kubectl wait --for=condition=Ready pod -l app=database --timeout=300s',
      '8. Service Recovery: kubectl apply -f auth-service/',
      '8. Service Recovery: kubectl wait --for=condition=Ready pod -l app=auth-service --timeout=300s',
      '8. Service Recovery: kubectl apply -f api-service/',
      '8. Service Recovery: kubectl wait --for=condition=Ready pod -l app=api-service --timeout=300s',
      '8. Service Recovery: kubectl apply -f web-service/',
      '8. Service Recovery: kubectl wait --for=condition=Ready pod -l app=web-service --timeout=300s',
      '9. Health Verification: curl -f https://api.mcpsecurity.com/health',
      '9. Health Verification: curl -f https://api.mcpsecurity.com/auth/health',
      '9. Health Verification: curl -f https://app.mcpsecurity.com/',
      '9. Health Verification: cd tests/smoke',
      '9. Health Verification: python run_smoke_tests.py --environment production',
      '9. Health Verification: curl "http://prometheus:9090/api/v1/query?query=rate(http_requests_total{status=~\'5..\'}[5m])"',
      '13. Emergency Rollback: git checkout <last-good-commit>',
      '13. Emergency Rollback: kubectl apply -f .',
      '13. Emergency Rollback: restore-manager restore --backup-id <backup-id> --target production',
      '13. Emergency Rollback: aws route53 change-resource-record-sets --hosted-zone-id Z123456789 \\\n  --change-batch file://maintenance-mode.json',
    ]);
  });

  it('has manual steps, budgets, criteria, limits and dates', () => {
    expect(Object.values(manualOf(runbook))).toEqual([
      '4',
      '4',
      '4',
      '5',
      '5',
      '5',
      '5',
      '5',
      '4',
      '5',
      '5',
      '4',
      '4',
      '4',
    ]);
    expect(minutes(runbook)).toEqual(['Immediate Actions 0-15', 'Investigation Phase 15-30']);
    expect(runbook.criteria).toHaveLength(5);
    expect(
      runbook.escalations.flatMap(({ to, afterMs }) =>
        afterMs === null ? [] : [`${to} ${afterMs / 3_600_000}h`],
      ),
    ).toEqual(['VP Engineering 2h', 'CEO 4h']);
    expect(runbook.intervals.map(({ everyMs }) => everyMs / 60_000)).toEqual([15, 30]);
    expect(runbook.metadata).toMatchObject({
      responseTimeMs: { value: 900_000 },
      owner: { value: 'Platform Team' },
      nextReview: { value: '2027-06-30' },
    });
    expect(runbook.placeholders.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['YYYYMMDD', 'TIME', 'last-good-commit', 'backup-id', '+1-XXX-XXX-XXXX']),
    );
  });
});

describe('dr-playbook-cloud-mcp.md', () => {
  const runbook = read(folder, 'dr-playbook-cloud-mcp.md');

  it('has every command, whole and in order', () => {
    expect(commandsOf(runbook)).toEqual([
      'Response Steps: python -m phase_6_production_dr.failover --region <affected-region> --action failover',
      'Automation Commands: python -m cli health check --region us-east-1',
      'Automation Commands: python -m cli failover start --from us-east-1 --to us-west-2',
      'Automation Commands: python -m cli failover status --id <failover-id>',
      'Automation Commands: python -m cli failover rollback --id <failover-id>',
      'Response Steps: kubectl logs -n mcp-servers deployment/mcp-<cloud>',
      'Response Steps: kubectl scale deployment mcp-aws -n mcp-servers --replicas=3',
      'Response Steps: aws rds promote-read-replica --db-instance-identifier replica-id',
      'Response Steps: gcloud sql instances promote-replica replica-name',
      'Backup Verification: python -m cli backup list --database state-store',
      'Backup Verification: python -m cli backup verify --backup-id <id>',
      'Backup Verification: python -m cli backup restore --backup-id <id> --target new-instance',
      'Response Steps: python -m cli secrets rotate --all --cloud <affected-cloud>',
      'Emergency Commands: python -m cli security revoke-sessions --all',
      'Emergency Commands: python -m cli security lockdown enable',
      'Emergency Commands: python -m cli secrets rotate --emergency --all',
      'Emergency Commands: python -m cli audit export --start "2024-01-01" --end "now" --output incident-logs/',
      'Appendix: Health Check Endpoints: pg_isready -h <host> -p 5432',
      'Appendix: Health Check Endpoints: SELECT pg_is_in_recovery();',
    ]);
  });

  it('has manual steps by phase, budgets, limits, fixes and dates', () => {
    expect(Object.values(manualOf(runbook))).toEqual([
      '3 3 5 3 3 4 0',
      '3 5 2 3 0',
      '3 3 3 4 0',
      '3 3 6 3 4 0',
      '4 4 4 4 4 0',
    ]);
    expect(minutes(runbook)).toEqual([
      ...['ASSESS 0-2', 'COMMUNICATE 2-5', 'FAILOVER 5-15', 'VERIFY 15-20', 'MONITOR', 'RECOVER'],
      ...[
        'ASSESS 0-2',
        'IMMEDIATE MITIGATION 2-5',
        'FAILOVER TO ALTERNATE CLOUD 5-10',
        'ROOT CAUSE ANALYSIS',
      ],
      ...['ASSESS 0-2', 'IF PRIMARY FAILS 2-10', 'IF REPLICATION LAG 2-5', 'DATA RECOVERY'],
      ...[
        'DECLARE INCIDENT 0-5',
        'ASSESS IMPACT 5-10',
        'ACTIVATE MULTI-CLOUD FAILOVER 10-30',
        'CUSTOMER COMMUNICATION',
        'RECOVERY',
      ],
      ...['CONTAIN 0-15', 'ASSESS 15-60', 'ERADICATE 60-240', 'RECOVER 240-1440', 'POST-INCIDENT'],
    ]);
    expect(runbook.escalations.map(({ afterMs, untilMs }) => [afterMs, untilMs])).toEqual([
      [0, 900_000],
      [900_000, undefined],
      [1_800_000, undefined],
      [3_600_000, undefined],
    ]);
    expect(runbook.sections.flatMap(({ fixes }) => fixes)).toHaveLength(4);
    expect(runbook.metadata).toMatchObject({
      owner: { value: 'Platform Team' },
      nextReview: { value: '2027-06-30' },
    });
  });
});

describe.each(['complete-platform-outage.md', 'dr-playbook-cloud-mcp.md'])('%s and its original', (name) => {
  it.skipIf(!existsSync(new URL(name, originals)))('have the same procedures', () => {
    const [ours, theirs] = [folder, originals].map((base) => read(base, name));
    if (ours === undefined || theirs === undefined) throw new Error(`${name} is not there`);
    const facts = (runbook: Runbook) => ({
      headings: runbook.sections.map(({ heading, level }) => `${level} ${heading}`),
      commands: commandsOf(runbook),
      phases: runbook.sections.map(({ phases }) =>
        phases.map(({ name: phase, budget }) => ({ phase, budget })),
      ),
      manual: manualOf(runbook),
      criteria: runbook.criteria.length,
      limits: runbook.escalations.map(({ to, afterMs, untilMs }) => ({ to, afterMs, untilMs })),
      intervals: runbook.intervals.map(({ everyMs }) => everyMs),
    });
    expect(facts(ours)).toEqual(facts(theirs));
  });

  it.skipIf(!existsSync(new URL(name, originals)))('give their commands the same ids', () => {
    const ids = (base: URL) =>
      read(base, name).sections.flatMap(({ steps }) =>
        steps.flatMap((step) => (step.kind === 'manual' ? [] : [step.id])),
      );
    expect(ids(folder)).toEqual(ids(originals));
  });
});
