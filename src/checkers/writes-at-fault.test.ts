import { describe, expect, it } from 'vitest';
import type { JournalEvent, WriteOutcome } from '../timeline/events.ts';
import { mark, timelineOf, writesOf } from '../timeline/testing.ts';
import { withLedger } from './ledger-samples.ts';
import { writesAtFault } from './writes-at-fault.ts';

/** A ledger of one write every 100 ms. */
const started = mark(0, { type: 'ledger.started', ledger: 'orders', writers: 1, ratePerSecond: 10 });

function fault(injection: string, atMs: number): JournalEvent[] {
  return [
    mark(atMs, { type: 'fault.injecting', injection }),
    mark(atMs + 10, { type: 'fault.injected', injection }),
  ];
}

/** The outcome of each write; the first one is due at 0. */
function writes(...runs: readonly (readonly [WriteOutcome, number])[]) {
  return writesOf(runs.flatMap(([outcome, count]) => Array.from({ length: count }, () => ({ outcome }))));
}

function atFault(...events: readonly (readonly JournalEvent[])[]) {
  const timeline = timelineOf(withLedger(), [started, ...events.flat()]);
  const history = timeline.ledgers.get('orders');
  if (history === undefined) throw new Error('no write was recorded');
  const found = writesAtFault(history, timeline);
  return found && { fault: found.fault.fault, inFlight: found.inFlight };
}

describe('writesAtFault', () => {
  it('counts the writes around the fault', () => {
    expect(atFault(fault('crash', 5000), writes(['acked', 100]))).toEqual({ fault: 'crash', inFlight: 3 });
    expect(atFault(fault('crash', 5000), writes(['acked', 50], ['indeterminate', 50]))?.inFlight).toBe(3);
  });

  it('counts no write that was refused: it has nothing to lose', () => {
    expect(atFault(fault('crash', 5000), writes(['failed', 100]))?.inFlight).toBe(0);
  });

  it('is null where nothing was injected', () => {
    expect(atFault(writes(['acked', 10]))).toBeNull();
  });

  it('takes the last of several faults: those before it make its loss possible', () => {
    const faults = [...fault('replication-held', 3000), ...fault('crash', 5000)];
    expect(atFault(faults, writes(['acked', 51], ['failed', 20]))).toEqual({ fault: 'crash', inFlight: 2 });
  });

  it('passes over faults that found the writes stopped already', () => {
    const faults = [...fault('crash', 5000), ...fault('edge', 5500), ...fault('other-edge', 6000)];
    const stopped = writes(['acked', 50], ['indeterminate', 2], ['failed', 50]);
    expect(atFault(faults, stopped)).toEqual({ fault: 'crash', inFlight: 3 });
    // Its healthy twin: the writes go on until the last fault.
    expect(atFault(faults, writes(['acked', 100]))).toEqual({ fault: 'other-edge', inFlight: 3 });
  });

  it('takes no idle writer for one that a fault stopped', () => {
    const faults = [...fault('replication-held', 3000), ...fault('crash', 5000)];
    expect(atFault(faults, writes(['acked', 35]))).toEqual({ fault: 'crash', inFlight: 0 });
    const oneFailure = writes(['acked', 35], ['failed', 1]);
    expect(atFault(faults, oneFailure)).toEqual({ fault: 'crash', inFlight: 0 });
  });

  it('finds nothing at risk where the writes never came through', () => {
    const faults = [...fault('crash', 3000), ...fault('edge', 5000)];
    expect(atFault(faults, writes(['failed', 60]))?.inFlight).toBe(0);
  });
});
