import { createProbe } from '../../probes/index.ts';
import type { Probe, ProbeTarget } from '../../probes/probe.ts';
import type { MarkEvent, SlotEvent } from '../../timeline/events.ts';
import { watchLag } from '../lag.ts';
import { createOutbox } from '../outbox.ts';
import { serveThread, type ThreadPort } from '../thread.ts';
import { threadTime } from '../time.ts';
import { ProbeSchedule, type SlotTiming } from './schedule.ts';

export type SamplerRequest =
  | { readonly do: 'start'; readonly target: ProbeTarget }
  | { readonly do: 'stop-probe'; readonly probe: string; readonly withinMs: number }
  | { readonly do: 'stop'; readonly withinMs: number };

export type SamplerEvent =
  | { readonly kind: 'slots'; readonly slots: readonly SlotEvent[] }
  | { readonly kind: 'mark'; readonly mark: MarkEvent };

/** Slots wait this long for company on their way to the main thread. */
const gatherMs = 20;
/** A first slot is due this long after its probe was built, so that it is not late for that alone. */
const headStartNs = 10e6;
const warmUpMs = 300;
const defaultPeriodMs = 100;
const defaultDeadlineMs = 1000;

interface Sampled {
  readonly probe: Probe;
  readonly schedule: ProbeSchedule;
}

/** The sampler's thread: one schedule a probe, all on the run's clock. */
export function serveSampler(port: ThreadPort, originHr: string): Disposable {
  const time = threadTime(originHr);
  const names = new Set<string>();
  const sampled = new Map<string, Sampled>();
  const send = serveThread<SamplerRequest, SamplerEvent>(port, handle);
  const outbox = createOutbox<SlotEvent>(gatherMs, (slots) => send({ kind: 'slots', slots }));
  const mark = (event: MarkEvent) => send({ kind: 'mark', mark: event });

  async function start(target: ProbeTarget): Promise<void> {
    if (names.has(target.name))
      throw new Error(`probe ${target.name} is being sampled already: stop it first`);
    const probe = createProbe(target);
    names.add(target.name);
    await warmUp(probe);
    const timing = timingOf(target, time.nowNs() + headStartNs);
    mark({ type: 'probe.started', atNs: time.nowNs(), probe: target.name, ...timing });
    const schedule = new ProbeSchedule({ name: target.name, probe, timing, time, report: outbox.push });
    sampled.set(target.name, { probe, schedule });
  }

  async function stopProbe(name: string, withinMs: number): Promise<void> {
    const it = sampled.get(name);
    if (it === undefined) return;
    sampled.delete(name);
    const slots = await it.schedule.stop(withinMs * 1e6);
    outbox.flush();
    mark({ type: 'probe.stopped', atNs: time.nowNs(), probe: name, slots });
    await it.probe.close();
    names.delete(name);
  }

  async function handle(request: SamplerRequest): Promise<void> {
    if (request.do === 'start') await start(request.target);
    else if (request.do === 'stop-probe') await stopProbe(request.probe, request.withinMs);
    else await Promise.all([...sampled.keys()].map((name) => stopProbe(name, request.withinMs)));
  }

  return watchLag('sampler', time, mark);
}

/** A look that is not recorded: what is compiled and loaded at the first one would make the first slots late. */
async function warmUp(probe: Probe): Promise<void> {
  const enough = AbortSignal.timeout(warmUpMs);
  const given = new Promise((resolve) => enough.addEventListener('abort', resolve, { once: true }));
  await Promise.race([probe.observe(-1, enough).catch(() => undefined), given]);
}

function timingOf({ spec }: ProbeTarget, t0Ns: number): SlotTiming {
  return {
    t0Ns,
    periodNs: (spec.every ?? defaultPeriodMs) * 1e6,
    deadlineNs: (spec.deadline ?? defaultDeadlineMs) * 1e6,
  };
}
