import type { RecoveredRule } from '../definition/plan.ts';
import type { MarkEvent, Ns, SlotEvent } from '../timeline/events.ts';
import { type Recovery, RecoveryTracker } from '../timeline/recovery.ts';
import type { Watcher } from './board.ts';

type Started = Extract<MarkEvent, { type: 'probe.started' }>;

/**
 * The recovery rule, live: the same trackers that the checkers use, fed as slots arrive. They count from the newest
 * injection, so they have to see every slot from then on, not only those of the `until` that waits for them.
 */
export class RecoveryWatch {
  readonly #rule: RecoveredRule;
  readonly #started = new Map<string, Started>();
  #trackers = new Map<string, RecoveryTracker>();

  constructor(rule: RecoveredRule) {
    this.#rule = rule;
  }

  probeStarted(mark: Started): void {
    if (this.#rule.probes.includes(mark.probe)) this.#started.set(mark.probe, mark);
  }

  /** Something breaks at `fromNs`: recovery is counted anew. */
  restart(fromNs: Ns): void {
    this.#trackers = new Map(
      [...this.#started].map(([probe, schedule]) => [
        probe,
        new RecoveryTracker(schedule, this.#rule, fromNs),
      ]),
    );
  }

  slots(batch: readonly SlotEvent[]): void {
    for (const slot of batch) {
      this.#trackers
        .get(slot.probe)
        ?.add({ ...slot, value: slot.value ?? null, detail: slot.detail ?? null });
    }
  }

  /**
   * Met when every client has recovered. One that never failed counts once it has gone on not failing for the hold
   * time after `fromNs`: the fault was one it does not notice.
   */
  watcher(fromNs: Ns): Watcher {
    return {
      slot: (slot) => (this.#recoveredBy(slot.endNs - fromNs) ? slot.endNs : null),
      observed: () =>
        `not recovered: ${[...this.#trackers]
          .filter(([, tracker]) => !tracker.recovered)
          .map(([probe]) => probe)
          .join(', ')}`,
    };
  }

  #recoveredBy(waitedNs: number): boolean {
    const waited = waitedNs >= this.#rule.holdMs * 1e6;
    const trackers = [...this.#trackers.values()];
    const recovered = (tracker: RecoveryTracker) =>
      tracker.recovered || (waited && didNotFail(tracker.result()));
    return trackers.length > 0 && trackers.every(recovered);
  }
}

/** Not for longer than a lone slot that could not be sent, that is. */
function didNotFail(result: Recovery): boolean {
  return result.kind === 'never-failed' || (result.kind === 'unknown' && result.brief === true);
}
