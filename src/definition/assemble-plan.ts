import type { DrillCase } from './check-drill.ts';
import { defaults } from './defaults.ts';
import type { Drill } from './drill.ts';
import { nameOfLoad, type PlannedLoad } from './load-spec.ts';
import { observed } from './observed.ts';
import type { LedgerSpec, ProbeSpec } from './observing.ts';
import type {
  Objective,
  Plan,
  PlannedHealthChecks,
  PlannedRunbook,
  PlannedScenario,
  PlannedStage,
} from './plan.ts';
import type { PlannedJudging } from './plan-judging.ts';
import type { RunbookInput } from './plan-procedure.ts';
import { plannedTargets } from './plan-targets.ts';
import type { PlanRequest } from './planner.ts';
import type { PlatformFile } from './platform.ts';
import type { Scenario, Watched } from './scenario.ts';
import { injectedFaults, type PlacedStage } from './stages.ts';

/** What was found in the runbook. */
export interface PlannedParts {
  readonly stages: readonly PlannedStage[];
  readonly healthChecks: PlannedHealthChecks | null;
  readonly judging: PlannedJudging;
}

/** The plan of a case without errors: defaults filled in, only what this variant uses. */
export function assemble(
  request: PlanRequest,
  { drill: { value: drill }, variant, scenario, platform, stages }: DrillCase,
  { stages: planned, healthChecks, judging }: PlannedParts,
): Plan {
  const { today, asWritten, interactive, runbook } = request;
  const targets = plannedTargets(platform);
  return {
    drill: drill.drill,
    variant,
    title: drill.title,
    description: drill.description ?? null,
    environment: platform.value.environment,
    today,
    asWritten,
    interactive,
    scenario: plannedScenario(scenario.value, stages),
    platform: platform.value,
    ...(targets.length > 0 && { targets }),
    runbook: runbook === null ? null : plannedRunbook(runbook),
    probes: picked(observed('probes', drill, platform.value).names, platform.value.probes, filledProbe),
    ledgers: picked(observed('ledgers', drill, platform.value).names, platform.value.ledgers, filledLedger),
    ...plannedLoads(drill, platform.value.loads),
    steady: {
      windowMs: drill.steady?.window ?? defaults.steadyWindowMs,
      withinMs: drill.steady?.within ?? defaults.steadyWithinMs,
      ...(drill.steady?.probes !== undefined && { probes: drill.steady.probes }),
    },
    recovered: {
      probes: drill.recovered.probes,
      holdMs: drill.recovered.hold,
      successRatio: drill.recovered['success-ratio'] ?? defaults.successRatio,
      latencyMs: drill.recovered.latency ?? null,
    },
    settle: { windowMs: drill.settle?.window ?? defaults.settleWindowMs },
    stages: planned,
    objectives: Object.fromEntries(
      Object.entries(drill.objectives).map(([name, objective]) => [name, plannedObjective(objective)]),
    ),
    criteria: drill.criteria ?? [],
    ...(healthChecks !== null && { healthChecks }),
    ...(drill['must-notice'] !== undefined && { mustNotice: drill['must-notice'] }),
    ...judging,
  };
}

function plannedRunbook({
  file,
  sha256,
  parsed: { title, metadata, escalations, intervals, criteria, lessons },
}: RunbookInput): PlannedRunbook {
  const learned = lessons === undefined ? {} : { lessons };
  return { file, sha256, title, metadata, escalations, intervals, criteria, ...learned };
}

/** Only the faults this variant injects, and what shows them; what names no fault is watched from the last one on. */
function plannedScenario(scenario: Scenario, stages: readonly PlacedStage[]): PlannedScenario {
  const injected = injectedFaults(stages);
  const last = injected.at(-1);
  const watched = (list: readonly Watched[]): readonly Watched[] =>
    list.flatMap((each) => {
      const after = each.after ?? last;
      return after !== undefined && injected.includes(after)
        ? [{ ...each, after, within: each.within ?? defaults.symptomWithinMs }]
        : [];
    });
  return {
    name: scenario.scenario,
    title: scenario.title,
    description: scenario.description ?? null,
    faults: Object.fromEntries(Object.entries(scenario.faults).filter(([id]) => injected.includes(id))),
    symptoms: watched(scenario.symptoms),
    detection: watched(scenario.detection ?? []),
  };
}

function picked<T>(
  names: readonly string[],
  all: { readonly [name: string]: T } | undefined,
  fill: (spec: T) => T,
): { readonly [name: string]: T } {
  return Object.fromEntries(
    names.flatMap((name) => (all?.[name] === undefined ? [] : [[name, fill(all[name])]])),
  );
}

function filledProbe(spec: ProbeSpec): ProbeSpec {
  return {
    ...spec,
    every: spec.every ?? defaults.probeEveryMs,
    deadline: spec.deadline ?? defaults.probeDeadlineMs,
  };
}

function filledLedger(spec: LedgerSpec): LedgerSpec {
  const {
    rate = defaults.ledgerRatePerSecond,
    writers = defaults.ledgerWriters,
    deadline = defaults.ledgerDeadlineMs,
  } = spec;
  return { ...spec, rate, writers, deadline };
}

function plannedLoads(drill: Drill, all: PlatformFile['loads']): Pick<Plan, 'loads'> {
  const chosen = (drill.loads ?? []).flatMap((each): readonly (readonly [string, PlannedLoad])[] => {
    const spec = all?.[nameOfLoad(each)];
    if (spec === undefined) return [];
    const thresholds = typeof each === 'string' ? 'reported' : each.thresholds;
    const users = Math.max(defaults.fewestUsers, Math.ceil(spec.rate * defaults.usersPerIterationASecond));
    return [[nameOfLoad(each), { ...spec, 'max-users': spec['max-users'] ?? users, thresholds }]];
  });
  return chosen.length === 0 ? {} : { loads: Object.fromEntries(chosen) };
}

function plannedObjective(objective: Drill['objectives'][string]): Objective {
  if ('from' in objective)
    return { kind: 'time', from: objective.from, until: objective.until, targetMs: objective.target };
  if ('probe' in objective)
    return { kind: 'availability', probe: objective.probe, atLeast: objective['availability-at-least'] };
  return {
    kind: 'loss',
    ledger: objective.ledger,
    lostAtMostMs: objective['lost-at-most'],
    writesAtMost: objective['writes-at-most'] ?? null,
  };
}
