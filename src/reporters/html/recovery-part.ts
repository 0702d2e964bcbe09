import type { Finding } from '../../checkers/checker.ts';
import type { Objective } from '../../definition/plan.ts';
import { findingOfObjective } from '../figures.ts';
import { formatInterval, formatMs, formatShare } from '../quantities.ts';
import type { Judged } from '../reporter.ts';
import { badge, table } from './parts.ts';
import { durationScale } from './scale.ts';
import { type Content, type Html, html } from './template.ts';

/** Each objective against its target, times as a picture with their error bars too. */
export function recoveryPart(judged: Judged): Content {
  const objectives = Object.entries(judged.plan.objectives);
  const rows = objectives.map(([name, objective]): readonly Content[] => {
    const finding = findingOfObjective(judged, name);
    return [
      name,
      asked(objective),
      target(objective),
      finding === undefined ? 'not judged' : measured(finding),
      finding === undefined ? '' : badge(finding.status),
    ];
  });
  return html`${times(judged)}
${table('Objectives of the drill', ['Objective', 'What', 'Target', 'Measured', 'Verdict'], rows)}`;
}

function asked(objective: Objective): string {
  if (objective.kind === 'time') return `from ${objective.from} until ${objective.until}`;
  if (objective.kind === 'loss') return `acknowledged writes lost by ${objective.ledger}`;
  return `slots of ${objective.probe} answered in time`;
}

function target(objective: Objective): string {
  if (objective.kind === 'time') return `at most ${formatMs(objective.targetMs)}`;
  if (objective.kind === 'availability') return `at least ${formatShare(objective.atLeast, 1)}`;
  const writes = objective.writesAtMost === null ? '' : `, at most ${objective.writesAtMost} writes`;
  return objective.lostAtMostMs === 0
    ? 'nothing'
    : `the last ${formatMs(objective.lostAtMostMs)} at most${writes}`;
}

function measured(finding: Finding): string {
  const { lowerMs, upperMs } = bounds(finding);
  const { rpoMs, lost, availability, withPeopleUpperMs: people } = finding.figures ?? {};
  if (lowerMs !== null || upperMs !== null) {
    const added =
      typeof people === 'number' && people !== upperMs ? `, at most ${formatMs(people)} with people` : '';
    return `${formatInterval(lowerMs, upperMs)}${added}`;
  }
  if (typeof rpoMs === 'number')
    return `${formatMs(rpoMs)}${typeof lost === 'number' ? `, ${lost} lost` : ''}`;
  return typeof availability === 'number' ? formatShare(availability, 1) : finding.message;
}

interface Bounds {
  readonly lowerMs: number | null;
  readonly upperMs: number | null;
}

function bounds({ figures = {} }: Finding): Bounds {
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  return {
    lowerMs: number(figures.lowerMs),
    upperMs: number(figures.upperMs),
  };
}

interface Timed extends Bounds {
  readonly name: string;
  readonly targetMs: number;
  readonly status: Finding['status'];
}

const rowHeight = 46;

function times(judged: Judged): Html | null {
  const timed = Object.entries(judged.plan.objectives).flatMap(([name, objective]): Timed[] => {
    const finding = findingOfObjective(judged, name);
    if (objective.kind !== 'time' || finding === undefined) return [];
    const between = bounds(finding);
    return between.lowerMs === null && between.upperMs === null
      ? []
      : [{ name, targetMs: objective.targetMs, status: finding.status, ...between }];
  });
  if (timed.length === 0) return null;
  const values = timed.flatMap(({ lowerMs, upperMs, targetMs }) => [lowerMs ?? 0, upperMs ?? 0, targetMs]);
  const { at, logarithmic } = durationScale(values);
  const described = timed.map(
    ({ name, targetMs, lowerMs, upperMs }) =>
      `${name}: ${formatInterval(lowerMs, upperMs)}, target ${formatMs(targetMs)}.`,
  );
  return html`<figure><svg class="objectives" role="img" aria-labelledby="times-title times-desc" width="100%" height="${timed.length * rowHeight + 4}">
<title id="times-title">Measured times against their targets</title>
<desc id="times-desc">${described.join(' ')}</desc>
${timed.map((one, index) => drawTime(one, at, index * rowHeight))}
</svg>${logarithmic && html`<figcaption class="quiet">Logarithmic scale: each step to the right is a multiple.</figcaption>`}</figure>`;
}

function drawTime(
  { name, targetMs, lowerMs, upperMs, status }: Timed,
  at: (ms: number) => number,
  top: number,
): Html {
  const [lower, upper, target] = [at(lowerMs ?? 0), upperMs === null ? 1 : at(upperMs), at(targetMs)];
  const x = (share: number) => `${Math.round(share * 10_000) / 100}%`;
  const [y, middle] = [top + 20, top + 29];
  const whisker = (share: number) =>
    html`<line class="whisker" x1="${x(share)}" x2="${x(share)}" y1="${y}" y2="${y + 18}"/>`;
  return html`<g><text class="label" x="0" y="${top + 12}">${name} <tspan class="detail" dx="6">${formatInterval(lowerMs, upperMs)}, target ${formatMs(targetMs)}</tspan></text>
<rect class="track" x="0" y="${y + 3}" width="100%" height="12"/>
<rect class="time ${status}" x="0" y="${y + 3}" width="${x(upper)}" height="12"/>
<line class="whisker" x1="${x(lower)}" x2="${x(upper)}" y1="${middle}" y2="${middle}"/>${whisker(lower)}${upperMs !== null && whisker(upper)}
<line class="target" x1="${x(target)}" x2="${x(target)}" y1="${y - 2}" y2="${y + 20}"/></g>`;
}
