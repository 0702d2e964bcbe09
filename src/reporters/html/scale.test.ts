import { describe, expect, it } from 'vitest';
import { durationScale, formatOffset, ticks, timeScale } from './scale.ts';

const labels = (fromMs: number, toMs: number) =>
  ticks(timeScale(fromMs * 1e6, toMs * 1e6, 0), 8).map((tick) => tick.label);

describe('ticks', () => {
  it('are round, few, and have zero among them', () => {
    expect(labels(-3400, 10_000)).toEqual(['−2 s', '0', '+2 s', '+4 s', '+6 s', '+8 s', '+10 s']);
    expect(labels(-60_000, 3_600_000)).toEqual(['0', '+10m', '+20m', '+30m', '+40m', '+50m', '+1h']);
    expect(labels(0, 3)).toEqual(['0', '+1 ms', '+2 ms', '+3 ms']);
    expect(labels(0, 1e12).length).toBeLessThanOrEqual(8);
  });
});

describe('timeScale', () => {
  it('keeps everything on the picture, one of no width included', () => {
    const scale = timeScale(100, 200, 100);
    expect([50, 100, 150, 300].map(scale.at)).toEqual([0, 0, 0.5, 1]);
    expect(timeScale(5, 5, 5).at(5)).toBe(0);
  });
});

describe('durationScale', () => {
  it('is even where values are near each other', () => {
    const { at, logarithmic } = durationScale([2000, 5000]);
    expect(logarithmic).toBe(false);
    expect(at(2500) / at(5000)).toBeCloseTo(0.5);
  });

  it('is logarithmic where they are not, and still in order', () => {
    const { at, logarithmic } = durationScale([2306, 2352, 600_000]);
    expect(logarithmic).toBe(true);
    expect(at(0)).toBe(0);
    expect(at(2306)).toBeLessThan(at(2352));
    expect(at(600_000)).toBeLessThan(1);
  });

  it('survives nothing to show', () => {
    expect(durationScale([]).at(5)).toBe(1);
  });
});

describe('formatOffset', () => {
  it('has a sign', () => {
    expect([-1500, 0, 90_000].map(formatOffset)).toEqual(['−1.5 s', '0', '+1m 30s']);
  });
});
