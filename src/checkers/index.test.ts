import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf, timelineOf } from '../timeline/testing.ts';
import { dimensions } from './checker.ts';
import { allCheckers } from './index.ts';
import { outageRun } from './testing.ts';

const events = outageRun();

/** What every checker must do, whatever question it asks. */
describe.each(allCheckers.map((checker) => [checker.name, checker] as const))('checker %s', (_, checker) => {
  it('answers of a whole run, with findings that can be shown and stored', () => {
    for (const finding of checker.check(timelineOf(planOf(), events), planOf())) {
      expect(dimensions).toContain(finding.dimension);
      expect(['pass', 'inconclusive', 'fail']).toContain(finding.status);
      expect(finding.message).toMatch(/^\S.*[.:…]$/su);
      expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
    }
  });

  it('answers the same again, and leaves what it was given as it was', () => {
    const timeline = timelineOf(planOf(), events);
    const plan = planOf();
    const marks = structuredClone(timeline.marks);
    const first = checker.check(timeline, plan);
    expect(checker.check(timeline, plan)).toEqual(first);
    expect(timeline.marks).toEqual(marks);
    expect(plan).toEqual(planOf());
  });

  it('does not throw, wherever a journal ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: events.length }), (length) => {
        checker.check(timelineOf(planOf(), events.slice(0, length)), planOf());
      }),
    );
  });
});

describe('the list of checkers', () => {
  it('asks about every dimension, each under a name of its own', () => {
    expect(new Set(allCheckers.map(({ dimension }) => dimension))).toEqual(new Set(dimensions));
    expect(new Set(allCheckers.map(({ name }) => name)).size).toBe(allCheckers.length);
  });
});
