import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ProbeTarget } from '../src/probes/probe.ts';
import { startClock } from '../src/run/clock.ts';
import { startSampler } from '../src/run/sampler/index.ts';
import { Interner } from '../src/timeline/columns.ts';
import type { MarkEvent, SlotEvent } from '../src/timeline/events.ts';
import { slotRange, trustedSeries } from '../src/timeline/harness.ts';
import { type HoldRule, type Recovery, recoveryInterval } from '../src/timeline/recovery.ts';
import { SlotColumns } from '../src/timeline/slots.ts';
import type { Interval } from '../src/timeline/spans.ts';
import type { SlotSeries } from '../src/timeline/timeline.ts';
import type { Outage, OutageMode, OutageServerEvent, OutageServerOptions } from './outage-server.ts';
import type { Measured } from './table.ts';

const wanted = 1000;
/** Outages of a round on each server. Rounds go on until enough outages could be judged, but not for ever. */
const outagesPerServer = 60;
const mostRounds = 10;
const modes: readonly OutageMode[] = ['reset', 'hang', 'error', 'reset'];
const periodMs = 10;
const deadlineMs = 150;
const rule: HoldRule = { holdMs: 100, successRatio: 1, latencyMs: null };

interface Truth {
  readonly outages: readonly Outage[];
  readonly stalls: readonly Interval[];
}

interface Calibrated extends Truth {
  readonly series: SlotSeries;
}

interface Tally {
  inside: number;
  /** The interval does not hold the truth, or there is none although every slot was sent: drillbook was wrong. */
  outside: number;
  /** A neighbour on the machine kept the sampler from sending: not known, and said so. */
  unknown: number;
  /** Of recoveries of which every slot was sent. */
  readonly widthsMs: number[];
  /** Of recoveries with a slot that was not: true, and less sharp. No limit holds for what a neighbour on the machine did. */
  readonly unsharpMs: number[];
}

/**
 * Outages whose end is known exactly, seen only through the real sampler and the real recovery rule. Each server runs in
 * a thread of its own and writes down, on the same monotonic clock, when it began to serve again.
 */
export async function benchCalibration(): Promise<readonly Measured[]> {
  const slots: SlotEvent[] = [];
  const tally: Tally = { inside: 0, outside: 0, unknown: 0, widthsMs: [], unsharpMs: [] };
  for (let round = 0; round < mostRounds && tally.inside + tally.outside < wanted; round++) {
    for (const calibrated of await sampleOutages(slots)) compare(calibrated, tally);
  }
  const widths = sorted(tally.widthsMs);
  const lateness = sorted(
    slots.flatMap(({ sentNs, dueNs }) => (sentNs === null ? [] : [(sentNs - dueNs) / 1e6])),
  );
  const unsent = slots.length - lateness.length;
  const known = tally.inside + tally.outside;
  return [
    { name: 'outages judged, 100 Hz', value: known, unit: '', limit: `≥ ${wanted}`, ok: known >= wanted },
    {
      name: 'outages whose end lies outside the interval',
      value: tally.outside,
      unit: '',
      limit: '0',
      ok: tally.outside === 0,
    },
    {
      name: 'outages unknown: slots unsent, or the server stood still',
      value: tally.unknown,
      unit: '',
      limit: null,
      ok: true,
    },
    figure('recovery interval with every slot sent, width p50', quantile(widths, 0.5), 15),
    figure('recovery interval with every slot sent, width p99', quantile(widths, 0.99), 30),
    {
      name: 'recoveries less sharp for an unsent slot',
      value: tally.unsharpMs.length,
      unit: '',
      limit: null,
      ok: true,
    },
    {
      name: 'width of these, greatest',
      value: Math.max(0, ...tally.unsharpMs),
      unit: 'ms',
      limit: null,
      ok: true,
    },
    { name: 'slots due', value: slots.length, unit: '', limit: null, ok: true },
    { name: 'slots not sent on time', value: unsent, unit: '', limit: null, ok: true },
    { name: 'lateness of a send, p50', value: quantile(lateness, 0.5), unit: 'ms', limit: null, ok: true },
    { name: 'lateness of a send, p99', value: quantile(lateness, 0.99), unit: 'ms', limit: null, ok: true },
  ];
}

async function sampleOutages(seen: SlotEvent[]): Promise<Calibrated[]> {
  const { originHr } = startClock();
  const texts = new Interner();
  const series = new Map<string, SlotColumns>();
  const marks: MarkEvent[] = [];
  const failure = Promise.withResolvers<never>();
  const sampler = startSampler({
    originHr,
    onError: failure.reject,
    onMark(mark) {
      marks.push(mark);
      if (mark.type === 'probe.started') series.set(mark.probe, new SlotColumns(mark, texts));
    },
    onSlots(batch) {
      for (const slot of batch) series.get(slot.probe)?.record(slot);
      seen.push(...batch);
    },
  });
  const calibrateOne = async (mode: OutageMode, index: number) => {
    const server = await startServer({ originHr, mode, outages: outagesPerServer });
    const name = `${mode}-${index}`;
    await sampler.start(target(name, server.port));
    const truth = await server.breakNow();
    await sampler.stopProbe(name);
    return { name, truth };
  };
  const all = Promise.all(modes.map(calibrateOne));
  const sampled = await Promise.race([all, failure.promise]).finally(() => sampler.stop(0));
  return sampled.map(({ name, truth }) => {
    const trusted = trustedSeries({ marks, series }, name);
    if (trusted === null) throw new Error(`the sampler never said that ${name} had started`);
    return { series: trusted, ...truth };
  });
}

async function startServer(options: OutageServerOptions) {
  const worker = new Worker(new URL('./outage-server.ts', import.meta.url), { workerData: options });
  const next = async () => ((await once(worker, 'message')) as [OutageServerEvent])[0];
  const listening = await next();
  if (listening.kind !== 'listening') throw new Error('the outage server ended before it listened');
  return {
    port: listening.port,
    async breakNow(): Promise<Truth> {
      const done = next();
      worker.postMessage('break');
      const event = await done;
      if (event.kind !== 'done') throw new Error('the outage server did not tell what it had done');
      return { outages: event.outages, stalls: event.stalls };
    },
  };
}

function target(name: string, port: number): ProbeTarget {
  const address = {
    role: name,
    component: name,
    instance: name,
    name,
    host: '127.0.0.1',
    port,
    why: 'bench',
  };
  return {
    name,
    address,
    hosts: {},
    spec: { kind: 'http', role: name, path: '/', every: periodMs, deadline: deadlineMs },
  };
}

function compare(calibrated: Calibrated, tally: Tally): void {
  const { series, outages } = calibrated;
  for (const [index, { downNs, upNs }] of outages.entries()) {
    const untilNs = outages[index + 1]?.downNs ?? upNs + series.length * series.periodNs;
    const recovery = recoveryInterval(series, rule, downNs, untilNs);
    if (recovery.kind === 'recovered' && recovery.afterNs <= upNs && upNs <= recovery.beforeNs) {
      tally.inside++;
      const unsharp = hasUnsent(series, { fromNs: recovery.afterNs, toNs: recovery.heldNs });
      (unsharp ? tally.unsharpMs : tally.widthsMs).push((recovery.beforeNs - recovery.afterNs) / 1e6);
    } else if (
      recovery.kind === 'unknown' ||
      disturbed(calibrated, recovery.kind, { fromNs: upNs, toNs: untilNs })
    ) {
      tally.unknown++;
    } else {
      tally.outside++;
    }
  }
}

/**
 * Whether the machine, not the rule, is why an interval does not hold the truth: the server itself stood still although it
 * was up, or the next outage came before a whole window could be seen because slots of it are missing.
 */
function disturbed({ series, stalls }: Calibrated, kind: Recovery['kind'], up: Interval): boolean {
  if (stalls.some(({ fromNs, toNs }) => fromNs < up.toNs && toNs > up.fromNs)) return true;
  return kind === 'censored' && hasUnsent(series, up);
}

function hasUnsent(series: SlotSeries, { fromNs, toNs }: Interval): boolean {
  const { first, end } = slotRange(series, fromNs, toNs);
  for (let index = first; index < end; index++) if (series.at(index).outcome === 'unsent') return true;
  return false;
}

function figure(name: string, ms: number, limitMs: number): Measured {
  return { name, value: ms, unit: 'ms', limit: `≤ ${limitMs} ms`, ok: ms <= limitMs };
}

function sorted(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b);
}

function quantile(ascending: readonly number[], q: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * q))] ?? Number.NaN;
}
