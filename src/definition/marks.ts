import type { Scenario } from './scenario.ts';
import type { Path } from './source.ts';
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
    ...namedMarks(stages).map(({ name }) => name),
  ];
}

/** Marks that `until` stages make of what they wait for, and where their names stand. */
export function namedMarks(stages: readonly PlacedStage[]): readonly { name: string; path: Path }[] {
  return stages.flatMap(({ stage, path }) =>
    'until' in stage && stage.as !== undefined ? [{ name: stage.as, path: [...path, 'as'] }] : [],
  );
}

/** What a mark of the drill's own may not be called: the names that every drill has. */
export const builtInMarks: readonly string[] = [
  'steady',
  'symptom',
  'detected',
  'recovered',
  'healed',
  'rejoined',
];
