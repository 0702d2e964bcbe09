import { formatDuration } from '../definition/duration.ts';

/** Figures keep microseconds: more than that is noise of the clock. */
export const msOf = (ns: number): number => Math.round(ns / 1e3) / 1e3;

/**
 * An interval in words, `2.31s to 2.35s`, rounded outwards so that the words contain what was measured; one value when
 * both ends read the same.
 */
export function between(lowerMs: number, upperMs: number): string {
  const lower = formatDuration(toHundredths(lowerMs, upperMs, Math.floor));
  const upper = formatDuration(toHundredths(upperMs, upperMs, Math.ceil));
  return lower === upper ? upper : `${lower} to ${upper}`;
}

/** `at most 2.35s`, `more than 2.34s`: rounded so that it stays true. */
export const atMost = (ms: number): string => `at most ${formatDuration(toHundredths(ms, ms, Math.ceil))}`;
export const moreThan = (ms: number): string =>
  `more than ${formatDuration(toHundredths(ms, ms, Math.floor))}`;

/** To 10 ms from a second on, to whole milliseconds below: as many digits as the words show. */
function toHundredths(ms: number, scaleMs: number, round: (value: number) => number): number {
  const step = scaleMs < 1000 ? 1 : 10;
  // A hair less keeps 2350 from becoming 2360 because its double stands a little above.
  const hair = round === Math.ceil ? -1e-6 : 1e-6;
  return round(ms / step + hair) * step;
}

/** `1 slot`, `12 slots`, `no slot`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  if (count === 0) return `no ${noun}`;
  return count === 1 ? `1 ${noun}` : `${count} ${plural}`;
}

/** Up to a few names and how many more there are. */
export function listed(names: readonly string[], atMost = 5): string {
  const rest = names.length - atMost;
  return rest > 0 ? `${names.slice(0, atMost).join(', ')} and ${rest} more` : names.join(', ');
}

/** A share in percent with as many digits as it takes to tell it from 100. */
export function percent(share: number): string {
  const digits = share > 0.9999 && share < 1 ? 5 : 2;
  return `${Number((share * 100).toFixed(digits))} %`;
}

export const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
