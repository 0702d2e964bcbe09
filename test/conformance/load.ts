import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLoad } from '../../src/loads/index.ts';
import { type Load, LoadError, type LoadSummary, type LoadTarget } from '../../src/loads/load.ts';

/** A real load generator on a real service. Every kind of load must pass this. */
export interface LoadSubject {
  /** Goes on until it is stopped, on a service that answers at once; its only threshold is that no request fails. */
  readonly target: LoadTarget;
  /** The same, on a service where every request fails. */
  readonly failing: LoadTarget;
  /** The same, on a service so slow that its users are too few. */
  readonly slow: LoadTarget;
  /** Ends by itself within three seconds. */
  readonly short: LoadTarget;
  /** Ends before a user comes, and has the text "hunter2" in its log, which is a secret. */
  readonly broken: LoadTarget;
  /** What of it is still there: containers, processes. */
  left(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const never = new AbortController().signal;

export function loadConformance(name: string, start: () => Promise<LoadSubject>): void {
  describe(`load conformance: ${name}`, () => {
    let subject: LoadSubject;
    beforeAll(async () => {
      subject = await start();
    }, 60_000);
    afterAll(() => subject?.stop());

    /** From its start to its end, some seconds later, with nothing left. */
    const ran = async (target: LoadTarget, forMs = 2000): Promise<LoadSummary> => {
      const load = createLoad(target.spec);
      await load.start(target, never);
      await sleep(forMs);
      return stopped(load);
    };
    const stopped = async (load: Load): Promise<LoadSummary> => {
      const summary = await load.stop();
      expect(await subject.left()).toEqual([]);
      return summary;
    };

    it('counts what its users did, at the rate that was asked for', async () => {
      const { figures, endedEarly, detail } = await ran(subject.target, 4000);
      expect({ endedEarly, detail }).toEqual({ endedEarly: false, detail: null });
      expect(figures).toMatchObject({ failedRatio: 0, droppedIterations: 0 });
      const rate = (figures?.iterations ?? 0) / 4;
      expect(rate).toBeGreaterThan(0.75 * subject.target.spec.rate);
      expect(rate).toBeLessThan(2 * subject.target.spec.rate);
      expect(figures?.requests).toBeGreaterThanOrEqual(figures?.iterations ?? Number.NaN);
      expect(figures?.p99Ms).toBeGreaterThanOrEqual(figures?.p95Ms ?? Number.NaN);
      expect(figures?.thresholds.map(({ ok }) => ok)).toEqual([true]);
    });

    it('tells a crossed threshold, and no times where nothing succeeded', async () => {
      const { figures } = await ran(subject.failing);
      expect(figures).toMatchObject({ failedRatio: 1, p95Ms: null, p99Ms: null });
      expect(figures?.thresholds.map(({ ok }) => ok)).toEqual([false]);
    });

    it('counts what it had no user for', async () => {
      const { figures } = await ran(subject.slow);
      expect(figures?.droppedIterations).toBeGreaterThan(0);
    });

    it('tells that it had ended before it was stopped', async () => {
      const { endedEarly, exitCode, figures } = await ran(subject.short, 6000);
      expect({ endedEarly, exitCode }).toEqual({ endedEarly: true, exitCode: 0 });
      expect(figures?.iterations).toBeGreaterThan(0);
    });

    it('does not start without a user, says why, and keeps secrets', async () => {
      const load = createLoad(subject.broken.spec);
      const error: Error = await load.start(subject.broken, never).then(
        () => expect.fail('it started'),
        (reason) => reason,
      );
      expect(error).toBeInstanceOf(LoadError);
      expect(error.message).toContain('cannot sign in as ***');
      const summary = await stopped(load);
      expect(summary).toMatchObject({ endedEarly: true, figures: null });
      expect(JSON.stringify([error.message, summary])).not.toContain('hunter2');
    });

    it('stops twice with one summary, and without having been started', async () => {
      const load = createLoad(subject.target.spec);
      await load.start(subject.target, never);
      const [one, other] = await Promise.all([load.stop(), load.stop()]);
      expect(other).toBe(one);
      expect(await stopped(createLoad(subject.target.spec))).toMatchObject({ exitCode: null, figures: null });
    });

    it('leaves nothing when it is aborted while it starts', async () => {
      const load = createLoad(subject.target.spec);
      const abort = new AbortController();
      const starting = load.start(subject.target, abort.signal);
      abort.abort(new Error('Ctrl-C'));
      const summary = stopped(load);
      await expect(starting).rejects.toThrow('Ctrl-C');
      await summary;
    });
  });
}
