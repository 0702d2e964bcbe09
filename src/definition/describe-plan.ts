import { stripVTControlCharacters } from 'node:util';
import { describeFault } from './describe-fault.ts';
import { describeJudging } from './describe-judging.ts';
import { formatDuration } from './duration.ts';
import type { Objective, Plan, PlannedProcedure, PlannedStage, PlannedStep, PlannedUntil } from './plan.ts';
import type { Condition, Watched } from './scenario.ts';

const width = 100;

/** What a run would do, for a terminal: plain text in lines of at most 100 columns, without control characters. */
export function describePlan(plan: Plan): string {
  return [
    ...block('', `${plan.drill}${plan.variant === null ? '' : `/${plan.variant}`}: ${plan.title}`),
    ...(plan.description === null ? [] : block('  ', plan.description)),
    ...block(
      'Platform    ',
      `${plan.platform.platform} (${plan.environment}): ${Object.keys(plan.platform.components).join(', ')}`,
    ),
    ...(plan.targets ?? []).flatMap(({ context, namespace, server }) =>
      block(
        'Existing    ',
        `context ${context}, namespace ${namespace}, server ${server ?? 'not said'}: a run breaks what is there, and has to be confirmed`,
      ),
    ),
    ...block('Scenario    ', `${plan.scenario.name}: ${plan.scenario.title}`),
    ...(plan.runbook === null
      ? []
      : block('Runbook     ', `${plan.runbook.file} "${plan.runbook.title}"${reviewOf(plan)}`)),
    ...block(
      'Steady      ',
      `${plan.steady.probes === undefined ? '' : `${plan.steady.probes.join(', ')} `}healthy for ${formatDuration(plan.steady.windowMs)}, within ${formatDuration(plan.steady.withinMs)}`,
    ),
    ...block(
      'Recovered   ',
      `${plan.recovered.probes.join(', ')} for ${formatDuration(plan.recovered.holdMs)}`,
    ),
    ...loadLines(plan),
    '',
    'Stages',
    ...plan.stages.flatMap((stage, i) => stageLines(plan, stage, `${String(i + 1).padStart(3)}. `)),
    ...healthLines(plan),
    '',
    'Objectives',
    ...Object.entries(plan.objectives).flatMap(([name, objective]) =>
      block(`  ${name}: `, objectiveText(objective)),
    ),
    ...describeJudging(plan).flatMap(([lead, text]) => block(lead, text)),
    '',
  ].join('\n');
}

function reviewOf({ runbook, today }: Plan): string {
  const review = runbook?.metadata.nextReview?.value ?? null;
  if (review === null) return ', no review date';
  return `, review ${review < today ? 'was due' : 'due'} ${review}`;
}

function stageLines(plan: Plan, stage: PlannedStage, lead: string): readonly string[] {
  switch (stage.kind) {
    case 'inject':
      return injectLines(plan, stage.fault, lead);
    case 'procedure':
      return procedureLines(plan, stage, lead);
    case 'until':
      return untilLines(stage, lead);
    case 'heal':
      return block(
        lead,
        stage.fault === 'all' ? 'heal all faults, the last one first' : `heal ${stage.fault}`,
      );
    case 'return':
      return block(lead, `return ${stage.target} as it was left, to be read and never written`);
    case 'rejoin':
      return block(lead, `rejoin ${stage.target}, after its lost writes were read`);
  }
}

function untilLines({ condition, withinMs, as, provedBy }: PlannedUntil, lead: string): readonly string[] {
  const awaited =
    condition === 'recovered'
      ? condition
      : ('probe' in condition ? [condition] : condition).map(conditionText).join(' and ');
  return [
    ...block(lead, `wait until ${awaited}, for at most ${formatDuration(withinMs)}`),
    ...(as === undefined ? [] : block('     mark      ', as)),
    ...(provedBy === undefined
      ? []
      : block(
          '     proved by ',
          `healthy in the ${formatDuration(provedBy.healthyWithinMs)} before ${provedBy.before}`,
        )),
  ];
}

function loadLines({ loads = {} }: Plan): readonly string[] {
  return Object.entries(loads).flatMap(([name, { kind, script, rate, thresholds }]) =>
    block(
      'Load        ',
      `${name}: ${kind} ${script}, ${rate} iterations per second, thresholds ${thresholds === 'must-hold' ? 'must hold' : 'are reported'}`,
    ),
  );
}

function healthLines({ healthChecks }: Plan): readonly string[] {
  if (healthChecks === undefined) return [];
  return [
    '',
    'Health checks, before the fault and after it',
    ...healthChecks.checks.flatMap((check) => [
      ...block('  ', `${check.name}${check.kind === 'sql' ? ` (at ${check.role})` : ''}: ${check.text}`),
      ...(check.kind === 'left-out' ? block('    left out because ', check.reason) : []),
    ]),
  ];
}

function injectLines({ scenario }: Plan, id: string, lead: string): readonly string[] {
  const fault = scenario.faults[id];
  const watched = (list: readonly Watched[]) => list.filter(({ after }) => after === id);
  return [
    ...block(lead, `inject ${id}${fault === undefined ? '' : `: ${describeFault(fault)}`}`),
    ...watched(scenario.symptoms).flatMap((each) => block('     symptom   ', watchedText(each))),
    ...watched(scenario.detection).flatMap((each) => block('     detection ', watchedText(each))),
  ];
}

function watchedText({ when, within }: Watched): string {
  return `${conditionText(when)}${within === undefined ? '' : `, within ${formatDuration(within)}`}`;
}

function conditionText(condition: Condition): string {
  if ('is' in condition)
    return `${condition.probe} is ${condition.is}${condition.for === undefined ? '' : ` for ${formatDuration(condition.for)}`}`;
  if ('above' in condition) return `${condition.probe} is above ${condition.above}`;
  return 'below' in condition
    ? `${condition.probe} is below ${condition.below}`
    : `${condition.probe} equals ${condition.equals}`;
}

function procedureLines(
  plan: Plan,
  { name, section, steps, failback }: PlannedProcedure,
  lead: string,
): readonly string[] {
  return [
    ...block(lead, `${failback ? 'failback' : 'procedure'} ${name}: "${section.join(' > ')}"`),
    ...steps.flatMap((step) => stepLines(plan.runbook?.file ?? '', step)),
  ];
}

function stepLines(file: string, planned: PlannedStep): readonly string[] {
  const { step } = planned;
  const place = `${file.split('/').at(-1)}:${step.lines.from}`;
  const text = block('         ', step.text);
  if (planned.do === 'leave-out')
    return [...block('     left out  ', place), ...text, ...block('       because ', planned.reason)];
  const head = { run: 'run', perform: 'manual', prompt: 'ask' }[planned.do].padEnd(10);
  const people = planned.peopleMs === 0 ? '' : `, people take ${formatDuration(planned.peopleMs)}`;
  return [
    ...block(`     ${head}`, `${place}${people}`),
    ...text,
    ...(planned.do === 'run' ? runLines(planned) : []),
    ...(planned.do === 'perform' ? block('       by      ', planned.command) : []),
    ...planned.verify.flatMap(({ name }) => block('       verify  ', name)),
  ];
}

function runLines({
  bind,
  exits = 0,
  correction,
  platformDiffers,
}: Extract<PlannedStep, { do: 'run' }>): readonly string[] {
  return [
    ...Object.entries(bind).flatMap(([name, value]) => block('       with    ', `${name} = ${value}`)),
    ...(exits === 0 ? [] : block('       exits   ', `${exits}`)),
    ...(correction === null
      ? []
      : [
          ...block('       if that fails ', correction.command),
          ...block('       because ', correction.reason),
        ]),
    ...(platformDiffers === null ? [] : block('       differs ', platformDiffers)),
  ];
}

function objectiveText(objective: Objective): string {
  switch (objective.kind) {
    case 'time':
      return `${objective.from} to ${objective.until} in at most ${formatDuration(objective.targetMs)}`;
    case 'availability':
      return `${objective.probe} available ${(objective.atLeast * 100).toFixed(3).replace(/\.?0+$/, '')} % or more`;
    case 'loss': {
      const writes = objective.writesAtMost === null ? '' : `, at most ${objective.writesAtMost} writes`;
      return `${objective.ledger} loses at most ${formatDuration(objective.lostAtMostMs)}${writes}`;
    }
  }
}

/** Text behind a lead, its further lines indented as far; words longer than a line are cut. */
function block(lead: string, text: string): readonly string[] {
  const room = width - lead.length;
  const lines = harmless(text)
    .split('\n')
    .flatMap((line) => wrapped(line, room));
  return lines.map((line, i) => `${i === 0 ? lead : ' '.repeat(lead.length)}${line}`.trimEnd());
}

function wrapped(line: string, room: number): readonly string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > room) {
    const space = rest.lastIndexOf(' ', room);
    const cut = space > 0 ? space : room;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}

/** Runbook text is not trusted with the terminal it is shown on. */
function harmless(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\t', '  ')
    .replaceAll(/[^\P{C}\n]|[\u2028\u2029]/gu, '');
}
