import type { Plan } from '../../definition/plan.ts';
import { marksOf, phases } from '../../timeline/spans.ts';
import { formatMs, formatNs } from '../quantities.ts';
import type { Judged } from '../reporter.ts';
import { table } from './parts.ts';
import { type Content, type Html, html } from './template.ts';

/** Where and with what this was measured, and how to do it again. */
export function aboutPart(judged: Judged): Content {
  const { plan, timeline } = judged;
  const { header } = timeline;
  const facts: readonly (readonly [string, Content])[] = [
    ['Run', html`<code>${header.runId}</code>`],
    [
      'Started',
      html`<time datetime="${header.startedAt}">${header.startedAt}</time>, took ${formatNs(timeline.lastNs)}`,
    ],
    ['Harness', `drillbook ${header.harness.version}, Node ${header.harness.node}, ${header.harness.os}`],
    ['Environment', `${plan.environment}, platform ${plan.platform.platform}`],
    ['Scenario', `${plan.scenario.title} (${plan.scenario.name})`],
    ...runbookFacts(plan),
    ['Today', `${plan.today} (review dates were compared with it)`],
    ...(header.options === undefined || header.options.length === 0
      ? []
      : [['Options', html`<code>${header.options.map(shellWord).join(' ')}</code>`] as const]),
    ['Recovered when', `${plan.recovered.probes.join(', ')} held for ${formatMs(plan.recovered.holdMs)}`],
  ];
  return html`<dl class="facts">${facts.map(
    ([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>
`,
  )}</dl>
${table(
  'What the time of this run went into',
  ['Phase', 'Took'],
  phases(timeline).map(({ name, fromNs, toNs }) => [name, formatNs((toNs ?? timeline.lastNs) - fromNs)]),
)}
${instances(judged)}
<h3>Do it again</h3>
<pre class="command" tabindex="0"><code>${reproduceCommand(judged)}</code></pre>
<p class="quiet">Judge this journal again, without running anything:</p>
<pre class="command" tabindex="0"><code>drillbook report ${header.runId}</code></pre>`;
}

function runbookFacts({ runbook }: Plan): readonly (readonly [string, Content])[] {
  if (runbook === null) return [];
  const review = runbook.metadata.nextReview;
  return [
    ['Runbook', html`${runbook.title}, <code>${runbook.file}</code>`],
    ['Its SHA-256', html`<code class="hash">${runbook.sha256}</code>`],
    ['Its next review', review === undefined ? 'no date in it' : (review.value ?? `no date: ${review.text}`)],
  ];
}

/** The command line of the run. `--keep` is not repeated: what it left behind is still there. */
export function reproduceCommand({ plan, timeline }: Judged): string {
  const name = plan.variant === null ? plan.drill : `${plan.drill}/${plan.variant}`;
  const given = (timeline.header.options ?? []).filter((flag) => flag !== '--keep').map(shellWord);
  const flags = [
    ...(plan.asWritten ? ['--as-written'] : []),
    ...(plan.interactive ? ['--interactive'] : []),
    ...given,
  ];
  return ['drillbook run', name, `--environment ${plan.environment} --today ${plan.today}`, ...flags].join(
    ' ',
  );
}

/** As it can be pasted into a shell. */
function shellWord(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function instances({ timeline }: Judged): Html | null {
  const started = marksOf(timeline, 'component.started');
  if (started.length === 0) return null;
  const rows = started.map(({ component, instance, address, pid }) => [
    instance,
    component,
    address,
    `${pid}`,
  ]);
  return html`<details><summary>Instances</summary>${table('What was started', ['Instance', 'Component', 'Address', 'Process'], rows)}</details>`;
}
