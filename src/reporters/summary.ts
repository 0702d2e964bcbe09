import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dimension, dimensions, type Finding, type Status } from '../checkers/checker.ts';
import { findingsOf } from './figures.ts';
import { drillName, headlines, outcomeCounts, outcomeWord } from './headline.ts';
import { loadColumns, loadNote, loadReports, loadRow } from './load-facts.ts';
import { notesOf } from './notes.ts';
import { formatMs } from './quantities.ts';
import type { Judged, Reporter } from './reporter.ts';
import { healthCheckRows, healthCheckSummary, reachedLimits } from './runbook-facts.ts';
import { type StepReport, stepReports } from './steps.ts';
import { escapeMarkdown, markdownCode, shortened } from './untrusted.ts';

/** `summary.md`: the verdict on a page, for a pull request's comment or a chat. */
export const summary: Reporter = {
  name: 'summary',
  async write(judged, directory) {
    await writeFile(join(directory, 'summary.md'), summaryMarkdown(judged));
    return ['summary.md'];
  },
};

const marks: { readonly [S in Status]: string } = {
  pass: '✅ pass',
  inconclusive: '❓ inconclusive',
  fail: '❌ fail',
};

export function summaryMarkdown(judged: Judged): string {
  const { plan, timeline, verdict } = judged;
  const run = [plan.environment, timeline.header.runId, `drillbook ${timeline.header.harness.version}`];
  return [
    `# ${escapeMarkdown(drillName(judged))}: ${marks[verdict.overall]}`,
    escapeMarkdown(plan.title),
    table(
      ['Question', 'Verdict', 'Finding'],
      dimensions.map((dimension) => dimensionRow(judged, dimension)),
    ),
    table(
      ['Measured', 'Value', ''],
      headlines(judged).map(({ label, value, note }) => [
        label,
        `**${escapeMarkdown(value)}**`,
        escapeMarkdown(note),
      ]),
    ),
    ...notesOf(judged).map(escapeMarkdown),
    ...toDo(judged.findings),
    ...limits(judged),
    ...loadTable(judged),
    ...healthTable(judged),
    ...stepTable(judged),
    `<sub>${run.map(escapeMarkdown).join(' · ')}</sub>`,
    '',
  ].join('\n\n');
}

function dimensionRow(judged: Judged, dimension: Dimension): readonly string[] {
  const [worst, ...others] = findingsOf(judged, dimension);
  const asBad = others.filter(
    (finding) => finding.status === worst?.status && finding.status !== 'pass',
  ).length;
  const more = asBad === 0 ? '' : ` (and ${asBad} more)`;
  return [
    dimension,
    marks[judged.verdict.dimensions[dimension]],
    `${escapeMarkdown(worst?.message ?? '')}${more}`,
  ];
}

function toDo(findings: readonly Finding[]): readonly string[] {
  const open = findings.filter((finding) => finding.todo !== undefined);
  if (open.length === 0) return [];
  const items = open.map(
    ({ where, todo = '' }) =>
      `- ${where === undefined ? '' : `${markdownCode(where)}: `}${escapeMarkdown(todo)}`,
  );
  return ['## To do', items.join('\n')];
}

function limits(judged: Judged): readonly string[] {
  const reached = reachedLimits(judged).map(({ message }) => `- ${escapeMarkdown(message)}`);
  return reached.length === 0 ? [] : ['## Escalation', reached.join('\n')];
}

function loadTable(judged: Judged): readonly string[] {
  const rows = loadReports(judged).map((report) => loadRow(report).map(escapeMarkdown));
  return rows.length === 0 ? [] : ['## Load', table(loadColumns, rows), loadNote];
}

function healthTable(judged: Judged): readonly string[] {
  const rows = healthCheckRows(judged).map(({ name, healthy, faulted, outcome, status }) =>
    [name, healthy ?? '', faulted ?? '', status === 'pass' ? outcome : `${marks[status]}: ${outcome}`].map(
      (cell) => escapeMarkdown(shortened(cell, 80)),
    ),
  );
  if (rows.length === 0) return [];
  return [
    '## Health checks',
    escapeMarkdown(healthCheckSummary(judged) ?? ''),
    table(['Check', 'While healthy', 'After the fault', 'What it tells'], rows),
  ];
}

function stepTable(judged: Judged): readonly string[] {
  const steps = stepReports(judged.plan, judged.timeline);
  if (steps.length === 0) return [];
  const rows = steps.map((step) => [
    `${step.lines.from}`,
    step.kind === 'manual'
      ? escapeMarkdown(shortened(step.text, 80))
      : markdownCode(shortened(step.text, 80)).replaceAll('|', '\\|'),
    escapeMarkdown(
      step.reason === null ? outcomeWord(step.outcome) : `${outcomeWord(step.outcome)}: ${step.reason}`,
    ),
    took(step),
  ]);
  const file = judged.plan.runbook?.file ?? '';
  return [
    '## Runbook steps',
    `${markdownCode(file)}: ${outcomeCounts(steps)}.`,
    table(['Line', 'Step', 'Verdict', 'Took'], rows),
  ];
}

function took({ attempts }: StepReport): string {
  const durations = attempts.flatMap(({ result }) => (result === null ? [] : [result.durationNs / 1e6]));
  return durations.length === 0 ? '' : formatMs(durations.reduce((sum, ms) => sum + ms));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
