/** Times as people write them in prose: "15 minutes", "1-4 hours", "30 sec", "half an hour" is not among them. */

const unitMs: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|milliseconds?|msecs?)$/, 1],
  [/^(?:s|secs?|seconds?)$/, 1000],
  [/^(?:m|mins?|minutes?)$/, 60_000],
  [/^(?:h|hrs?|hours?)$/, 3_600_000],
  [/^(?:d|days?)$/, 86_400_000],
  [/^(?:w|wks?|weeks?)$/, 604_800_000],
];

const unit =
  '(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w)(?![a-z0-9])';
const amount = '(\\d{1,6}(?:\\.\\d{1,3})?)';
const one = new RegExp(`(?<![\\w.])${amount}[\\s-]{0,3}${unit}`, 'i');
const oneMore = new RegExp(`^[\\s,]{0,3}(?:and\\s)?${amount}\\s{0,3}${unit}`, 'i');
const range = new RegExp(
  `(?<![\\w.])${amount}\\s{0,3}${unit.replace('(?![a-z0-9])', '')}?\\s{0,3}(?:-|–|—|to|\\.\\.)\\s{0,3}(?:t\\s?\\+\\s?)?${amount}[\\s-]{0,3}${unit}`,
  'i',
);

/** @returns milliseconds of the first time in the text ("1 hour 30 minutes" is one), null when there is none */
export function findTime(text: string): number | null {
  const match = one.exec(text);
  if (match === null) return null;
  let total = toMs(match[1], match[2]);
  let rest = text.slice(match.index + match[0].length);
  for (let more = oneMore.exec(rest); more !== null; more = oneMore.exec(rest)) {
    total += toMs(more[1], more[2]);
    rest = rest.slice(more[0].length);
  }
  return total;
}

/** A range such as "5-15 minutes", "30 sec – 2 min", "T+5 to T+15 min", in milliseconds. */
export function findRange(text: string): { readonly fromMs: number; readonly toMs: number } | null {
  const match = range.exec(text);
  if (match === null) return null;
  const [, from, fromUnit, to, toUnit] = match;
  const fromMs = toMs(from, fromUnit ?? toUnit);
  const toMsValue = toMs(to, toUnit);
  return fromMs <= toMsValue ? { fromMs, toMs: toMsValue } : null;
}

/** Regular expression source of a time, with two groups: amount and unit. */
export const timePattern = `${amount}[\\s-]{0,3}${unit}`;

export function toMs(amountText: string | undefined, unitText: string | undefined): number {
  const name = (unitText ?? '').toLowerCase();
  const factor = unitMs.find(([pattern]) => pattern.test(name))?.[1] ?? 0;
  return Math.round(Number(amountText ?? 0) * factor);
}
