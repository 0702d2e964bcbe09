import type { Finding, Verdict } from '../../src/checkers/checker.ts';
import { judge } from '../../src/checkers/judge.ts';
import type { Judged } from '../../src/reporters/reporter.ts';
import { TimelineBuilder } from '../../src/timeline/builder.ts';
import type { JournalEvent } from '../../src/timeline/events.ts';
import type { Timeline } from '../../src/timeline/timeline.ts';
import { events } from './events.ts';
import { plan } from './plan.ts';

/** The sample run, judged: a primary was killed and a replica promoted, three acknowledged writes were lost. */
export function judged(changes: Partial<Judged> = {}): Judged {
  const timeline = changes.timeline ?? timelineOf(events);
  return { plan, timeline, ...judge(timeline, changes.plan ?? plan), ...changes };
}

/** The sample run with a verdict of these findings alone. */
export function judgedBy(findings: readonly Finding[]): Judged {
  const answers = findings.map((finding) => ({
    name: finding.rule,
    dimension: finding.dimension,
    check: () => [finding],
  }));
  const timeline = timelineOf(events);
  return { plan, timeline, findings, verdict: judge(timeline, plan, answers).verdict };
}

export function withVerdict(judgement: Judged, dimensions: Partial<Verdict['dimensions']>): Judged {
  const { verdict } = judgement;
  return { ...judgement, verdict: { ...verdict, dimensions: { ...verdict.dimensions, ...dimensions } } };
}

export function timelineOf(journal: readonly JournalEvent[]): Timeline {
  const builder = new TimelineBuilder();
  for (const event of journal) builder.add(event);
  return builder.finish(false);
}
