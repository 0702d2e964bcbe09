import type { Ns } from '../../timeline/events.ts';
import { markNs } from '../../timeline/marks.ts';
import { recoveryAfter } from '../../timeline/recovered.ts';
import { intervalOf } from '../../timeline/recovery.ts';
import { type Interval, injections } from '../../timeline/spans.ts';
import { recoveryObjective } from '../figures.ts';
import type { Judged } from '../reporter.ts';

/** The outage that a picture shows. */
export interface Outage {
  /** Where RTO counts from; times are shown relative to it. */
  readonly fromNs: Ns;
  /** The interval in which the service recovered; null where that is not known. */
  readonly recovered: Interval | null;
  /** Whether a client failed at all, as far as anybody knows. */
  readonly noticed: boolean;
}

/** From what the drill's RTO counts from, else from its first fault; null when nothing was broken. */
export function outageOf({ plan, timeline }: Judged): Outage | null {
  const first = injections(timeline)[0];
  if (first === undefined) return null;
  const from = recoveryObjective(plan)?.from;
  const fromNs = (from === undefined ? null : markNs(timeline, plan, from)?.fromNs) ?? first.fromNs;
  const { recovery } = recoveryAfter(timeline, plan, fromNs);
  return { fromNs, recovered: intervalOf(recovery), noticed: recovery.kind !== 'never-failed' };
}
