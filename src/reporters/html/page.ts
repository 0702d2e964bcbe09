import { createHash } from 'node:crypto';
import { dimensions, type Finding } from '../../checkers/checker.ts';
import { findingsOf } from '../figures.ts';
import { drillName, headlines } from '../headline.ts';
import { notesOf } from '../notes.ts';
import type { Judged } from '../reporter.ts';
import { aboutPart } from './about-part.ts';
import { chronicle } from './chronicle.ts';
import { dataPart } from './data-part.ts';
import { healthPart } from './health-part.ts';
import { loadPart } from './load-part.ts';
import { badge, findingList, type Part, section, table } from './parts.ts';
import { recoveryPart } from './recovery-part.ts';
import { stepsPart } from './steps-part.ts';
import { style } from './style.ts';
import { type Content, type Html, html, htmlText, verbatim } from './template.ts';
import { timelinePicture } from './timeline-picture.ts';

/** No script, no network, no frame: nothing that a runbook or a command's output says could be more than text. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The whole report as one file that needs nothing else. */
export function page(judged: Judged): string {
  const parts = partsOf(judged);
  const name = drillName(judged);
  return htmlText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${judged.verdict.overall}: ${name}</title>
<link rel="icon" href="data:,">
<style>${verbatim(style)}</style>
</head>
<body>
${top(judged, name)}
<main>
${overview(judged)}
<nav aria-label="Contents"><ul>${parts.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${parts.map(section)}
</main>
<footer>Made by drillbook ${judged.timeline.header.harness.version} from journal.ndjson of run ${judged.timeline.header.runId}.</footer>
</body>
</html>
`);
}

function top({ plan, verdict }: Judged, name: string): Html {
  return html`<header class="top"><p class="quiet">${name} on ${plan.environment}</p>
<h1>${plan.title} ${badge(verdict.overall)}</h1>
${plan.description !== null && html`<p class="lead">${plan.description}</p>`}</header>`;
}

function overview(judged: Judged): Html {
  const rows = dimensions.map((dimension): readonly Content[] => {
    const [worst] = findingsOf(judged, dimension);
    return [
      html`<a href="#${dimension}">${dimension}</a>`,
      badge(judged.verdict.dimensions[dimension]),
      worst?.message ?? 'no finding',
    ];
  });
  return html`<dl class="tiles">${headlines(judged).map(({ label, value, note }) => html`<div><dt>${label}</dt><dd class="value">${value}</dd><dd class="quiet">${note}</dd></div>`)}</dl>
${notesOf(judged).map(
  (note) => html`<p class="quiet">${note}</p>
`,
)}${table('Verdict of each question', ['Question', 'Verdict', 'Worst finding'], rows)}`;
}

function partsOf(judged: Judged): readonly Part[] {
  const findings = (dimension: (typeof dimensions)[number]) => findingList(findingsOf(judged, dimension));
  return [
    {
      id: 'timeline',
      title: 'Timeline',
      body: html`<figure>${timelinePicture(judged)}${legend}</figure>${chronicle(judged)}`,
    },
    { id: 'recovery', title: 'Recovery', body: html`${recoveryPart(judged)}${findings('recovery')}` },
    { id: 'data', title: 'Data', body: dataPart(judged) },
    {
      id: 'runbook',
      title: 'Runbook',
      body: html`${findingList(notShownElsewhere(judged))}${healthPart(judged)}${stepsPart(judged)}`,
    },
    {
      id: 'criteria',
      title: 'Success criteria',
      body: html`${loadPart(judged)}${findingList(notInLoadTable(judged))}`,
    },
    { id: 'validity', title: 'Validity of the measurement', body: findings('validity') },
    { id: 'cleanup', title: 'Clean-up', body: findings('cleanup') },
    { id: 'about', title: 'Environment and reproduction', body: aboutPart(judged) },
  ];
}

/** Figures of a load stand in its table. */
function notInLoadTable(judged: Judged): readonly Finding[] {
  return findingsOf(judged, 'criteria').filter(({ rule }) => rule !== 'load');
}

/** What the steps and the tables of phases and health checks do not say already. */
function notShownElsewhere(judged: Judged): readonly Finding[] {
  return findingsOf(judged, 'runbook').filter(({ figures, rule, status }) => {
    const inTable = figures?.healthCheck !== undefined && status === 'pass';
    return figures?.step === undefined && rule !== 'runbook.budget' && !inTable;
  });
}

const looks = [
  { look: 'slot ok', words: 'slot answered in time', height: 4 },
  { look: 'slot failed', words: 'failed', height: 12 },
  { look: 'slot late', words: 'answered too late', height: 12 },
  { look: 'slot unsent', words: 'not sent: the harness’s fault', height: 12 },
  { look: 'outage', words: 'from the fault to recovery', height: 12 },
  { look: 'recovery', words: 'recovery lies in here', height: 12 },
];

const legend = html`<ul class="legend">${looks.map(
  ({ look, words, height }) =>
    html`<li><svg width="12" height="12" aria-hidden="true"><rect class="${look}" y="${12 - height}" width="12" height="${height}"/></svg>${words}</li>`,
)}</ul>`;
