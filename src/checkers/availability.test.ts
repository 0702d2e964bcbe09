import { describe, expect, it } from 'vitest';
import type { SlotOutcome } from '../timeline/events.ts';
import { planOf, runMarks, slotsOf } from '../timeline/testing.ts';
import { availability } from './availability.ts';
import { findingsOf, outageRun, statuses, without } from './testing.ts';

const atLeast = (share: number) =>
  planOf({ objectives: { up: { kind: 'availability', probe: 'api', atLeast: share } } });

describe('availability', () => {
  it('counts failed slots, gaps and the longest of them, from the fault to the end of the settle phase', () => {
    const [finding] = findingsOf(availability, outageRun([4000, 4500], [5000, 6000], [8000, 8500]));
    expect(finding).toMatchObject({
      dimension: 'recovery',
      status: 'pass',
      figures: { availability: 0.9, downMs: 1500, gaps: 2, longestGapMs: 1000, errorBudgetShare: null },
    });
    expect(finding?.message).toContain(
      'answered in 90 % of the time since the fault: 1.5s without service in 2 gaps, the longest 1s',
    );
  });

  it('judges an objective and its error budget', () => {
    const run = outageRun([5000, 6500]);
    expect(statuses(findingsOf(availability, run, atLeast(0.9)))).toEqual(['availability: pass']);
    expect(statuses(findingsOf(availability, run, atLeast(0.91)))).toEqual(['availability: fail']);
    expect(findingsOf(availability, run, atLeast(0.8))[0]?.figures?.errorBudgetShare).toBeCloseTo(0.5);
    expect(findingsOf(availability, run, atLeast(1))[0]?.figures?.errorBudgetShare).toBeNull();
  });

  it('does not know where unsent slots decide', () => {
    const outcome = (due: number): SlotOutcome =>
      due >= 5000 && due < 6500 ? 'failed' : due >= 7000 && due < 7500 ? 'unsent' : 'ok';
    const run = [...runMarks(), ...slotsOf({ untilMs: 20_000, outcome })];
    expect(statuses(findingsOf(availability, run, atLeast(0.85)))).toEqual(['availability: pass']);
    expect(statuses(findingsOf(availability, run, atLeast(0.88)))).toEqual(['availability: inconclusive']);
    expect(statuses(findingsOf(availability, run, atLeast(0.9)))).toEqual(['availability: inconclusive']);
    expect(statuses(findingsOf(availability, run, atLeast(0.95)))).toEqual(['availability: fail']);
  });

  it('does not know of a probe that recorded nothing, and says nothing without a fault', () => {
    expect(statuses(findingsOf(availability, runMarks()))).toEqual(['availability: inconclusive']);
    expect(findingsOf(availability, without(outageRun(), 'fault.injecting'))).toEqual([]);
  });
});
