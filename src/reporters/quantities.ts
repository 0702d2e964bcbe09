import { formatDuration } from '../definition/duration.ts';

const minuteMs = 60_000;

/**
 * An interval of time as a person reads it: `2.31–2.35 s`, `340–360 ms`, `4m 12.3s – 4m 12.6s`.
 * Rounded outwards, so that the interval shown contains the one measured. `> 12.3 s` where no end is known.
 */
export function formatInterval(lowerMs: number | null, upperMs: number | null): string {
  if (upperMs === null) return lowerMs === null ? 'not measured' : `> ${formatMs(lowerMs)}`;
  if (lowerMs === null) return `≤ ${formatMs(upperMs)}`;
  if (upperMs >= minuteMs)
    return joined(minutes(lowerMs, Math.floor), minutes(upperMs, Math.ceil), ' – ', '');
  const [divisor, digits, unit] = upperMs < 1000 ? ([1, 0, 'ms'] as const) : ([1000, 2, 's'] as const);
  return joined(
    rounded(lowerMs / divisor, digits, Math.floor),
    rounded(upperMs / divisor, digits, Math.ceil),
    '–',
    ` ${unit}`,
  );
}

/** One duration: `0 s`, `340 ms`, `2.31 s`, `4m 12s`. */
export function formatMs(ms: number): string {
  if (ms === 0) return '0 s';
  if (ms < 1000) return `${Number(ms.toFixed(ms < 10 ? 1 : 0))} ms`;
  if (ms < minuteMs) return `${Number((ms / 1000).toFixed(2))} s`;
  return formatDuration(ms);
}

export function formatNs(ns: number): string {
  return formatMs(ns / 1e6);
}

/** `12,345`, the same on every machine. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}

/** A share as a percentage that never rounds up to 100 or down to 0: `99.9 %` is not all. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '–';
  if (part === whole) return '100 %';
  if (part === 0) return '0 %';
  return `${Math.min(99.99, Math.max(0.01, Math.round((part / whole) * 10_000) / 100))} %`;
}

/** `1 write`, `2 writes`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function joined(lower: string, upper: string, dash: string, unit: string): string {
  return lower === upper ? `${upper}${unit}` : `${lower}${dash}${upper}${unit}`;
}

function rounded(value: number, digits: number, round: (value: number) => number): string {
  const scale = 10 ** digits;
  // The small term keeps 2.35 from becoming 2.36 because its double stands a hair above.
  const hair = round === Math.floor ? 1e-6 : -1e-6;
  return Math.max(0, round(value * scale + hair) / scale).toFixed(digits);
}

function minutes(ms: number, round: (value: number) => number): string {
  const tenths = Math.max(0, round(ms / 100 + (round === Math.floor ? 1e-6 : -1e-6)));
  const seconds = ((tenths % 600) / 10).toFixed(1);
  const whole = Math.floor(tenths / 600);
  return whole < 60 ? `${whole}m ${seconds}s` : `${Math.floor(whole / 60)}h ${whole % 60}m ${seconds}s`;
}
