import { phase } from '../../timeline/spans.ts';
import type { Judged } from '../reporter.ts';
import { shortened } from '../untrusted.ts';
import { type Bar, type Lane, lanes, stepLanes } from './lanes.ts';
import { type Outage, outageOf } from './outage.ts';
import { type Scale, ticks, timeScale } from './scale.ts';
import { type Html, html } from './template.ts';

const axisHeight = 24;
const labelHeight = 16;
const barHeight = 16;
const laneGap = 8;
const stepHeight = 22;

/**
 * What happened when, as one SVG. Widths are percentages and heights pixels, so that the page scales it to a phone or a
 * sheet of paper while its letters keep their size.
 */
export function timelinePicture(judged: Judged): Html {
  const outage = outageOf(judged);
  const scale = pictured(judged, outage);
  const rows = lanes(judged, scale).filter((lane) => lane.bars.length > 0);
  const steps = stepLanes(judged, scale);
  const stepsTop = axisHeight + rows.length * (labelHeight + barHeight + laneGap);
  const height = stepsTop + (steps.length === 0 ? 0 : labelHeight + steps.length * stepHeight + laneGap);
  return html`<svg class="timeline" role="img" aria-labelledby="picture-title picture-desc" width="100%" height="${height}">
<title id="picture-title">Timeline of the run</title>
<desc id="picture-desc">${describe(outage)}</desc>
<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="2.5" height="5"/></pattern></defs>
${bands(judged, scale, outage, height)}
${axis(scale, height, outage !== null)}
${rows.map((lane, index) => drawLane(lane, axisHeight + index * (labelHeight + barHeight + laneGap)))}
${steps.length > 0 && html`<text class="label" x="0" y="${stepsTop + 11}">Steps of the runbook</text>`}
${steps.map((lane, index) => drawStep(lane, stepsTop + labelHeight + index * stepHeight))}
</svg>`;
}

/** From the steady phase to the end of settling; what came before and after is in the table of times. */
function pictured({ timeline }: Judged, outage: Outage | null): Scale {
  const fromNs = phase(timeline, 'steady')?.fromNs ?? 0;
  const toNs = phase(timeline, 'settle')?.toNs ?? timeline.lastNs;
  return timeScale(fromNs, Math.max(toNs, fromNs + 1), outage?.fromNs ?? fromNs);
}

function describe(outage: Outage | null): string {
  if (outage?.noticed === false) return `No request of a client failed. ${rowsInWords}`;
  const begin = outage === null ? 'No fault was injected' : 'A band begins at the fault that RTO counts from';
  const end =
    outage === null || outage.recovered === null
      ? 'no recovery was seen'
      : 'a narrower one marks the interval in which the service recovered';
  return `${begin}; ${end}. ${rowsInWords}`;
}

const rowsInWords =
  'Rows: phases and stages of the run, faults, signals, one row a probe, and one a runbook step that ran. The same is told in the tables below.';

function bands({ timeline }: Judged, scale: Scale, outage: Outage | null, height: number): readonly Html[] {
  if (outage === null || !outage.noticed) return [];
  const { fromNs, recovered } = outage;
  const end = scale.at(recovered?.toNs ?? timeline.lastNs);
  const whole = band(scale.at(fromNs), end, 'outage', height);
  return recovered === null ? [whole] : [whole, band(scale.at(recovered.fromNs), end, 'recovery', height)];
}

function band(from: number, to: number, look: string, height: number): Html {
  return html`<rect class="${look}" x="${percent(from)}" y="${axisHeight - 6}" width="${percent(to - from)}" height="${height - axisHeight + 6}"/>`;
}

function axis(scale: Scale, height: number, faulty: boolean): Html {
  const drawn = ticks(scale, 9).map(({ at, label }, index) => {
    const anchor = at < 0.04 ? 'start' : at > 0.96 ? 'end' : 'middle';
    const zero = label === '0';
    return html`<line class="${zero ? 'grid zero' : 'grid'}" x1="${percent(at)}" x2="${percent(at)}" y1="${axisHeight - 6}" y2="${height}"/>
<text class="${zero || index % 2 === 0 ? 'tick' : 'tick wide'}" x="${percent(at)}" y="12" text-anchor="${anchor}">${zero && faulty ? 'fault' : label}</text>`;
  });
  return html`<g>${drawn}</g>`;
}

function drawLane({ label, detail, bars }: Lane, top: number): Html {
  const y = top + labelHeight;
  return html`<g><text class="label" x="0" y="${top + 11}">${label}${detail !== '' && detailOf(label, detail)}</text>
${bars.map((bar) => drawBar(bar, y))}</g>`;
}

/** Beside the label, as much as there is room for. */
function detailOf(label: string, detail: string): Html {
  const onPhone = Math.max(8, Math.floor(laneLettersOnPhone - label.length * boldLetter));
  const text = (look: string, letters: number) =>
    html`<tspan class="detail ${look}" dx="6">${shortened(detail, letters)}</tspan>`;
  return html` ${text('wide', laneLettersOnPaper)}${text('narrow', onPhone)}`;
}

function drawBar({ from, to, look, text, tooltip, quarters }: Bar, top: number): Html {
  const height = (barHeight * quarters) / 4;
  const rect = html`<rect class="${look}" x="${percent(from)}" y="${top + barHeight - height}" width="${percent(to - from)}" height="${height}">${tooltip !== '' && html`<title>${tooltip}</title>`}</rect>`;
  // A nested picture cuts off what does not fit its bar.
  const inside =
    text !== '' &&
    to - from > 0.04 &&
    html`<svg x="${percent(from)}" y="${top}" width="${percent(to - from)}" height="${barHeight}"><text class="inside" x="5" y="12">${text}</text></svg>`;
  return html`${rect}${inside}`;
}

function drawStep({ label, bars, detail }: Lane, top: number): Html {
  const first = bars[0]?.from ?? 0;
  const last = bars.at(-1)?.to ?? 0;
  const before = first > 1 - last;
  const room = before ? first : 1 - last;
  const place = before
    ? html`x="${percent(first)}" dx="-6" text-anchor="end"`
    : html`x="${percent(last)}" dx="6" text-anchor="start"`;
  const text = (look: string, lettersAcross: number) =>
    html`<text class="command ${look}" ${place} y="${top + 13}">${shortened(label, Math.max(12, Math.floor(room * lettersAcross)))}<title>${label}: ${detail}</title></text>`;
  return html`<g>${bars.map((bar) => drawBar(bar, top + 1))}${text('wide', lettersOnPaper)}${text('narrow', lettersOnPhone)}</g>`;
}

const laneLettersOnPaper = 60;
const laneLettersOnPhone = 56;
/** Letters of a detail that take the room of one of a label. */
const boldLetter = 1.2;

/** Letters of a command that fit across the narrowest picture of each kind. */
const lettersOnPaper = 100;
const lettersOnPhone = 48;

function percent(share: number): string {
  return `${Math.round(share * 100_000) / 1000}%`;
}
