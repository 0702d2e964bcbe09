import type { Finding, Status } from '../../checkers/checker.ts';
import type { PlannedProcedure } from '../../definition/plan.ts';
import { type AttemptStory, plannedProcedures } from '../../timeline/steps.ts';
import { outcomeCounts, outcomeWord } from '../headline.ts';
import { formatMs, formatNs } from '../quantities.ts';
import type { Judged } from '../reporter.ts';
import { type StepOutcome, type StepReport, stepReports } from '../steps.ts';
import { badge, table } from './parts.ts';
import { type Content, type Html, html } from './template.ts';

/** The phases and steps of each procedure: what the runbook says, what ran, what came of it. */
export function stepsPart(judged: Judged): Content {
  const reports = stepReports(judged.plan, judged.timeline);
  if (reports.length === 0) return html`<p class="quiet">This drill follows no runbook.</p>`;
  return plannedProcedures(judged.plan).map((procedure) => {
    const steps = reports.filter((step) => step.procedure === procedure.name);
    return html`<h3>${procedure.section.join(' › ')}</h3>
<p class="quiet">Procedure <code>${procedure.name}</code>${procedure.failback && ' (failback)'}: ${outcomeCounts(steps)}.</p>
${phaseTable(procedure, judged)}
${byPhase(procedure, steps).map(([heading, ofPhase]) => html`${heading}<ol class="steps">${ofPhase.map((step) => stepItem(step, judged))}</ol>`)}`;
  });
}

/** Phase budgets against what was taken, where the runbook gives any. */
function phaseTable({ name, phases }: PlannedProcedure, { findings }: Judged): Content {
  const rows = phases.flatMap((phase): readonly (readonly Content[])[] => {
    if (phase.budget === null) return [];
    const isIt = ({ figures, rule }: Finding) =>
      rule === 'runbook.budget' && figures?.procedure === name && figures.phase === phase.ordinal;
    const finding = findings.find(isIt);
    const { elapsedMs, peopleMs } = finding?.figures ?? {};
    const people =
      typeof peopleMs === 'number' && peopleMs > 0 ? ` (${formatMs(peopleMs)} of it people's)` : '';
    return [
      [
        `${phase.ordinal}. ${phase.name}`,
        `${formatMs(phase.budget.fromMs)} to ${formatMs(phase.budget.toMs)}`,
        typeof elapsedMs === 'number' ? `${formatMs(elapsedMs)}${people}` : 'nothing of it was taken',
        finding === undefined ? '' : badge(finding.status),
      ],
    ];
  });
  return (
    rows.length > 0 &&
    table(
      'Phases: budget, and when their last step was over, since the procedure began',
      ['Phase', 'Budget', 'Over after', 'Verdict'],
      rows,
    )
  );
}

/** Steps under the heading of their phase, in document order; those outside any phase have none. */
function byPhase(
  { phases }: PlannedProcedure,
  steps: readonly StepReport[],
): readonly (readonly [Content, readonly StepReport[]])[] {
  return [...Map.groupBy(steps, (step) => step.phase)].map(([ordinal, ofPhase]) => {
    const phase = phases.find((candidate) => candidate.ordinal === ordinal);
    return [phase === undefined ? null : html`<h4>${phase.ordinal}. ${phase.name}</h4>`, ofPhase];
  });
}

function stepItem(step: StepReport, { plan, findings }: Judged): Html {
  const finding = findings.find(
    ({ figures }) => figures?.step === step.id && figures.procedure === step.procedure,
  );
  const where = `${plan.runbook?.file ?? 'line'}:${step.lines.from}`;
  const words =
    step.kind === 'manual'
      ? html`<p class="manual">${step.text}</p>`
      : html`<pre class="command" tabindex="0"><code>${step.text}</code></pre>`;
  return html`<li class="step" id="${step.procedure}-${step.id}">
<p class="head"><span class="badge ${toneOf(step.outcome, finding?.status)}">${outcomeWord(step.outcome)}</span> <span class="meta"><code>${where}</code>${step.kind === 'manual' && ' manual step'}${step.kind === 'query' && ' query'}</span></p>
${step.title !== null && step.title !== step.text && html`<p class="quiet">${step.title}</p>`}
${words}
${step.reason !== null && html`<p class="reason">${step.reason}</p>`}
${finding?.todo !== undefined && html`<p class="todo"><strong>To do:</strong> ${finding.todo}</p>`}
${step.attempts.map((attempt) => attemptItem(attempt, step))}</li>
`;
}

const proved: ReadonlySet<StepOutcome> = new Set(['as-written', 'by-operator', 'performed']);
const owed: ReadonlySet<StepOutcome> = new Set(['corrected', 'not-proved']);

/** The checker's verdict; a pass that proves nothing is not shown as one. */
function toneOf(outcome: StepOutcome, status: Status | undefined): Status | 'neutral' {
  if (status !== 'pass') return status ?? 'neutral';
  if (proved.has(outcome)) return 'pass';
  return owed.has(outcome) ? 'inconclusive' : 'neutral';
}

const attemptWords: { readonly [A in AttemptStory['attempt']]: string } = {
  'as-written': 'As written',
  correction: 'Corrected',
  performed: 'Performed by the drill',
};

function attemptItem(attempt: AttemptStory, step: StepReport): Html {
  const { result, verified, command } = attempt;
  const ran =
    command !== null &&
    command !== step.text &&
    html`<pre class="command" tabindex="0"><code>${command}</code></pre>`;
  return html`<div class="attempt"><p class="quiet"><strong>${attemptWords[attempt.attempt]}:</strong> ${ending(attempt)}</p>
${ran}
${verified.length > 0 && html`<ul class="checks">${verified.map(({ ok, check, observed }) => html`<li class="${ok ? 'pass' : 'fail'}"><span aria-hidden="true">${ok ? '✓' : '✕'}</span> ${check}${ok ? '' : ': not so'} <span class="quiet">(${observed})</span></li>`)}</ul>`}
${result !== null && output(result, !worked(attempt))}</div>`;
}

/** Whether there is nothing in its output that a reader has to look at. */
function worked({ result, verified }: AttemptStory): boolean {
  return result?.exitCode === 0 && !result.timedOut && verified.every((check) => check.ok);
}

function ending({ result }: AttemptStory): string {
  if (result === null) return 'the run ended inside it';
  const how = result.timedOut
    ? 'timed out'
    : result.signal !== null
      ? `ended by ${result.signal}`
      : `exit code ${result.exitCode}`;
  const standIns = result.standIns.length === 0 ? '' : `, with a stand-in for ${result.standIns.join(', ')}`;
  return `${how} after ${formatNs(result.durationNs)}${standIns}`;
}

function output(
  { stdout, stderr, truncatedBytes }: NonNullable<AttemptStory['result']>,
  open: boolean,
): Content {
  const streams = [['Output', stdout] as const, ['Errors', stderr] as const].filter(
    ([, text]) => text.trim() !== '',
  );
  return streams.map(([name, text]) => {
    const lines = text.trimEnd().split('\n').length;
    return html`<details${open && html` open`}><summary>${name} <span class="quiet">${lines} ${lines === 1 ? 'line' : 'lines'}${truncatedBytes > 0 && `, ${truncatedBytes} bytes left out`}</span></summary>
<pre tabindex="0">${text.trimEnd()}</pre></details>`;
  });
}
