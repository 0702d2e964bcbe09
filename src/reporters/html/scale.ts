import type { Ns } from '../../timeline/events.ts';
import { formatMs } from '../quantities.ts';

/** Where things stand on a picture: shares (0 to 1) of its width. */
export interface Scale {
  /** Clamped to the picture. */
  at(ns: Ns): number;
  readonly fromNs: Ns;
  readonly toNs: Ns;
  /** Times are shown relative to this one. */
  readonly zeroNs: Ns;
}

export function timeScale(fromNs: Ns, toNs: Ns, zeroNs: Ns): Scale {
  const width = Math.max(1, toNs - fromNs);
  return { fromNs, toNs: fromNs + width, zeroNs, at: (ns) => clamp((ns - fromNs) / width) };
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 20, 30].map((count) => count * minute),
  ...[1, 2, 6, 12, 24, 48, 168].map((count) => count * hour),
];

/** At most `most` round times, zero among them where the picture shows it. */
export function ticks(scale: Scale, most: number): readonly Tick[] {
  const [from, to] = [(scale.fromNs - scale.zeroNs) / 1e6, (scale.toNs - scale.zeroNs) / 1e6];
  const step = steps.find((candidate) => (to - from) / candidate <= most - 1) ?? to - from;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => {
    const ms = (first + index) * step;
    return { at: scale.at(scale.zeroNs + ms * 1e6), label: formatOffset(ms) };
  });
}

/** `+2.5 s`, `−3 s`, `0`: a time relative to the picture's zero. */
export function formatOffset(ms: number): string {
  if (ms === 0) return '0';
  return `${ms < 0 ? '−' : '+'}${formatMs(Math.abs(ms))}`;
}

/**
 * Places durations on a picture: from 0 evenly, or, where they differ by orders of magnitude (a recovery of seconds
 * against a target of hours), by their logarithm, so that an error bar stays visible.
 */
export function durationScale(values: readonly number[]): {
  readonly at: (ms: number) => number;
  readonly logarithmic: boolean;
} {
  const positive = values.filter((value) => value > 0);
  const [least, most] = [Math.min(...positive, 1e15), Math.max(...positive, 1)];
  if (most / least < 20) return { at: (ms) => clamp(ms / (most * 1.15)), logarithmic: false };
  const [from, to] = [Math.log(least / 4), Math.log(most * 1.6)];
  return { at: (ms) => (ms <= 0 ? 0 : clamp((Math.log(ms) - from) / (to - from))), logarithmic: true };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
