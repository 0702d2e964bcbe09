import { adjusted } from './adjust.ts';
import { assemble } from './assemble-plan.ts';
import { checkDrill, type DrillCase } from './check-drill.ts';
import { checkPlatform } from './check-platform.ts';
import { checkScenario, checkScenarioOn } from './check-scenario.ts';
import { type DefinitionError, inOrder } from './definition-error.ts';
import type { Drill, StageSpec } from './drill.ts';
import { observed } from './observed.ts';
import type { Plan, PlannedStage, PlannedUntil } from './plan.ts';
import { planHealthChecks } from './plan-health-checks.ts';
import { planJudging } from './plan-judging.ts';
import { type ProcedureContext, planProcedure, type RunbookInput } from './plan-procedure.ts';
import type { Platform } from './platform.ts';
import type { Scenario } from './scenario.ts';
import { type Selecting, shareSections } from './share-sections.ts';
import type { Definition } from './source.ts';
import { type PlacedStage, procedureOf, stagesOf } from './stages.ts';
import { unknownVariant, withVariant } from './variants.ts';

export interface PlanRequest {
  readonly drill: Definition<Drill>;
  /** One of the drill's variants; null only for a drill that has none. */
  readonly variant: string | null;
  readonly scenario: Definition<Scenario>;
  readonly platform: Definition<Platform>;
  /** Null for a drill that names no runbook. */
  readonly runbook: RunbookInput | null;
  /** ISO date that review dates are compared with. */
  readonly today: string;
  /** Corrections are not used. */
  readonly asWritten: boolean;
  readonly interactive: boolean;
}

export type PlanResult = { readonly plan: Plan } | { readonly errors: readonly DefinitionError[] };

/** Everything a run of one variant would do, or every reason why it cannot be planned. Reads nothing, changes nothing. */
export function planDrill(request: PlanRequest): PlanResult {
  const unknown = unknownVariant(request.drill, request.variant);
  if (unknown !== null) return { errors: [unknown] };
  const drill = withVariant(request.drill, request.variant);
  if ('errors' in drill) return drill;
  const platform = adjusted(request.platform, drill.definition);
  if ('errors' in platform) return platform;
  const { variant, scenario } = request;
  const stages = stagesOf(drill.definition.value, variant);
  const drillCase: DrillCase = {
    drill: drill.definition,
    variant,
    scenario,
    platform: platform.definition,
    stages,
  };
  const planned = planStages(request, drillCase);
  const health = planHealthChecks({
    ...drillCase,
    platform: platform.definition.value,
    runbook: request.runbook,
  });
  const judging = planJudging(drillCase, request.runbook);
  const errors = [
    ...checkCase(drillCase),
    ...planned.errors,
    ...('errors' in health ? health.errors : []),
    ...('errors' in judging ? judging.errors : []),
  ];
  if (errors.length > 0 || 'errors' in health || 'errors' in judging) return { errors: inOrder(errors) };
  return {
    plan: assemble(request, drillCase, {
      stages: planned.stages,
      healthChecks: health.planned,
      judging: judging.planned,
    }),
  };
}

function checkCase(drillCase: DrillCase): readonly DefinitionError[] {
  const { drill, scenario, platform } = drillCase;
  return [
    ...checkPlatform(platform),
    ...checkScenario(scenario),
    ...checkScenarioOn(scenario, platform.value, observed('probes', drill.value, platform.value)),
    ...checkDrill(drillCase),
  ];
}

interface PlannedStages {
  readonly stages: readonly PlannedStage[];
  readonly errors: readonly DefinitionError[];
}

function planStages(
  { runbook, asWritten }: PlanRequest,
  { drill: { source }, stages }: DrillCase,
): PlannedStages {
  // Without a runbook the procedures are reported by checkStages; there is nothing to find them in.
  const context = runbook === null ? null : { source, runbook, asWritten, captured: new Set<string>() };
  const planned = stages.map((stage) => planStage(context, stage));
  return {
    stages: shared(planned.flatMap((each) => ('errors' in each ? [] : [each]))),
    errors: planned.flatMap((each) => ('errors' in each ? each.errors : [])),
  };
}

type PlannedOne = { readonly stage: PlannedStage } | { readonly procedure: Selecting };

function shared(planned: readonly PlannedOne[]): readonly PlannedStage[] {
  const procedures = shareSections(planned.flatMap((one) => ('procedure' in one ? [one.procedure] : [])));
  const next = procedures.values();
  return planned.flatMap((one) => ('stage' in one ? [one.stage] : (next.next().value ?? [])));
}

function planStage(
  context: ProcedureContext | null,
  placed: PlacedStage,
): PlannedOne | { readonly errors: readonly DefinitionError[] } {
  const { stage } = placed;
  const procedure = procedureOf(placed);
  if (procedure !== null) {
    if (context === null) return { errors: [] };
    const result = planProcedure(context, procedure);
    return 'planned' in result ? { procedure: result.planned } : result;
  }
  if ('inject' in stage) return { stage: { kind: 'inject', fault: stage.inject } };
  if ('until' in stage) return { stage: plannedUntil(stage) };
  if ('heal' in stage) return { stage: { kind: 'heal', fault: stage.heal } };
  if ('return' in stage) return { stage: { kind: 'return', target: stage.return } };
  return 'rejoin' in stage ? { stage: { kind: 'rejoin', target: stage.rejoin } } : { errors: [] };
}

function plannedUntil(stage: Extract<StageSpec, { until: unknown }>): PlannedUntil {
  const { until, within, as } = stage;
  const proof = stage['proved-by'];
  return {
    kind: 'until',
    condition: until,
    withinMs: within,
    ...(as !== undefined && { as }),
    ...(proof !== undefined && {
      provedBy: { healthyWithinMs: proof['healthy-within'], before: proof.before },
    }),
  };
}
