import type { Scenario } from './scenario.ts';
import { injectedFaults, type PlacedStage, procedureOf } from './stages.ts';

/** Marks of the timeline that objectives may count between, for one variant of a drill. */
export function marksOf(scenario: Scenario, stages: readonly PlacedStage[]): readonly string[] {
  const procedures = stages.flatMap((stage) => procedureOf(stage)?.procedure.procedure ?? []);
  const detection = (scenario.detection ?? []).length > 0;
  const rejoins = stages.some(({ stage }) => 'rejoin' in stage);
  return [
    ...injectedFaults(stages),
    'steady',
    'symptom',
    ...(detection ? ['detected'] : []),
    ...procedures.flatMap((name) => [`procedure.${name}.start`, `procedure.${name}.end`]),
    'recovered',
    'healed',
    ...(rejoins ? ['rejoined'] : []),
  ];
}
