import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runbooks, runShipped, type ShippedRun } from '../shipped-drill.ts';

const ruleOf = ({ result }: ShippedRun, rule: string) =>
  result.findings.filter((finding) => finding.rule === rule).map(({ message }) => message);

/** Passed in every finding; nothing lost; detected by the platform before the procedure; a health check noticed it. */
function expectRecovered(run: ShippedRun): void {
  expect({ exitCode: run.exitCode, notPassed: run.notPassed }).toEqual({ exitCode: 0, notPassed: [] });
  const { rtoLowerMs, rtoUpperMs, lost, acked } = run.result.figures;
  expect(rtoUpperMs).toBeGreaterThan(rtoLowerMs ?? Number.POSITIVE_INFINITY);
  expect([lost, acked]).toEqual([0, expect.toSatisfy((count: number) => count > 50)]);
  const phases = run.result.findings.find(({ rule }) => rule === 'recovery.phases');
  expect(phases?.figures?.detectUpperMs).toBeGreaterThan(0);
  expect(ruleOf(run, 'health-check').length).toBeGreaterThan(0);
}

const performed = ({ result }: ShippedRun, beginning: string) =>
  result.steps.flatMap(({ attempts }) => attempts).find(({ command }) => command?.startsWith(beginning));

describe.each([
  ['our runbooks', runbooks.ours],
  ['the originals', runbooks.originals],
])('on %s', (_, folder) => {
  const there = existsSync(folder);

  it.runIf(there)('mcp-credentials-expired: a rotation recovers, and the old key stays dead', async () => {
    const run = await runShipped('mcp-credentials-expired', folder);
    expectRecovered(run);
    expect(performed(run, 'python -m cli secrets rotate --all --cloud aws')).toMatchObject({
      exitCode: 0,
      standIns: [],
      checks: [{ ok: true }],
    });
    expect(ruleOf(run, 'criterion')).toEqual([expect.stringContaining('The old key stays dead')]);
    expect(ruleOf(run, 'cleanup.healed')).toEqual([expect.stringContaining('superseded')]);
    expect(ruleOf(run, 'health-check').join()).toContain('HTTP 403 ExpiredToken');
  });

  it.runIf(there)('mcp-rate-limited: a higher quota recovers, not the end of the fault', async () => {
    const run = await runShipped('mcp-rate-limited', folder);
    expectRecovered(run);
    expect(performed(run, 'cloudctl quota aws --per-second')).toMatchObject({ exitCode: 0, standIns: [] });
    expect(ruleOf(run, 'cleanup.healed')).toEqual([expect.stringContaining('superseded')]);
  });

  it.runIf(there)('mcp-network-timeout: ready again without the cloud', async () => {
    const run = await runShipped('mcp-network-timeout', folder);
    expectRecovered(run);
    expect(performed(run, 'orchestratorctl routing aws off')?.checks.map(({ ok }) => ok)).toEqual([
      true,
      true,
      true,
    ]);
    expect(ruleOf(run, 'health-check').join()).toContain('no answer within 0.5 s');
  });

  it.runIf(there)('mcp-out-of-memory: ends by SIGABRT, and lives on more under the same load', async () => {
    const run = await runShipped('mcp-out-of-memory', folder);
    expectRecovered(run);
    const ends = run.timeline.marks.flatMap((mark) =>
      mark.type === 'component.exited' && mark.component === 'mcp-aws' ? [mark] : [],
    );
    expect(ends.map(({ signal }) => signal)).toContain('SIGABRT');
    const raised = run.timeline.marks.find(
      (mark) => mark.type === 'step.start' && mark.command?.startsWith('kubectl set resources') === true,
    );
    const after = ends.filter(({ atNs }) => atNs > (raised?.atNs ?? Number.POSITIVE_INFINITY));
    expect(after.at(-1)).toMatchObject({ code: 0, signal: null });
  });

  it.runIf(there)('mcp-all-replicas-down: reads only without the cloud, and returns', async () => {
    const run = await runShipped('mcp-all-replicas-down', folder);
    expectRecovered(run);
    expect(performed(run, 'orchestratorctl mode degraded')?.checks).toMatchObject([
      { check: 'reads are served', ok: true },
      { check: 'provisioning is refused', ok: true },
    ]);
    const failback = run.result.objectives.find(({ name }) => name === 'failback');
    expect(failback).toMatchObject({
      status: 'pass',
      message: expect.stringContaining('healed until returned'),
    });
  });
});
