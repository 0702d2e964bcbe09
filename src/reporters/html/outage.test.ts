import { describe, expect, it } from 'vitest';
import { events } from '../../../test/reporters/events.ts';
import { judged, timelineOf } from '../../../test/reporters/judged.ts';
import { faultMs, recoveredMs } from '../../../test/reporters/traffic.ts';
import { outageOf } from './outage.ts';

describe('outageOf', () => {
  it('lasts from the fault to the interval of recovery', () => {
    expect(outageOf(judged())?.fromNs).toBe(faultMs * 1e6);
    expect(outageOf(judged())?.recovered?.toNs).toBe((recoveredMs[1] + 2) * 1e6);
  });

  it('begins where the RTO counts from, not at an earlier fault', () => {
    const atNs = 5.7e9;
    const earlier = [
      { type: 'fault.injecting', atNs, injection: 'replication-held' },
      { type: 'fault.injected', atNs: atNs + 1e6, injection: 'replication-held' },
    ] as const;
    const journal = [...events, ...earlier].toSorted((one, other) => one.atNs - other.atNs);
    expect(outageOf(judged({ timeline: timelineOf(journal) }))?.fromNs).toBe(faultMs * 1e6);
  });

  it('is none of the clients where none of them failed', () => {
    const well = events.map((event) =>
      event.type === 'slot' ? { ...event, outcome: 'ok' as const } : event,
    );
    expect(outageOf(judged({ timeline: timelineOf(well) }))).toMatchObject({
      recovered: null,
      noticed: false,
    });
  });

  it('is open where no recovery was seen, and none where nothing was broken', () => {
    const until = (ms: number) =>
      judged({ timeline: timelineOf(events.filter((event) => event.atNs < ms * 1e6)) });
    expect(outageOf(until(8000))).toEqual({ fromNs: faultMs * 1e6, recovered: null, noticed: true });
    expect(outageOf(until(5000))).toBeNull();
  });
});
