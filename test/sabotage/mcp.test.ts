import { expect, it } from 'vitest';
import { runDrill } from '../drill-process.ts';
import { full } from '../full.ts';
import { type DrillFile, type Sabotage, type StageFile, stepsOf, withSabotage } from './patched-project.ts';

/** Runs it and expects that it does not pass, and that each of these findings tells why. */
async function expectFindings(
  sabotage: Sabotage,
  exitCode: 1 | 2,
  findings: readonly (readonly [string, RegExp])[],
) {
  await withSabotage(sabotage, async (project) => {
    const run = await runDrill(project, sabotage.drill);
    const told = run.findings.filter(({ status }) => status !== 'pass');
    const all = told.map(({ rule, message }) => `${rule}: ${message}`).join('\n');
    for (const [rule, words] of findings)
      expect(
        told.some((finding) => finding.rule === rule && words.test(finding.message)),
        `${rule} ${words} is not in\n${all}\n${run.stderr}`,
      ).toBe(true);
    expect(run.exitCode).toBe(exitCode);
  });
}

function perform(drill: DrillFile, beginning: string, command: string): void {
  for (const step of stepsOf(drill, beginning)) step.perform = command;
  impatient(drill);
}

/** What does not come is not waited for as long as a recovery. */
function impatient({ stages }: DrillFile): void {
  const recovered = stages.find((stage: StageFile) => stage.until === 'recovered');
  if (recovered === undefined) throw new Error('the drill does not wait for recovery');
  recovered.within = '4s';
}

it('mcp-credentials-expired: a new key that nobody stores recovers nothing', () =>
  expectFindings(
    {
      drill: 'mcp-credentials-expired',
      inDrill: (drill) =>
        perform(
          drill,
          'python -m cli secrets rotate',
          'curl -fsS -o /dev/null -X POST -H "authorization: Key $AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" http://aws:4566/iam/access-keys',
        ),
    },
    1,
    [
      ['runbook.manual', /Credentials have run out.*the MCP server's calls are taken again/],
      ['rto.not-recovered', /keys-expired/],
      ['criterion', /The old key stays dead.*not met/],
    ],
  ));

it.runIf(full)('mcp-rate-limited: a quota that is asked for and not changed recovers nothing', () =>
  expectFindings(
    {
      drill: 'mcp-rate-limited',
      inDrill: (drill) => perform(drill, 'cloudctl quota aws --per-second', 'cloudctl quota aws'),
    },
    1,
    [
      ['runbook.manual', /The provider limits our rate.*the provider has raised the quota/],
      ['rto.not-recovered', /quota-lowered/],
    ],
  ),
);

it.runIf(full)(
  'mcp-network-timeout: workloads that nobody moves are missed, though the orchestrator is ready',
  () =>
    expectFindings(
      {
        drill: 'mcp-network-timeout',
        inDrill: (drill) =>
          perform(drill, 'orchestratorctl routing aws off', 'orchestratorctl routing aws off'),
      },
      1,
      [
        ['criterion', /Every workload runs in another cloud.*not met/],
        ['runbook.manual', /Send workloads to the other clouds.*no workload is placed in aws/],
      ],
    ),
);

it.runIf(full)('mcp-out-of-memory: a limit that is hardly higher does not last', () =>
  expectFindings(
    {
      drill: 'mcp-out-of-memory',
      inDrill: (drill) =>
        perform(
          drill,
          'kubectl set resources',
          'kubectl set resources deployment mcp-aws -n mcp-servers --limits=memory=56Mi',
        ),
    },
    1,
    [
      ['rto.not-recovered', /reports-left-open/],
      ['runbook.manual', /look for the usual causes.*under the same load it holds more than the old limit/],
    ],
  ),
);

it('mcp-all-replicas-down: a platform that still provisions is not degraded', () =>
  expectFindings(
    {
      drill: 'mcp-all-replicas-down',
      inDrill: (drill) => perform(drill, 'orchestratorctl mode degraded', 'orchestratorctl mode normal'),
    },
    2,
    [['runbook.manual', /Switch to degraded mode.*provisioning is refused/]],
  ));
