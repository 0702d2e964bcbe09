import type { ProbeTarget } from '../../probes/probe.ts';
import type { MarkEvent, SlotEvent } from '../../timeline/events.ts';
import { siblingModule, startThread, type ThreadError } from '../thread.ts';
import type { SamplerEvent, SamplerRequest } from './service.ts';

export interface SamplerOptions {
  /** `Clock.originHr` of the run: every time below counts from there. */
  readonly originHr: string;
  /** Every slot that was due comes here exactly once, in the order they ended, in batches of some 20 ms. */
  readonly onSlots: (batch: readonly SlotEvent[]) => void;
  /** `probe.started`, `probe.stopped` and `harness.lag` of the sampler's thread, stamped. */
  readonly onMark: (mark: MarkEvent) => void;
  /** The thread died: slots from then on are missing, the run can prove nothing about them. */
  readonly onError: (error: ThreadError) => void;
}

export interface Sampler {
  /**
   * Builds the probe in the sampler's thread and starts its slots, `t0` a few milliseconds from then.
   * @throws ThreadError when the target cannot be probed (its message says why) or a probe of that name is running
   */
  start(target: ProbeTarget): Promise<void>;
  /** Stops one probe; it can be started again, with a `t0` of its own. */
  stopProbe(name: string, withinMs?: number): Promise<void>;
  /**
   * Sends nothing more, lets open slots end until their own deadline, or aborts them after `withinMs` if that is sooner,
   * closes the probes and ends the thread. Everything has been delivered when it resolves.
   */
  stop(withinMs?: number): Promise<void>;
}

/** Starts the thread that measures. It holds nothing but probes: no load, no database of results, no commands. */
export function startSampler(options: SamplerOptions): Sampler {
  const thread = startThread<SamplerRequest, SamplerEvent>({
    name: 'sampler',
    module: siblingModule('thread', import.meta.url),
    originHr: options.originHr,
    onError: options.onError,
    onEvent: (event) => (event.kind === 'slots' ? options.onSlots(event.slots) : options.onMark(event.mark)),
  });
  return {
    start: (target) => thread.request({ do: 'start', target }),
    stopProbe: (probe, withinMs = Number.POSITIVE_INFINITY) =>
      thread.request({ do: 'stop-probe', probe, withinMs }),
    async stop(withinMs = Number.POSITIVE_INFINITY) {
      try {
        await thread.request({ do: 'stop', withinMs });
      } finally {
        await thread.terminate();
      }
    },
  };
}
