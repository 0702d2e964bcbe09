import type { Ns } from '../timeline/events.ts';
import { type Clock, startClock } from './clock.ts';

/** What a schedule needs of time; a test drives the same schedule with a virtual one. */
export interface Time extends Pick<Clock, 'nowNs'> {
  /** Calls `wake` once, at or shortly after `atNs`. Returns what cancels it. */
  wakeAt(atNs: Ns, wake: () => void): () => void;
}

/**
 * The run's clock with timers, for a thread that was given the run's origin. Timers of Node count whole milliseconds:
 * the delay is rounded up, so a wake is up to about one millisecond late, and a schedule looks at the clock when it wakes.
 */
export function threadTime(originHr: string): Time {
  const { nowNs } = startClock(originHr);
  return {
    nowNs,
    wakeAt(atNs, wake) {
      const timer = setTimeout(wake, Math.max(0, Math.ceil((atNs - nowNs()) / 1e6)));
      return () => clearTimeout(timer);
    },
  };
}
