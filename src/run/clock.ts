import { hostname, platform, release } from 'node:os';
import type { Ns } from '../timeline/events.ts';

/**
 * The run's only clock. `process.hrtime` is the same monotonic clock in every thread of this process,
 * so a thread that is given the origin stamps comparable times.
 */
export interface Clock {
  /** hrtime at the run's origin, as text so that it survives the way into a thread. */
  readonly originHr: string;
  /** Wall clock at the origin, ISO 8601: a label. */
  readonly startedAt: string;
  nowNs(): Ns;
}

export function startClock(originHr: string = process.hrtime.bigint().toString()): Clock {
  const origin = BigInt(originHr);
  return {
    originHr,
    startedAt: new Date().toISOString(),
    nowNs: () => Number(process.hrtime.bigint() - origin),
  };
}

/** What a report says about the machine. */
export function describeMachine(): string {
  return `${platform()} ${release()} on ${hostname()}`;
}
