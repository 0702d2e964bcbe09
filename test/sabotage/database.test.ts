import { describe, expect, it } from 'vitest';
import { type RunDrill, runDrill } from '../drill-process.ts';
import { full } from '../full.ts';
import { type Sabotage, type StepFile, stepsOf, withSabotage } from './patched-project.ts';

/** Runs it as `drill` or `drill/variant`. */
function sabotaged(sabotage: Sabotage, variant = ''): Promise<RunDrill> {
  return withSabotage(sabotage, (project) => runDrill(project, `${sabotage.drill}${variant}`));
}

function expectFound(run: RunDrill, rule: string, words: RegExp): void {
  expect(run.exitCode).not.toBe(0);
  const told = run.findings
    .filter((finding) => finding.status !== 'pass')
    .map((finding) => `${finding.rule}: ${finding.message} ${finding.details?.join(' ') ?? ''}`);
  expect(told.filter((each) => each.startsWith(`${rule}: `)).join('\n'), told.join('\n')).toMatch(words);
}

/** Not while the fault was there: whether the drill sees the recovery that its end brings depends on how soon that comes. */
function expectNoRecovery(run: RunDrill): void {
  const gate = run.findings.find(({ figures }) => figures?.objective === 'rto-gate');
  expect(gate).toMatchObject({ dimension: 'recovery', status: 'fail' });
  expect(gate?.rule).toMatch(/^rto(\.not-recovered)?$/);
}

/** The step says that it did it, and does nothing. */
const doNothing = (step: StepFile | undefined) => step && Object.assign(step, { perform: 'true' });

describe('a sabotaged database drill', () => {
  it('that ends nobody has not recovered from an exhausted pool', async () => {
    const run = await sabotaged({
      drill: 'connection-pool-exhaustion',
      inDrill: (drill) => doNothing(stepsOf(drill, 'psql')[0]),
    });
    expectNoRecovery(run);
    expectFound(run, 'runbook.manual', /did nothing: "the report has no connection left" was not so/);
  });

  it.runIf(full)('that ends nobody has not recovered from a lock', async () => {
    const run = await sabotaged({
      drill: 'query-timeouts',
      inDrill: (drill) => doNothing(stepsOf(drill, 'psql')[0]),
    });
    expectNoRecovery(run);
    expectFound(run, 'runbook.manual', /did nothing: "nobody waits for a lock on the workloads" was not so/);
  });

  it.runIf(full)('that leaves the reads at the replica serves stale ones', async () => {
    const run = await sabotaged({
      drill: 'replication-lag',
      inDrill: (drill) => {
        doNothing(stepsOf(drill, 'orchestratorctl reads primary')[0]);
        drill.stages.splice(3); // what comes after the recovery is not the point here
        delete (drill.objectives as { [name: string]: unknown })['replica-rebuilt'];
      },
    });
    expectNoRecovery(run);
    expectFound(run, 'runbook.manual', /did nothing: "a tenant reads what it has just written" was not so/);
  });

  it('that restores by the command as the playbook has it loses what came after the backup', async () => {
    const run = await sabotaged({
      drill: 'point-in-time-recovery',
      inDrill: (drill) => {
        const [restore] = stepsOf(drill, 'id=');
        Object.assign(restore as StepFile, { perform: restore?.perform?.replace(/ --to-time .*/, '') });
      },
    });
    expectFound(run, 'runbook.manual', /did nothing: "every row from before the moment is there" was not so/);
  });

  it.runIf(full)('that goes back to after the bad UPDATE has its damage still', async () => {
    const run = await sabotaged({
      drill: 'point-in-time-recovery',
      inDrill: (drill) => {
        const [restore] = stepsOf(drill, 'id=');
        Object.assign(restore as StepFile, {
          perform: restore?.perform?.replace(/--to-time .*/, '--to-time latest'),
        });
      },
    });
    expectFound(run, 'runbook.manual', /did nothing: "globex has its workload back" was not so/);
    expectNoRecovery(run);
  });

  it('that restores the damaged backup is refused, and says so', async () => {
    const run = await sabotaged({
      drill: 'backup-verification',
      inDrill: (drill) => {
        for (const step of stepsOf(drill, 'python -m cli backup').slice(2))
          step.bind = { id: '${captured.damaged}' };
      },
    });
    expectFound(run, 'runbook.step', /backup restore.* fails as written: it exited with 1/);
    expectFound(run, 'runbook.step', /is damaged and is not restored/);
  });
});

/** The same drill, the damage elsewhere: it passes because verifying names it. */
describe('a backup that is damaged elsewhere', () => {
  it.runIf(full).each([
    ['wal', /wal: damaged\n +WAL [0-9A-F]{24}: SHA-256 is/],
    ['manifest', /manifest: damaged\n +backup_manifest: it is not the manifest that came with the backup/],
  ])('%s is found, and the older one restored', async (where, words) => {
    const run = await sabotaged({
      drill: 'backup-verification',
      platforms: { local: { components: { 'bit-rot': { env: { WHERE: where } } } } },
    });
    expect(run.findings.filter(({ status }) => status !== 'pass')).toEqual([]);
    const verify = run.timeline.marks.find(
      (mark) =>
        mark.type === 'step.end' && mark.procedure === 'verify-the-newest' && mark.result.exitCode === 1,
    );
    expect(verify).toMatchObject({ result: { stdout: expect.stringMatching(words) } });
  });
});
