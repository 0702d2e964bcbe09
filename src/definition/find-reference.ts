import type { Runbook, Section, Step } from '../runbook/runbook.ts';
import { type Found, findSection } from './find-section.ts';
import { findCommand, findManual } from './find-step.ts';
import type { StepReference } from './judging.ts';

/** The section, and the one step of it that a reference names; no step: the reference is of the section. */
export interface Referred {
  readonly section: Section;
  readonly step: Step | null;
}

/** What a reference of a drill means in its runbook. @param file the runbook, as people are told */
export function findReference(runbook: Runbook, reference: StepReference, file: string): Found<Referred> {
  const lookup = findSection(runbook, reference.section, file);
  if (!('found' in lookup)) return lookup;
  const section = lookup.found;
  const { command, manual, nth } = reference;
  if (command !== undefined && manual !== undefined)
    return { problem: 'this names a command and a manual step; expected one of them', suggestion: null };
  if (command === undefined && manual === undefined) return { found: { section, step: null } };
  const step =
    command === undefined
      ? findManual(section, manual ?? { step: 1 })
      : findCommand(section, { command, nth });
  return 'found' in step ? { found: { section, step: step.found } } : step;
}
