import type { MarkEvent, Ns, PhaseName } from './events.ts';
import type { Timeline } from './timeline.ts';

/** When something happened, as far as anyone can know: between the two. */
export interface Interval {
  readonly fromNs: Ns;
  readonly toNs: Ns;
}

/** Something with a beginning; `toNs` is null where the journal ends inside it. */
export interface Span {
  readonly name: string;
  readonly fromNs: Ns;
  readonly toNs: Ns | null;
}

export interface StageSpan {
  /** Index into `plan.stages`. */
  readonly stage: number;
  readonly fromNs: Ns;
  readonly toNs: Ns | null;
  readonly outcome: 'done' | 'timeout' | 'error' | 'aborted' | null;
}

export interface InjectionSpan {
  /** The fault's name in the scenario. */
  readonly fault: string;
  /** Before the fault acted. */
  readonly fromNs: Ns;
  /** After it had; null when nobody knows that it did. */
  readonly toNs: Ns | null;
}

export type MarkOf<T extends MarkEvent['type']> = Extract<MarkEvent, { type: T }>;

/** All marks of these types, in journal order. */
export function marksOf<T extends MarkEvent['type']>(
  timeline: Pick<Timeline, 'marks'>,
  ...types: readonly T[]
): MarkOf<T>[] {
  const wanted: ReadonlySet<string> = new Set(types);
  return timeline.marks.filter((mark): mark is MarkOf<T> => wanted.has(mark.type));
}

export function phases(timeline: Timeline): Span[] {
  return spans(marksOf(timeline, 'phase.start', 'phase.end'), (mark) => mark.phase);
}

export function phase(timeline: Timeline, name: PhaseName): Span | null {
  return phases(timeline).find((span) => span.name === name) ?? null;
}

export function procedures(timeline: Timeline): Span[] {
  return spans(marksOf(timeline, 'procedure.start', 'procedure.end'), (mark) => mark.procedure);
}

export function stages(timeline: Timeline): StageSpan[] {
  const ends = marksOf(timeline, 'stage.end');
  return marksOf(timeline, 'stage.start').map(({ stage, atNs }) => {
    const end = ends.find((mark) => mark.stage === stage && mark.atNs >= atNs);
    return { stage, fromNs: atNs, toNs: end?.atNs ?? null, outcome: end?.outcome ?? null };
  });
}

/** Each time a fault was set off, in order. */
export function injections(timeline: Timeline): InjectionSpan[] {
  const ends = marksOf(timeline, 'fault.injected');
  return marksOf(timeline, 'fault.injecting').map(({ injection, atNs }) => ({
    fault: injection,
    fromNs: atNs,
    toNs: ends.find((mark) => mark.injection === injection && mark.atNs >= atNs)?.atNs ?? null,
  }));
}

type Edge = { readonly type: `${string}.${'start' | 'end'}`; readonly atNs: Ns };

function spans<M extends Edge>(marks: readonly M[], nameOf: (mark: M) => string): Span[] {
  const found: { name: string; fromNs: Ns; toNs: Ns | null }[] = [];
  for (const mark of marks) {
    const name = nameOf(mark);
    const open = found.find((span) => span.name === name && span.toNs === null);
    if (mark.type.endsWith('.start')) found.push({ name, fromNs: mark.atNs, toNs: null });
    else if (open !== undefined) open.toNs = mark.atNs;
  }
  return found;
}
