import { defaults } from '../definition/defaults.ts';
import { formatDuration } from '../definition/duration.ts';
import type { Plan } from '../definition/plan.ts';
import type { Judged } from './reporter.ts';

/** A service that falls over again mostly does so within seconds: caches that fill, queues that drain, leases that run out. */
const tellingHoldMs = 10_000;

/** What a reader must know of how a run was made before its figures are compared with another's, one sentence each. */
export function notesOf({ plan, timeline }: Judged): readonly string[] {
  const kept = timeline.header.options?.includes('--keep') === true;
  return [
    ...shortHold(plan),
    ...shortWindows(plan),
    ...(kept ? ['The platform was left running (--keep), so nothing shows that it can be taken down.'] : []),
  ];
}

function shortHold({ recovered: { holdMs } }: Plan): readonly string[] {
  return holdMs < tellingHoldMs
    ? [
        `The service had to hold for ${formatDuration(holdMs)} here: a relapse after that would not show. Real drills hold for ${formatDuration(tellingHoldMs)} or longer.`,
      ]
    : [];
}

function shortWindows({ steady, settle }: Plan): readonly string[] {
  const windows = [
    ['steady', steady.windowMs, defaults.steadyWindowMs],
    ['settle', settle.windowMs, defaults.settleWindowMs],
  ] as const;
  const short = windows.filter(([, ms, usualMs]) => ms < usualMs);
  const words = short.map(
    ([name, ms, usualMs]) => `${name} ${formatDuration(ms)} instead of ${formatDuration(usualMs)}`,
  );
  return words.length === 0
    ? []
    : [
        `Windows shorter than the defaults: ${words.join(', ')}. The baseline, or what shows late, rests on less.`,
      ];
}
