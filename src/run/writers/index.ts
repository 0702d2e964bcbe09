import type { LedgerTarget } from '../../ledgers/ledger.ts';
import type { MarkEvent, ReserveEvent, WriteEvent } from '../../timeline/events.ts';
import { siblingModule, startThread, type ThreadError } from '../thread.ts';
import type { WritersEvent, WritersRequest } from './service.ts';

export { readBack } from './read-back.ts';

export interface WritersOptions {
  /** `Clock.originHr` of the run: every time below counts from there. */
  readonly originHr: string;
  /**
   * Journals a block of sequence numbers, durably: none of them is sent before it resolves. If it rejects, the writer
   * sends the numbers it has and then nothing more.
   */
  readonly reserve: (event: ReserveEvent) => Promise<void>;
  /** Every write that was sent comes here exactly once, in the order they ended, in batches of some 20 ms. */
  readonly onWrites: (batch: readonly WriteEvent[]) => void;
  /** `ledger.started`, `ledger.stopped` and `harness.lag` of the writers' thread, stamped. */
  readonly onMark: (mark: MarkEvent) => void;
  /** The thread died: reserved writes without an outcome are indeterminate. */
  readonly onError: (error: ThreadError) => void;
}

export interface Writers {
  /**
   * Sets the ledger up, reserves the first blocks and starts its writes.
   * @throws ThreadError when the ledger cannot be built or set up (its message says why), or a block cannot be journaled
   */
  start(target: LedgerTarget): Promise<void>;
  stopLedger(name: string, withinMs?: number): Promise<void>;
  /**
   * Sends nothing more, lets open writes end until their own deadline, or aborts them after `withinMs` if that is
   * sooner (`indeterminate`), and ends the thread. Everything has been delivered when it resolves.
   */
  stop(withinMs?: number): Promise<void>;
}

/** Starts the thread that writes into ledgers; a thread of its own, so that load never disturbs what measures. */
export function startWriters(options: WritersOptions): Writers {
  const thread = startThread<WritersRequest, WritersEvent>({
    name: 'writers',
    module: siblingModule('thread', import.meta.url),
    originHr: options.originHr,
    onError: options.onError,
    onEvent(event) {
      if (event.kind === 'writes') options.onWrites(event.writes);
      else if (event.kind === 'mark') options.onMark(event.mark);
      else void reserve(event.event);
    },
  });

  async function reserve(event: ReserveEvent): Promise<void> {
    const failure = await options.reserve(event).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const { ledger, writer } = event;
    await thread.request({ do: 'reserved', ledger, writer, failure }).catch(() => undefined);
  }

  return {
    start: (target) => thread.request({ do: 'start', target }),
    stopLedger: (ledger, withinMs = Number.POSITIVE_INFINITY) =>
      thread.request({ do: 'stop-ledger', ledger, withinMs }),
    async stop(withinMs = Number.POSITIVE_INFINITY) {
      try {
        await thread.request({ do: 'stop', withinMs });
      } finally {
        await thread.terminate();
      }
    },
  };
}
