import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../checkers/checker.ts';
import type { Objective } from '../definition/plan.ts';
import type { AttemptStory } from '../timeline/steps.ts';
import type { SlotSeries } from '../timeline/timeline.ts';
import { exitCodes, figure, findingOfObjective, headlineFigures } from './figures.ts';
import { type LoadReport, loadReports } from './load-facts.ts';
import { notesOf } from './notes.ts';
import type { Judged, Reporter } from './reporter.ts';
import { type Result, resultVersion } from './result.ts';
import { countSlots } from './slots.ts';
import { type StepReport, stepReports } from './steps.ts';

/** `result.json`: what a run found, for machines. Its schema is `schema/result.schema.json`. */
export const json: Reporter = {
  name: 'json',
  async write(judged, directory) {
    await writeFile(join(directory, 'result.json'), `${JSON.stringify(resultOf(judged), null, 2)}\n`);
    return ['result.json'];
  },
};

/** Everything a machine may want to know of a judged run, as `result.json` has it. */
export function resultOf(judged: Judged): Result {
  const { plan, timeline, verdict, findings } = judged;
  return {
    resultVersion,
    ...runOf(judged),
    drill: plan.drill,
    variant: plan.variant,
    environment: plan.environment,
    title: plan.title,
    scenario: plan.scenario.name,
    platform: plan.platform.platform,
    runbook: plan.runbook && {
      file: plan.runbook.file,
      sha256: plan.runbook.sha256,
      title: plan.runbook.title,
    },
    today: plan.today,
    asWritten: plan.asWritten,
    interactive: plan.interactive,
    options: [...(timeline.header.options ?? [])],
    notes: [...notesOf(judged)],
    verdict: {
      overall: verdict.overall,
      exitCode: exitCodes[verdict.overall],
      dimensions: { ...verdict.dimensions },
    },
    figures: Object.fromEntries(
      headlineFigures.map((name) => [name, figure(findings, name)]),
    ) as Result['figures'],
    objectives: Object.entries(plan.objectives).map(([name, objective]) =>
      objectiveResult(judged, name, objective),
    ),
    findings: findings.map(findingResult),
    steps: stepReports(plan, timeline).map(stepResult),
    probes: [...timeline.series.values()].map(probeResult),
    ...(plan.loads !== undefined && { loads: loadReports(judged).map(loadResult) }),
  };
}

function runOf({ timeline }: Judged): Pick<Result, 'run' | 'harness'> {
  const { runId, startedAt, harness } = timeline.header;
  return {
    run: {
      id: runId,
      startedAt,
      durationMs: ms(timeline.lastNs),
      complete: timeline.marks.some((mark) => mark.type === 'run.end'),
      torn: timeline.torn,
    },
    harness: { version: harness.version, node: harness.node, os: harness.os },
  };
}

function objectiveResult(judged: Judged, name: string, objective: Objective): Result['objectives'][number] {
  const finding = findingOfObjective(judged, name);
  return {
    name,
    kind: objective.kind,
    target: targetOf(objective),
    status: finding?.status ?? null,
    message: finding?.message ?? null,
  };
}

function targetOf(objective: Objective): number {
  if (objective.kind === 'time') return objective.targetMs;
  return objective.kind === 'loss' ? objective.lostAtMostMs : objective.atLeast;
}

function findingResult({ dimension, status, rule, message, ...rest }: Finding): Result['findings'][number] {
  return {
    dimension,
    status,
    rule,
    message,
    ...(rest.figures && { figures: { ...rest.figures } }),
    ...(rest.evidenceNs && { evidenceMs: rest.evidenceNs.map(ms) }),
    ...(rest.where !== undefined && { where: rest.where }),
    ...(rest.todo !== undefined && { todo: rest.todo }),
    ...(rest.details && { details: [...rest.details] }),
  };
}

function stepResult(step: StepReport): Result['steps'][number] {
  const { id, procedure, kind, text, phase, lines, outcome, reason } = step;
  return {
    id,
    procedure,
    kind,
    text,
    phase,
    lines,
    outcome,
    reason,
    attempts: step.attempts.map(attemptResult),
  };
}

function attemptResult({
  attempt,
  command,
  startNs,
  result,
  verified,
}: AttemptStory): Result['steps'][number]['attempts'][number] {
  return {
    attempt,
    command,
    startMs: ms(startNs),
    durationMs: result && ms(result.durationNs),
    exitCode: result?.exitCode ?? null,
    signal: result?.signal ?? null,
    timedOut: result?.timedOut ?? false,
    standIns: [...(result?.standIns ?? [])],
    checks: verified.map(({ ok, check, observed }) => ({ ok, check, observed })),
  };
}

function loadResult({ figures, ...load }: LoadReport): NonNullable<Result['loads']>[number] {
  return {
    ...load,
    figures: figures && { ...figures, thresholds: figures.thresholds.map((threshold) => ({ ...threshold })) },
  };
}

function probeResult(series: SlotSeries): Result['probes'][number] {
  return { name: series.probe, periodMs: ms(series.periodNs), slots: series.length, ...countSlots(series) };
}

function ms(ns: number): number {
  return ns / 1e6;
}
