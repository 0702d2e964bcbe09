import { describe, expect, it } from 'vitest';
import type { SlotOutcome } from '../timeline/events.ts';
import { failingIn, mark, planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { harness } from './harness.ts';
import { findingsOf, outageRun, statuses, without } from './testing.ts';

const outage = failingIn([5000, 8000]);
const unsentAt = (...dueMs: number[]) => [
  ...runMarks(),
  ...slotsOf({
    untilMs: 20_000,
    outcome: (due): SlotOutcome => (dueMs.includes(due) ? 'unsent' : outage(due)),
  }),
];

describe('harness', () => {
  it('passes where every slot was sent on time', () => {
    const findings = findingsOf(harness, outageRun());
    expect(statuses(findings)).toEqual(['validity.slots: pass']);
    expect(findings[0]).toMatchObject({
      message: 'Probe "api": 200 slots, all sent on time since the fault.',
      figures: { unsent: 0, slots: 200 },
    });
  });

  it('is inconclusive for slots not sent in the window that could be the recovery', () => {
    const findings = findingsOf(harness, unsentAt(8300, 8400));
    expect(statuses(findings)).toEqual(['validity.recovery: inconclusive', 'validity.slots: pass']);
  });

  it('does not ask for a recovery that the drill does not measure', () => {
    const objectives = {
      restored: { kind: 'time', from: 'db-killed', until: 'healed', targetMs: 1000 },
    } as const;
    const findings = findingsOf(harness, unsentAt(8300, 8400), planOf({ objectives, stages: [] }));
    expect(statuses(findings)).toEqual(['validity.slots: pass']);
  });

  it('counts slots not sent where they decide nothing', () => {
    const [finding] = findingsOf(harness, unsentAt(6000, 15_000));
    expect(finding).toMatchObject({ status: 'pass', figures: { unsent: 2 }, evidenceNs: [6000e6, 15_000e6] });
  });

  it('is inconclusive for slots whose time ran out while the thread stood still', () => {
    const stall = mark(8400, { type: 'harness.lag', thread: 'sampler', lagNs: 250e6 });
    const slots = slotsOf({
      untilMs: 20_000,
      outcome: (due) => ([8200, 8300].includes(due) ? 'late' : outage(due)),
    });
    const findings = findingsOf(harness, [...runMarks(), ...slots, stall]);
    expect(statuses(findings)).toEqual(['validity.recovery: inconclusive', 'validity.slots: pass']);
    expect(findings[1]?.figures).toMatchObject({ lags: 1, longestLagMs: 255 });
  });

  it('is inconclusive for a probe that stopped before the end, or never began', () => {
    const short = [...runMarks(), ...slotsOf({ untilMs: 15_000, outcome: outage })];
    expect(statuses(findingsOf(harness, short))).toEqual([
      'validity.slots: pass',
      'validity.probe: inconclusive',
    ]);
    expect(statuses(findingsOf(harness, runMarks()))).toContain('validity.probe: inconclusive');
  });

  it('is inconclusive for any probe of the drill that stopped, not for clients alone', () => {
    const [api] = Object.values(planOf().probes);
    if (api === undefined) throw new Error('the plan of tests has a probe');
    const plan = planOf({ probes: { ...planOf().probes, alert: api } });
    const alert = (untilMs: number) => [
      ...outageRun(),
      ...slotsOf({ probe: 'alert', untilMs, outcome: () => 'ok' }),
    ];
    expect(statuses(findingsOf(harness, alert(20_000), plan))).toEqual(['validity.slots: pass']);
    expect(statuses(findingsOf(harness, alert(15_000), plan))).toEqual([
      'validity.slots: pass',
      'validity.probe: inconclusive',
    ]);
    expect(statuses(findingsOf(harness, outageRun(), plan))).toContain('validity.probe: inconclusive');
  });

  it('has nothing to say where no fault was set off', () => {
    expect(findingsOf(harness, without(outageRun(), 'fault.injecting', 'fault.injected'))).toEqual([]);
  });
});
