import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../timeline/events.ts';
import { failingIn, mark, planOf, runMarks, slotsOf, timelineOf } from '../timeline/testing.ts';
import { lengthWords, outageOf, withPeople } from './outage.ts';
import { attempted, performing, procedureOf, running } from './runbook-samples.ts';
import { outageRun, without } from './testing.ts';

const outage = (events: readonly JournalEvent[], plan = planOf()) => outageOf(timelineOf(plan, events), plan);
const wordsOf = (events: readonly JournalEvent[]) => {
  const found = outage(events);
  return found === null ? null : lengthWords(found);
};

describe('an outage', () => {
  it('lasts from the injection to the first success, and its last failure is before that', () => {
    expect(outage(outageRun())).toEqual({
      fromNs: 5000e6,
      lastFailureNs: 7900e6,
      endNs: 8005e6,
      machineMs: 3005,
      withPeopleMs: 3005,
      over: true,
    });
    expect(wordsOf(outageRun())).toBe('the outage was at most 3.01s');
  });

  it('is as long as it was seen where nobody saw its end', () => {
    expect(outage(outageRun([5000, 99_000]))).toMatchObject({ over: false, lastFailureNs: 19_900e6 });
    expect(wordsOf(outageRun([5000, 99_000]))).toBe('the outage was more than 14.9s');
  });

  it('is none where nothing was broken, and of no length where nobody noticed', () => {
    expect(outage(slotsOf({ untilMs: 900, outcome: failingIn() }))).toBeNull();
    const unnoticed = [...runMarks(), ...slotsOf({ untilMs: 20_000, outcome: () => 'ok' })];
    expect(outage(unnoticed)).toMatchObject({ machineMs: 0, over: true });
    expect(wordsOf(unnoticed)).toBe('no client noticed an outage');
  });

  it('is as long as its symptoms where no client is among those that failed', () => {
    const plan = planOf({
      probes: {
        api: { kind: 'http', role: 'api', path: '/' },
        web: { kind: 'http', role: 'web', path: '/' },
      },
      recovered: { ...planOf().recovered, probes: ['web'] },
    });
    const events = [...outageRun(), ...slotsOf({ probe: 'web', untilMs: 20_000, outcome: () => 'ok' })];
    expect(outage(events, plan)).toMatchObject({ machineMs: 3005, over: true });
  });

  it('is of unknown length where its client recorded nothing', () => {
    expect(outage(runMarks())).toMatchObject({ machineMs: 0, over: false });
    expect(wordsOf(runMarks())).toBe('how long the outage was is not known');
  });
});

describe('the clock that counts people', () => {
  const plan = planOf({
    stages: [{ kind: 'inject', fault: 'crash' }, procedureOf([running({ peopleMs: 60_000 })])],
  });
  const events = [...outageRun(), ...attempted('as-written')];

  it('adds the time of a step from when it was begun, and nothing before', () => {
    const clock = withPeople(timelineOf(plan, events), plan, 5000e6);
    expect([4000, 5000, 5999, 6000, 7000].map((ms) => clock(ms * 1e6))).toEqual([0, 0, 999, 61_000, 62_000]);
  });

  it('adds nothing of a step that was never begun, nor of one after the outage', () => {
    expect(outage(without(events, 'step.start', 'step.end'), plan)).toMatchObject({ withPeopleMs: 3005 });
    const late = mark(9000, {
      type: 'step.start',
      step: 'step-1',
      procedure: 'fix',
      attempt: 'performed',
      command: 'true',
    });
    const performed = planOf({
      stages: [{ kind: 'inject', fault: 'crash' }, performing({ peopleMs: 60_000 })],
    });
    expect(outage([...outageRun(), late], performed)).toMatchObject({ withPeopleMs: 3005 });
  });
});
