import type { SourceLine } from '../markdown/block.ts';
import { timePattern, toMs } from '../prose/times.ts';
import type { Interval } from '../runbook.ts';

const patterns = [
  new RegExp(`\\bevery\\s+${timePattern}`, 'gi'),
  new RegExp(
    `\\b(?:next|another|further|follow-up|more)\\s(?:[a-z]{1,20}\\s){0,4}in\\s+${timePattern}`,
    'gi',
  ),
];
const words: readonly (readonly [RegExp, number])[] = [
  [/\b(?:hourly|every\s+hour)\b/gi, 3_600_000],
  [/\bevery\s+half\s+(?:an\s+)?hour\b/gi, 1_800_000],
];

/** "every 15 minutes", "another update in 30 minutes", "hourly". */
export function intervalsOf({ text, line }: SourceLine): Interval[] {
  if (!/every|\bin\s+\d|hourly/i.test(text)) return [];
  const lines = { from: line, to: line };
  const counted = patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      text: match[0],
      everyMs: toMs(match[1], match[2]),
      lines,
    })),
  );
  const named = words.flatMap(([pattern, everyMs]) =>
    [...text.matchAll(pattern)].map(([all]) => ({ text: all, everyMs, lines })),
  );
  return [...counted, ...named];
}
