import type { MarkEvent } from '../timeline/events.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';

const everyMs = 10;
/** Shorter stalls are ordinary: garbage collection, a neighbour on the machine. */
const thresholdMs = 20;

export type LagEvent = Extract<MarkEvent, { type: 'harness.lag' }>;

/**
 * Watches whether this thread's event loop runs: whenever it stood still for more than 20 ms, says so.
 * Keeps no process alive. Disposing of it ends the watch.
 */
export function watchLag(
  thread: LagEvent['thread'],
  clock: Pick<Clock, 'nowNs'>,
  emit: (event: LagEvent) => void,
): Disposable {
  let expectedNs = clock.nowNs() + everyMs * 1e6;
  const timer = setInterval(() => {
    const atNs = clock.nowNs();
    const lagNs = atNs - expectedNs;
    if (lagNs > thresholdMs * 1e6) emit({ type: 'harness.lag', atNs, thread, lagNs });
    expectedNs = atNs + everyMs * 1e6;
  }, everyMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** The same for the main thread, straight into the journal. */
export function watchMainLag(clock: Clock, journal: Pick<Journal, 'append'>): Disposable {
  return watchLag('main', clock, (event) => journal.append([event]));
}
