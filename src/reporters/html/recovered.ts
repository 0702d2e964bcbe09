import { recoveryAfter } from '../../timeline/recovered.ts';
import { intervalOf } from '../../timeline/recovery.ts';
import { type Interval, injections } from '../../timeline/spans.ts';
import type { Judged } from '../reporter.ts';

/** Between which times the clients that the drill watches recovered from its first fault; null where that is not known. */
export function recoveredBetween({ plan, timeline }: Judged): Interval | null {
  const fault = injections(timeline)[0];
  return fault === undefined ? null : intervalOf(recoveryAfter(timeline, plan, fault.fromNs).recovery);
}
