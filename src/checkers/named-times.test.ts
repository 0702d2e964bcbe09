import { describe, expect, it } from 'vitest';
import type { Objective, Plan } from '../definition/plan.ts';
import type { JournalEvent } from '../timeline/events.ts';
import { failingIn, mark, planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { provedBy } from './proved-by.ts';
import { rto } from './rto.ts';
import { findingsOf, outageRun, statuses, without } from './testing.ts';

const time = (from: string, until: string, targetMs: number): Objective => ({
  kind: 'time',
  from,
  until,
  targetMs,
});

/** An attacker's door `door`, open from the fault at 5 s until it is closed; the drill waits for that until 16 s. */
const contained = (objective: Objective): Plan =>
  planOf({
    stages: [
      { kind: 'inject', fault: 'crash' },
      {
        kind: 'until',
        condition: { probe: 'door', is: 'failing', for: 500 },
        withinMs: 11_000,
        as: 'contained',
        provedBy: { healthyWithinMs: 1000, before: 'procedure.contain.start' },
      },
    ],
    objectives: { 'time-to-contain': objective },
  });
const containing = [
  mark(6000, { type: 'procedure.start', procedure: 'contain' }),
  mark(8000, { type: 'procedure.end', procedure: 'contain' }),
];
const attack = (openMs: number, closedMs: number): JournalEvent[] => [
  ...without(runMarks(), 'condition.met'),
  ...containing,
  ...slotsOf({ probe: 'door', untilMs: 18_000, outcome: failingIn([0, openMs], [closedMs, 99_000]) }),
];

describe('time to contain', () => {
  it('is judged by the upper end of when the door was closed', () => {
    const [finding] = findingsOf(rto, attack(5000, 7300), contained(time('crash', 'contained', 2400)));
    expect(finding).toMatchObject({
      status: 'pass',
      rule: 'time',
      figures: { objective: 'time-to-contain', lowerMs: 2190, upperMs: 2305 },
      message: '"time-to-contain" (crash until contained) was 2.19s to 2.31s, within the target of 2.4s.',
    });
    expect(finding?.figures).not.toHaveProperty('rtoUpperMs');
    expect(
      statuses(findingsOf(rto, attack(5000, 7300), contained(time('crash', 'contained', 2300)))),
    ).toEqual(['time: fail']);
  });

  it('is more than what was seen where the door stayed open', () => {
    const [finding] = findingsOf(rto, attack(5000, 99_000), contained(time('crash', 'contained', 60_000)));
    expect(finding).toMatchObject({ status: 'fail', rule: 'time.not-over' });
    expect(finding?.message).toMatch(
      /is more than 10\.\d+s \(target 1m\): "contained" was awaited and did not come: "door is failing for 500ms" did not hold\.$/,
    );
    expect(finding?.figures).not.toHaveProperty('rtoLowerMs');
  });

  it('is not known where the door was never open, or was closed before the fault', () => {
    const never = findingsOf(rto, attack(99_000, 99_000), contained(time('crash', 'contained', 60_000)));
    expect(never).toMatchObject([{ status: 'inconclusive', rule: 'time.unknown' }]);
    expect(never[0]?.message).toContain('held from the start');
    const before = findingsOf(rto, attack(1000, 3000), contained(time('crash', 'contained', 60_000)));
    expect(before).toMatchObject([{ status: 'inconclusive', rule: 'time.unknown' }]);
    expect(before[0]?.message).toContain('"contained" was before "crash"');
  });

  it('may be what another time begins with', () => {
    const [finding] = findingsOf(rto, attack(5000, 7300), contained(time('contained', 'healed', 60_000)));
    expect(finding?.figures).toMatchObject({ lowerMs: 9195, upperMs: 9400 });
  });
});

describe('what proves that somebody ended it', () => {
  const plan = contained(time('crash', 'contained', 1));

  it('is a success shortly before they set about it', () => {
    expect(findingsOf(provedBy, attack(5000, 7300), plan)).toMatchObject([
      { dimension: 'validity', status: 'pass', rule: 'validity.proved-by' },
    ]);
  });

  it('is missing where it had ended by itself, nobody set about it, or nothing was recorded', () => {
    const inconclusive = [{ status: 'inconclusive', rule: 'validity.proved-by' }];
    expect(findingsOf(provedBy, attack(2000, 4900), plan)).toMatchObject(inconclusive);
    expect(findingsOf(provedBy, attack(6100, 7300), plan)).toMatchObject(inconclusive);
    expect(findingsOf(provedBy, without(attack(5000, 7300), 'procedure.start'), plan)).toMatchObject(
      inconclusive,
    );
    expect(findingsOf(provedBy, [...runMarks(), ...containing], plan)).toMatchObject(inconclusive);
  });
});

describe('failback time', () => {
  it('is that of its procedure, whatever fails meanwhile', () => {
    const plan = planOf({
      objectives: { failback: time('procedure.back.start', 'procedure.back.end', 3000) },
    });
    const back = [
      mark(12_000, { type: 'procedure.start', procedure: 'back' }),
      mark(14_500, { type: 'procedure.end', procedure: 'back' }),
    ];
    const run = [...outageRun([5000, 8000], [13_000, 13_100]), ...back];
    expect(findingsOf(rto, run, plan)).toMatchObject([
      { status: 'pass', rule: 'time', figures: { lowerMs: 2500, upperMs: 2500 } },
    ]);
    expect(statuses(findingsOf(rto, run.slice(0, -1), plan))).toEqual(['time.unknown: inconclusive']);
  });
});
