import type { Runbook } from '../runbook/runbook.ts';
import { findSection } from './find-section.ts';
import { findCommand, findManual } from './find-step.ts';
import { type PlacedStage, type ProcedureSpec, procedureOf } from './stages.ts';

/** Steps that a drill's procedures name, by id, each with the procedures that do. `left-out` steps are named, too. */
export interface TakenSteps {
  /** Run, performed or asked for. */
  readonly taken: ReadonlyMap<string, readonly string[]>;
  readonly named: ReadonlySet<string>;
}

/** What is not found is left out: planning the procedures says so. */
export function takenSteps(runbook: Runbook, stages: readonly PlacedStage[], file: string): TakenSteps {
  const taken = new Map<string, string[]>();
  const named = new Set<string>();
  for (const placed of stages) {
    const procedure = procedureOf(placed)?.procedure;
    if (procedure === undefined) continue;
    const { selected, leftOut } = idsOf(runbook, procedure, file);
    for (const id of selected) taken.set(id, [...(taken.get(id) ?? []), procedure.procedure]);
    for (const id of [...selected, ...leftOut]) named.add(id);
  }
  return { taken, named };
}

function idsOf(runbook: Runbook, procedure: ProcedureSpec, file: string) {
  const lookup = findSection(runbook, procedure.section, file);
  if (!('found' in lookup)) return { selected: [], leftOut: [] };
  const section = lookup.found;
  const selected = procedure.steps.flatMap((step) => {
    const found = 'command' in step ? findCommand(section, step) : findManual(section, step.manual);
    return 'found' in found ? [found.found.id] : [];
  });
  const leftOut = (procedure['leave-out'] ?? []).flatMap((each) => {
    const found = findCommand(section, each);
    return 'found' in found ? [found.found.id] : [];
  });
  return { selected, leftOut };
}
