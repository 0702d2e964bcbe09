import type { PlannedStage } from '../../definition/plan.ts';
import { conditionName } from '../../timeline/conditions.ts';
import { injections, marksOf, phases, stages } from '../../timeline/spans.ts';
import type { SlotSeries } from '../../timeline/timeline.ts';
import { outcomeWord } from '../headline.ts';
import { formatNs, formatShare } from '../quantities.ts';
import type { Judged } from '../reporter.ts';
import { countSlots, slotRuns } from '../slots.ts';
import { type StepReport, stepReports } from '../steps.ts';
import { oneLine } from '../untrusted.ts';
import { formatOffset, type Scale } from './scale.ts';

/** A row of the timeline's picture. */
export interface Lane {
  readonly label: string;
  readonly detail: string;
  readonly bars: readonly Bar[];
}

/** Positions are shares (0 to 1) of the picture's width. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  /** Class of the style sheet; what it looks like. */
  readonly look: string;
  /** Written into the bar where it fits; empty for none. */
  readonly text: string;
  readonly tooltip: string;
  /** Height in quarters of the lane; 4 fills it. */
  readonly quarters: number;
}

/** Columns of all probes together: what keeps the page of a long run small. */
const columnsOfAllProbes = 2400;
const columnsOfOneProbe = 480;

export function lanes(judged: Judged, scale: Scale): readonly Lane[] {
  const { timeline } = judged;
  const columns = Math.min(
    columnsOfOneProbe,
    Math.ceil(columnsOfAllProbes / Math.max(1, timeline.series.size)),
  );
  return [
    {
      label: 'Run',
      detail: '',
      bars: phases(timeline).map((phase) => bar(judged, scale, { ...phase, look: `phase ${phase.name}` })),
    },
    stageLane(judged, scale),
    ...faultLanes(judged, scale),
    ...signalLanes(judged, scale),
    ...[...timeline.series.values()].map((series) => probeLane(series, scale, columns)),
  ];
}

/** One lane a step that ran, failed attempts and corrections side by side. */
export function stepLanes(judged: Judged, scale: Scale): readonly (Lane & { readonly step: StepReport })[] {
  return stepReports(judged.plan, judged.timeline)
    .filter((step) => step.attempts.length > 0)
    .map((step) => {
      const bars = step.attempts.map(({ attempt, startNs, endNs }, index) => {
        const look = index < step.attempts.length - 1 ? 'step failed' : `step ${step.outcome}`;
        return bar(judged, scale, { name: attempt, fromNs: startNs, toNs: endNs, look });
      });
      return {
        step,
        label: oneLine(step.text),
        detail: outcomeWord(step.outcome),
        bars: bars.map((one) => ({ ...one, text: '' })),
      };
    });
}

interface Happening {
  readonly name: string;
  readonly fromNs: number;
  readonly toNs: number | null;
  readonly look: string;
}

/** What is still open where the journal ends is drawn up to there. */
function bar({ timeline }: Judged, scale: Scale, { name, fromNs, toNs, look }: Happening): Bar {
  const endNs = toNs ?? timeline.lastNs;
  const when = formatOffset(round((fromNs - scale.zeroNs) / 1e6));
  const tooltip = `${name}: ${when}, for ${formatNs(endNs - fromNs)}${toNs === null ? ', not ended' : ''}`;
  return { from: scale.at(fromNs), to: scale.at(endNs), look, text: name, tooltip, quarters: 4 };
}

function stageLane(judged: Judged, scale: Scale): Lane {
  const bars = stages(judged.timeline).map(({ stage, fromNs, toNs, outcome }) => {
    const planned = judged.plan.stages[stage];
    const name = planned === undefined ? `stage ${stage}` : stageName(planned);
    const look = outcome === 'done' ? `stage ${planned?.kind ?? ''}` : 'stage failed';
    return bar(judged, scale, { name, fromNs, toNs, look });
  });
  return { label: 'Stages', detail: '', bars };
}

export function stageName(stage: PlannedStage): string {
  switch (stage.kind) {
    case 'inject':
      return `inject ${stage.fault}`;
    case 'procedure':
      return `${stage.failback ? 'failback' : 'procedure'} ${stage.name}`;
    case 'until':
      return `until ${stage.as ?? conditionName(stage.condition)}`;
    case 'heal':
      return stage.fault === 'all' ? 'heal' : `heal ${stage.fault}`;
    case 'return':
      return `return ${stage.target}`;
    case 'rejoin':
      return `rejoin ${stage.target}`;
  }
}

function faultLanes(judged: Judged, scale: Scale): readonly Lane[] {
  const healed = marksOf(judged.timeline, 'fault.healed');
  return injections(judged.timeline).map(({ fault, fromNs }) => {
    const end = healed.find((mark) => mark.injection === fault && mark.atNs >= fromNs);
    const happening = { name: fault, fromNs, toNs: end?.atNs ?? null, look: 'fault' };
    return { label: 'Fault', detail: end?.status ?? 'never healed', bars: [bar(judged, scale, happening)] };
  });
}

/** From the fault before it to the first sign: what noticing took. */
function signalLanes(judged: Judged, scale: Scale): readonly Lane[] {
  const faults = injections(judged.timeline);
  return marksOf(judged.timeline, 'condition.met')
    .filter((mark) => mark.purpose === 'symptom' || mark.purpose === 'detection')
    .map(({ condition, purpose, sinceNs, atNs }) => {
      const fault = faults.findLast(({ fromNs }) => fromNs <= atNs);
      const fromNs = Math.min(fault?.fromNs ?? sinceNs, sinceNs);
      const detail = `${condition}, ${formatNs(sinceNs - fromNs)} after ${fault?.fault ?? 'the fault'}`;
      const shown = bar(judged, scale, { name: condition, fromNs, toNs: sinceNs, look: 'signal' });
      return {
        label: purpose === 'symptom' ? 'Symptom' : 'Detected',
        detail,
        bars: [{ ...shown, text: '' }],
      };
    });
}

function probeLane(series: SlotSeries, scale: Scale, columns: number): Lane {
  const counts = countSlots(series);
  const others = (['failed', 'late', 'unsent', 'aborted'] as const).flatMap((outcome) =>
    counts[outcome] === 0 ? [] : [`${counts[outcome]} ${outcome}`],
  );
  return {
    label: `Probe ${series.probe}`,
    detail: [
      `every ${formatNs(series.periodNs)}`,
      `${formatShare(counts.ok, series.length)} ok`,
      ...others,
    ].join(', '),
    bars: slotRuns(series, scale, columns).map(({ outcome, quarters, from, to }) => ({
      from,
      to,
      look: `slot ${outcome}`,
      text: '',
      tooltip: outcome === 'ok' ? '' : outcome,
      quarters: outcome === 'ok' ? 1 : quarters,
    })),
  };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
