import { formatDuration } from '../definition/duration.ts';

/** Figures keep microseconds: more than that is noise of the clock. */
export const msOf = (ns: number): number => Math.round(ns / 1e3) / 1e3;

/** An interval in words, `2.31s to 2.35s`; one value when both ends read the same. */
export function between(lowerMs: number, upperMs: number): string {
  const [lower, upper] = [formatDuration(lowerMs), formatDuration(upperMs)];
  return lower === upper ? upper : `${lower} to ${upper}`;
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
