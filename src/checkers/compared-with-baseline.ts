import type { Plan } from '../definition/plan.ts';
import { trustedSeries } from '../timeline/harness.ts';
import { type Interval, marksOf } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { WindowStats } from '../timeline/window-stats.ts';
import { valuesUpTo, windowValues } from '../timeline/window-values.ts';
import type { Finding, Status } from './checker.ts';
import { counted, percent } from './wording.ts';

/** What a criterion comes to, in a clause. */
export type Answer = Pick<Finding, 'status' | 'message'>;

/** What a client saw in the settle phase. */
export interface SeenSettled {
  readonly probe: string;
  readonly now: WindowStats;
}

/** The share of a client's requests that failed is not higher than before the fault. */
export function errorsBelow(
  seen: readonly SeenSettled[],
  before: ReadonlyMap<string, WindowStats>,
): readonly Answer[] {
  return seen.map(({ probe, now }): Answer => {
    const was = before.get(probe)?.errorRate ?? null;
    if (was === null) return { status: 'inconclusive', message: `probe "${probe}" has no baseline` };
    const rate = now.errorRate ?? 1;
    const words = `${percent(rate)} of probe "${probe}" failed in the settle phase, ${percent(was)} before the fault`;
    if (rate > was) return { status: 'fail', message: `not met, ${words}` };
    return worstRate(now) <= was
      ? { status: 'pass', message: `met, ${words}` }
      : {
          status: 'inconclusive',
          message: `${words}, and ${counted(now.unsent, 'request')} could not be sent on time`,
        };
  });
}

/** What was not sent could have failed. */
function worstRate({ successes, failures, unsent }: WindowStats): number {
  return (failures + unsent) / (successes + failures + unsent);
}

/**
 * No number that a probe observed as the platform was left is above the highest of the steady window. A look that showed no
 * number could have shown a higher one.
 */
export function valueBelow(probe: string, settled: Interval, timeline: Timeline, plan: Plan): Answer {
  const series = trustedSeries(timeline, probe);
  const met = marksOf(timeline, 'steady.met').at(-1);
  const was =
    series === null || met === undefined
      ? null
      : valuesUpTo(series, { fromNs: met.atNs - plan.steady.windowMs * 1e6, toNs: met.atNs });
  if (was === null)
    return { status: 'inconclusive', message: `probe "${probe}" observed no value before the fault` };
  const now = series === null ? null : windowValues(series, settled);
  if (now === null)
    return { status: 'inconclusive', message: `probe "${probe}" observed no value in the settle phase` };
  const words = `probe "${probe}" observed at most ${figure(now.highest)} in the settle phase, ${figure(was.highest)} before the fault`;
  if (now.highest > was.highest) return { status: 'fail', message: `not met, ${words}` };
  return now.without === 0
    ? { status: 'pass', message: `met, ${words}` }
    : {
        status: 'inconclusive',
        message: `${words}, and ${counted(now.without, 'look')} of the settle phase showed no number`,
      };
}

/** As many digits as are no noise of binary fractions. */
const figure = (value: number): string => `${Number(value.toPrecision(12))}`;

/** All of them together: the worst, in the words of those that are so. */
export function worstOf(answers: readonly Answer[]): Answer {
  const status = (['fail', 'inconclusive', 'pass'] as const satisfies Status[]).find((one) =>
    answers.some((answer) => answer.status === one),
  );
  const said = answers.filter((answer) => answer.status === status);
  return { status: status ?? 'inconclusive', message: said.map(({ message }) => message).join('; ') };
}

/** Clients and the platform's own monitoring of the same thing: both figures are told, whoever of them is worse. */
export function withMonitoring(clients: Answer, monitoring: Answer): Answer {
  const { status } = worstOf([clients, monitoring]);
  const known = clients.status !== 'inconclusive' && monitoring.status !== 'inconclusive';
  const agree = clients.status === monitoring.status;
  const words = !known
    ? 'and of monitoring'
    : agree
      ? 'and monitoring agrees'
      : 'but monitoring does not agree';
  return { status, message: `${clients.message}; ${words}: ${monitoring.message}` };
}
