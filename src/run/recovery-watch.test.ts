import { describe, expect, it } from 'vitest';
import type { SlotEvent, SlotOutcome } from '../timeline/events.ts';
import { SignalBoard } from './board.ts';
import { RecoveryWatch } from './recovery-watch.ts';

const ms = 1e6;
const rule = { probes: ['api', 'web'], holdMs: 30, successRatio: 1, latencyMs: null };
const started = (probe: string) =>
  ({ type: 'probe.started', atNs: 0, probe, t0Ns: 0, periodNs: 10 * ms, deadlineNs: 50 * ms }) as const;
const slot = (probe: string, number: number, outcome: SlotOutcome): SlotEvent => {
  const dueNs = number * 10 * ms;
  return {
    type: 'slot',
    probe,
    slot: number,
    atNs: dueNs + ms,
    dueNs,
    sentNs: dueNs,
    endNs: dueNs + ms,
    outcome,
  };
};

function watching() {
  const watch = new RecoveryWatch(rule);
  const board = new SignalBoard();
  for (const probe of rule.probes) watch.probeStarted(started(probe));
  return {
    watch,
    feed(from: number, to: number, outcomes: { readonly [probe: string]: SlotOutcome }) {
      for (let number = from; number < to; number++) {
        const batch = Object.entries(outcomes).map(([probe, outcome]) => slot(probe, number, outcome));
        watch.slots(batch);
        board.slots(batch);
      }
    },
    recovered: (fromMs: number) =>
      board.rule(watch.watcher(fromMs * ms), {
        fromNs: 0,
        withinMs: 50,
        abort: new AbortController().signal,
      }),
  };
}

describe('RecoveryWatch', () => {
  it('waits for every client', async () => {
    const { watch, feed, recovered } = watching();
    watch.restart(0);
    const seen = recovered(0);
    feed(0, 5, { api: 'failed', web: 'failed' });
    feed(5, 20, { api: 'ok', web: 'failed' });
    expect(await seen).toEqual({ met: false, observed: 'not recovered: web' });
  });

  it('is met when all have held, also when that was before anyone waited', async () => {
    const { watch, feed, recovered } = watching();
    watch.restart(0);
    feed(0, 5, { api: 'failed', web: 'failed' });
    feed(5, 20, { api: 'ok', web: 'ok' });
    const seen = recovered(200);
    feed(20, 21, { api: 'ok', web: 'ok' });
    expect(await seen).toMatchObject({ met: true });
  });

  it('gives a client that never failed the hold time to show it', async () => {
    const { watch, feed, recovered } = watching();
    watch.restart(0);
    const seen = recovered(0);
    feed(0, 2, { api: 'ok', web: 'ok' });
    feed(2, 10, { api: 'ok', web: 'ok' });
    expect(await seen).toEqual({ met: true, sinceNs: 31 * ms });
  });

  it.each([
    ['one slot', ['unsent', 'ok'], true],
    ['two beside each other', ['unsent', 'unsent'], false],
  ] as const)(
    'waits on for a client that never failed only where more was not sent than %s',
    async (_, [one, two], met) => {
      const { watch, feed, recovered } = watching();
      watch.restart(0);
      const seen = recovered(0);
      feed(0, 1, { api: 'ok', web: 'ok' });
      feed(1, 2, { api: 'ok', web: one });
      feed(2, 3, { api: 'ok', web: two });
      feed(3, 10, { api: 'ok', web: 'ok' });
      expect((await seen).met).toBe(met);
    },
  );

  it('is never met before something was injected', async () => {
    const { feed, recovered } = watching();
    const seen = recovered(0);
    feed(0, 20, { api: 'ok', web: 'ok' });
    expect(await seen).toMatchObject({ met: false });
  });
});
