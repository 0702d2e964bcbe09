import { marksOf } from './spans.ts';
import type { Timeline } from './timeline.ts';

/** Why the run did not get to its own end, in words; null when it did. What was not seen by then may just not have been awaited. */
export function whyUnfinished(timeline: Timeline): string | null {
  if (timeline.torn) return 'the last line of the journal is cut off';
  const [interrupted] = marksOf(timeline, 'interrupted');
  if (interrupted !== undefined) return `the run was interrupted (${interrupted.reason})`;
  return marksOf(timeline, 'run.end').length === 0 ? 'the journal ends before the run does' : null;
}
