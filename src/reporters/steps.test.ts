import { describe, expect, it } from 'vitest';
import { judged } from '../../test/reporters/judged.ts';
import { stepReports } from './steps.ts';

describe('stepReports', () => {
  const { plan, timeline } = judged();
  const reports = stepReports(plan, timeline);
  const outcome = (id: string) => reports.find((report) => report.id === id)?.outcome;

  it('tells what became of each step of the plan, in its order', () => {
    expect(reports.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['manual-1', 'undone'],
      ['command-1', 'failed'],
      ['command-2', 'not-proved'],
      ['command-3', 'as-written'],
      ['command-4', 'corrected'],
      ['command-5', 'platform-differs'],
      ['command-6', 'not-run'],
      ['manual-3', 'performed'],
      ['command-7', 'left-out'],
    ]);
  });

  it('keeps the failed attempt beside the correction that worked', () => {
    const corrected = reports.find((report) => report.id === 'command-4');
    expect(corrected?.attempts.map((attempt) => [attempt.attempt, attempt.result?.exitCode])).toEqual([
      ['as-written', 3],
      ['correction', 0],
    ]);
    expect(corrected?.reason).toBe('it exited with 3: curl globs {} and []');
  });

  it('calls a step failed whose effect did not show, whatever its exit code', () => {
    const marks = timeline.marks.map((mark) =>
      mark.type === 'step.verified' ? { ...mark, ok: false } : mark,
    );
    const [, , promote] = stepReports(plan, { ...timeline, marks });
    expect(promote?.outcome).toBe('failed');
    expect(promote?.attempts[0]?.result?.exitCode).toBe(0);
  });

  it('says that a run ended before a step, or inside it', () => {
    const marks = timeline.marks.filter((mark) => mark.atNs < 6.9e9);
    const cut = stepReports(plan, { ...timeline, marks });
    expect(cut.find((report) => report.id === 'command-3')).toMatchObject({
      outcome: 'not-run',
      reason: 'nothing shows that it was tried',
    });
    expect(cut.find((report) => report.id === 'command-2')).toMatchObject({
      outcome: 'not-run',
      reason: 'it was under way when the run ended',
    });
    expect(outcome('command-2')).toBe('not-proved');
  });

  it("takes an operator's word for a manual step", () => {
    const answered = timeline.marks.map((mark) =>
      mark.type === 'step.not-run' && mark.step === 'manual-1'
        ? ({
            type: 'step.manual',
            atNs: mark.atNs,
            step: mark.step,
            procedure: 'promote',
            by: 'operator',
            answer: 'done',
            note: 'looked',
          } as const)
        : mark,
    );
    expect(stepReports(plan, { ...timeline, marks: answered })[0]).toMatchObject({
      outcome: 'by-operator',
      reason: null,
    });
  });
});
