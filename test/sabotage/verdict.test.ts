import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Checker, Finding } from '../../src/checkers/checker.ts';
import { faultStatus } from '../../src/checkers/fault-status.ts';
import { harness } from '../../src/checkers/harness.ts';
import { allCheckers } from '../../src/checkers/index.ts';
import { judge } from '../../src/checkers/judge.ts';
import { rpo } from '../../src/checkers/rpo.ts';
import { rto } from '../../src/checkers/rto.ts';
import { runbook } from '../../src/checkers/runbook.ts';
import { validity } from '../../src/checkers/validity.ts';
import { type RunDrill, runDrill } from '../drill-process.ts';

const project = fileURLToPath(new URL('./project', import.meta.url));

/**
 * Drills that try to fool the verdict, each a sabotaged twin of the healthy one. Whatever catches one is taken out of
 * the list of checkers afterwards, to show that nothing else would have.
 */
function expectCaught(run: RunDrill, checker: Checker, caught: (finding: Finding) => boolean): void {
  expect(run.findings.filter(caught), run.findings.map(({ message }) => message).join('\n')).not.toEqual([]);
  expect(run.without(checker).findings.filter(caught)).toEqual([]);
}

describe('the healthy twin', () => {
  it('passes', async () => {
    const run = await runDrill(project, 'shop-loss/healthy');
    expect(run.findings.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(run).toMatchObject({ exitCode: 0, verdict: { overall: 'pass' } });
  });
});

describe('a sabotaged drill', () => {
  it('whose fault has no effect is inconclusive', async () => {
    const run = await runDrill(project, 'shop-loss/no-effect');
    expect(run).toMatchObject({
      exitCode: 2,
      verdict: { overall: 'inconclusive', dimensions: { validity: 'inconclusive' } },
    });
    expectCaught(
      run,
      validity,
      ({ rule, status }) => rule === 'validity.symptom' && status === 'inconclusive',
    );
  });

  it('that throws acknowledged writes away fails, and names them', async () => {
    const run = await runDrill(project, 'shop-loss/loses-writes');
    expect(run).toMatchObject({ exitCode: 1, verdict: { dimensions: { data: 'fail', recovery: 'pass' } } });
    const lost = ({ dimension, status }: Finding) => dimension === 'data' && status === 'fail';
    expectCaught(run, rpo, lost);
    const finding = run.findings.find(lost);
    expect(finding?.figures).toMatchObject({ lost: expect.any(Number) });
    expect(Number(finding?.figures?.lost)).toBeGreaterThan(0);
    expect(`${finding?.message} ${finding?.details?.join(' ')}`).toMatch(/\b[01]-\d+\b/);
  });

  it('that flaps has not recovered', async () => {
    const run = await runDrill(project, 'shop-loss/flaps');
    expect(run).toMatchObject({ exitCode: 1, verdict: { dimensions: { recovery: 'fail' } } });
    expectCaught(run, rto, ({ rule, status }) => rule === 'rto.not-recovered' && status === 'fail');
  });

  it('with a step that exits 0 and does nothing has a finding on the runbook', async () => {
    const run = await runDrill(project, 'shop-loss/does-nothing');
    expect(run).toMatchObject({ exitCode: 1, verdict: { dimensions: { runbook: 'fail' } } });
    expectCaught(
      run,
      runbook,
      ({ rule, status, message }) =>
        rule === 'runbook.step' && status === 'fail' && message.includes('did nothing'),
    );
  });

  it('whose fault was gone before the procedure began is inconclusive', async () => {
    const run = await runDrill(project, 'shop-by-itself/fault-gone');
    expect(run).toMatchObject({ exitCode: 2, verdict: { dimensions: { validity: 'inconclusive' } } });
    expectCaught(
      run,
      faultStatus,
      ({ rule, status }) => rule === 'validity.fault-status' && status === 'inconclusive',
    );
  });

  it('whose platform recovered by itself has a result: the procedure was not needed', async () => {
    const run = await runDrill(project, 'shop-by-itself/recovers-by-itself');
    expect(run).toMatchObject({ exitCode: 0, verdict: { overall: 'pass' } });
    expectCaught(
      run,
      faultStatus,
      ({ rule, status }) => rule === 'procedure.not-needed' && status === 'pass',
    );
  });

  it('whose probes the machine held up is inconclusive, never passed', async () => {
    const run = await runDrill(project, 'shop-by-itself/recovers-by-itself', stopWhileItRecovers);
    expect(run.exitCode).toBe(2);
    expect(run.verdict.dimensions).toMatchObject({ validity: 'inconclusive', recovery: 'inconclusive' });
    expectCaught(
      run,
      harness,
      ({ rule, status }) => rule === 'validity.recovery' && status === 'inconclusive',
    );
  });

  it('with a checker that throws is inconclusive', async () => {
    const run = await runDrill(project, 'shop-loss/healthy');
    const broken: Checker = {
      name: 'broken',
      dimension: 'data',
      check() {
        throw new Error('a defect');
      },
    };
    const { findings, verdict } = judge(run.timeline, run.plan, [...allCheckers, broken]);
    expect(verdict).toMatchObject({ overall: 'inconclusive', dimensions: { data: 'inconclusive' } });
    expect(findings).toContainEqual(
      expect.objectContaining({ rule: 'checker.failed', message: expect.stringContaining('a defect') }),
    );
  });
});

/** Stops the harness itself from the fault on, until the shop has come back: what its clients saw then, nobody knows. */
async function stopWhileItRecovers(child: ChildProcess, out: string): Promise<void> {
  while (!(await journalOf(out)).includes('"type":"fault.injected"')) {
    if (child.exitCode !== null) return;
    await sleep(5);
  }
  child.kill('SIGSTOP');
  await sleep(3_000);
  child.kill('SIGCONT');
}

async function journalOf(out: string): Promise<string> {
  const [run] = await readdir(out);
  return run === undefined ? '' : readFile(join(out, run, 'journal.ndjson'), 'utf8').catch(() => '');
}
