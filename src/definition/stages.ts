import type { Drill, StageSpec } from './drill.ts';
import type { Path } from './source.ts';

export type ProcedureSpec = Extract<StageSpec, { failback: unknown }>['failback'];

/** A stage that a variant has, and where it stands in the drill's file. */
export interface PlacedStage {
  readonly stage: StageSpec;
  readonly path: Path;
}

export interface PlacedProcedure {
  readonly procedure: ProcedureSpec;
  readonly failback: boolean;
  readonly path: Path;
}

/** Stages without `only` belong to every variant. */
export function stagesOf({ stages }: Drill, variant: string | null): readonly PlacedStage[] {
  return stages
    .map((stage, i) => ({ stage, path: ['stages', i] }))
    .filter(({ stage: { only } }) => only === undefined || (variant !== null && only.includes(variant)));
}

export function injectedFaults(stages: readonly PlacedStage[]): readonly string[] {
  return stages.flatMap(({ stage }) => ('inject' in stage ? [stage.inject] : []));
}

/** The procedure of a stage, be it a recovery or a failback; null for other stages. */
export function procedureOf({ stage, path }: PlacedStage): PlacedProcedure | null {
  if ('failback' in stage) return { procedure: stage.failback, failback: true, path: [...path, 'failback'] };
  return 'procedure' in stage ? { procedure: stage, failback: false, path } : null;
}
