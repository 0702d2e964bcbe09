import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { outputOf, runbooks, runShipped, type ShippedRun } from '../shipped-drill.ts';

/** The figures of the first finding of that rule about that objective or probe. */
function figuresOf({ result }: ShippedRun, rule: string, about: string) {
  const found = result.findings.find(
    ({ rule: its, figures }) => its === rule && [figures?.objective, figures?.probe].includes(about),
  );
  return found?.figures;
}

function expectPassed({ exitCode, notPassed }: ShippedRun): void {
  expect({ exitCode, notPassed }).toEqual({ exitCode: 0, notPassed: [] });
}

/** What every way of failing over must show. */
function expectMovedAndBack(run: ShippedRun): void {
  expectPassed(run);
  const { result } = run;
  expect(result.figures).toMatchObject({ lost: 0, rpoMs: 0 });
  expect(result.figures.rtoUpperMs).toBeGreaterThan(result.figures.rtoLowerMs ?? Number.POSITIVE_INFINITY);
  const phases = result.findings.find(({ rule }) => rule === 'recovery.phases')?.figures;
  expect(phases?.detectUpperMs).toBeGreaterThan(0);
  expect(phases?.detectUpperMs).toBeLessThan(2000);
  for (const probe of ['tenants', 'tenants-pooled']) {
    // One outage, and none on the way back.
    expect(figuresOf(run, 'availability', probe)).toMatchObject({ gaps: 1 });
    expect(figuresOf(run, 'availability', probe)?.downMs).toBeGreaterThan(500);
  }
  const failback = Number(figuresOf(run, 'time', 'failback')?.upperMs);
  expect(failback).toBeGreaterThan(2000);
  expect(failback).toBeLessThan(30_000);
}

/** What tenants were told, against what the status page and the state store said. */
function expectTenantsTold(run: ShippedRun): void {
  const page = JSON.parse(outputOf(run, 'curl -fsS http://aws:4566/status'));
  const { status, since } = page.regions['us-east-1'];
  expect([page.status, status]).toEqual(['partial-outage', 'outage']);
  const told: readonly { readonly tenant: string; readonly message: string }[] = JSON.parse(
    outputOf(run, 'orchestratorctl notify'),
  ).notifications;
  const messages = Object.fromEntries(told.map(({ tenant, message }) => [tenant, message]));
  expect(Object.keys(messages).sort()).toEqual(['acme', 'globex']);
  for (const message of Object.values(messages)) expect(message).toContain(`Since ${since}. us-east-1: `);
  expect(messages.acme).toContain('Your workloads concerned: checkout (critical), search.\n');
  expect(messages.globex).toContain('Your workloads concerned: billing (critical).\n');
  expect(messages.acme).toContain('Not served now: checkout, search.\n');
}

function expectRoomAskedBefore(run: ShippedRun): void {
  const said = outputOf(run, 'curl -fsS http://mcp-aws:8001/health && orchestratorctl room');
  const room = JSON.parse(said.slice(said.indexOf('{"from"')));
  expect(room).toMatchObject({ to: 'us-west-2', instances: { needed: 3, free: 11, capacity: 12 } });
  expect(room.requests.needed).toBeGreaterThan(10);
  expect(room.requests.free).toBeGreaterThan(room.requests.needed);
}

describe.each([
  ['our runbooks', runbooks.ours],
  ['the originals', runbooks.originals],
])('on %s', (_, folder) => {
  const there = existsSync(folder);

  it.runIf(there)('regional-outage/automation: one command moves everything, and it comes back', async () => {
    const run = await runShipped('regional-outage/automation', folder);
    expectMovedAndBack(run);
    expectTenantsTold(run);
    expectRoomAskedBefore(run);
    expect(outputOf(run, 'python -m cli health check')).toMatch(
      /^region us-east-1 unhealthy\n.*status page: FAILING, outage.*edge: FAILING/s,
    );
    const moved = outputOf(run, 'python -m phase_6_production_dr.failover');
    expect(moved).toMatch(/^failover fo-\w+ done\nfrom us-east-1 to us-west-2, 3 workloads moved\n/);
    expect(moved).toContain('api.platform.example: us-east-1 0, us-west-2 100, in sync');
  });

  it.runIf(there)('regional-outage/commands: started and asked for by its id', async () => {
    const run = await runShipped('regional-outage/commands', folder);
    expectMovedAndBack(run);
    const [, id] = /^failover (fo-\w+) running/.exec(outputOf(run, 'python -m cli failover start')) ?? [];
    expect(id).toBeDefined();
    expect(outputOf(run, `python -m cli failover status --id ${id}`)).toMatch(
      new RegExp(`^failover ${id} done`),
    );
    expect(outputOf(run, `python -m cli failover rollback --id ${id}`)).toContain('rolling-back');
  });

  it.runIf(there)('regional-outage/manual: by hand, since the automation is off', async () => {
    const run = await runShipped('regional-outage/manual', folder);
    expectMovedAndBack(run);
    expectTenantsTold(run);
    expect(outputOf(run, 'orchestratorctl move --from us-east-1')).toContain(
      '"moved":["billing","checkout","search"]',
    );
    const back = outputOf(run, 'orchestratorctl region-state us-east-1 active');
    expect(back.match(/is INSYNC: us-east-1=\d+ us-west-2=\d+/g)).toEqual(
      [10, 50, 100].map((share) => `is INSYNC: us-east-1=${share} us-west-2=${100 - share}`),
    );
    expect(back.match(/"shed":0,"failed":0/g)).toHaveLength(3);
  });
});
