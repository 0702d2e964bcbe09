import { checkCompared } from './check-compared.ts';
import { checkJudging } from './check-judging.ts';
import { checkLoads } from './check-loads.ts';
import { checkSignals } from './check-signals.ts';
import { checkStages } from './check-stages.ts';
import { checkSteady } from './check-steady.ts';
import { checkUntil } from './check-until.ts';
import type { DefinitionError } from './definition-error.ts';
import { definitionError } from './definition-error.ts';
import type { Drill } from './drill.ts';
import { unknownNames } from './known-names.ts';
import { marksOf } from './marks.ts';
import type { Platform } from './platform.ts';
import type { Scenario } from './scenario.ts';
import type { Definition } from './source.ts';
import type { PlacedStage } from './stages.ts';

/** One variant of a drill with everything it names, before the runbook. */
export interface DrillCase {
  readonly drill: Definition<Drill>;
  readonly variant: string | null;
  readonly scenario: Definition<Scenario>;
  readonly platform: Definition<Platform>;
  readonly stages: readonly PlacedStage[];
}

/** Every name in a drill that its scenario, its platform or the drill itself does not know. */
export function checkDrill(drillCase: DrillCase): readonly DefinitionError[] {
  return [
    ...checkEnvironment(drillCase),
    ...checkSignals(drillCase),
    ...checkLoads(drillCase),
    ...checkSteady(drillCase),
    ...checkMarks(drillCase),
    ...checkStages(drillCase),
    ...checkCompared(drillCase),
    ...checkJudging(drillCase),
    ...checkUntil(drillCase),
  ];
}

function checkEnvironment({ drill: { value, source }, platform }: DrillCase): readonly DefinitionError[] {
  const { environment, platform: name } = platform.value;
  if (value.environment === undefined || value.environment === environment) return [];
  return [
    definitionError(
      source.at(['environment']),
      `the platform ${name} runs in ${environment}, not in ${value.environment}`,
    ),
  ];
}

function checkMarks({ drill: { value, source }, scenario, stages }: DrillCase): readonly DefinitionError[] {
  const mentions = Object.entries(value.objectives).flatMap(([key, objective]) => {
    if (!('from' in objective)) return [];
    return (['from', 'until'] as const).map((end) => ({
      source,
      path: ['objectives', key, end],
      name: objective[end],
    }));
  });
  return unknownNames(mentions, { owner: 'drill', what: 'mark', names: marksOf(scenario.value, stages) });
}
