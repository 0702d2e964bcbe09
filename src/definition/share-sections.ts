import type { PlannedProcedure, PlannedStep } from './plan.ts';

/** A planned procedure, and the ids of the steps that its drill selects for it. */
export interface Selecting {
  readonly procedure: PlannedProcedure;
  readonly selected: ReadonlySet<string>;
}

/**
 * Several procedures may go through one section, each taking its part of it. A manual step that nobody selected is then
 * asked for once: by the procedure that took the selected step before it in the document. One that another procedure
 * selected is no matter of this one. Commands stay as they are: each procedure runs them or says why not.
 */
export function shareSections(all: readonly Selecting[]): readonly PlannedProcedure[] {
  return all.map((one) => {
    const sharing = all.filter((other) => sectionOf(other) === sectionOf(one));
    if (sharing.length === 1) return one.procedure;
    const steps = one.procedure.steps.filter(
      (planned) =>
        planned.do !== 'prompt' ||
        one.selected.has(planned.step.id) ||
        ownerOf(planned, sharing) === one.procedure,
    );
    return { ...one.procedure, steps };
  });
}

function sectionOf({ procedure }: Selecting): string {
  return JSON.stringify(procedure.section);
}

/** Null for a step that some procedure selected. */
function ownerOf({ step }: PlannedStep, sharing: readonly Selecting[]): PlannedProcedure | null {
  if (sharing.some(({ selected }) => selected.has(step.id))) return null;
  const before = sharing.flatMap(({ procedure, selected }) =>
    procedure.steps
      .filter((other) => selected.has(other.step.id) && other.step.lines.from < step.lines.from)
      .map((other) => ({ procedure, line: other.step.lines.from })),
  );
  const nearest = Math.max(...before.map(({ line }) => line));
  return (before.find(({ line }) => line === nearest) ?? sharing[0])?.procedure ?? null;
}
