import type { StepResult } from '../timeline/events.ts';

type Answer = Pick<StepResult, 'exitCode' | 'timedOut' | 'stdout' | 'stderr'>;

/** Ids, times of day, dates, fractions and big numbers: another at every answer. `1` and `0` say something. */
const changing =
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\d{4}-\d\d-\d\d(?:[T ]|\b)|\d\d:\d\d:\d\d(?:\.\d+)?Z?|\b\d{1,2} [A-Z][a-z]{2} \d{4}\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\d+\.\d+|\b[0-9a-f]{8,}\b|\d{4,}/g;

/** Whether two answers of one command say the same to the person who asked. What it wrote to stderr counts when that is all. */
export function sameAnswer(one: Answer, other: Answer): boolean {
  return one.exitCode === other.exitCode && one.timedOut === other.timedOut && saying(one) === saying(other);
}

function saying({ stdout, stderr }: Answer): string {
  const text = stdout.trim() === '' ? stderr : stdout;
  return inOrder(text).replaceAll(changing, '#');
}

/** JSON with the elements of its lists in one order: a list of series comes in any. */
function inOrder(text: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(text)));
  } catch {
    return text.trim();
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    // A sample is a pair of its time and its value: only lists of objects are sets.
    const isSet = items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
    return isSet ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, sorted(each)]));
}
