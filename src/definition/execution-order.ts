import type { ManualStep, Section } from '../runbook/runbook.ts';
import { defaults } from './defaults.ts';
import type { PlannedStep } from './plan.ts';

/**
 * The steps of a section as a run goes through them: selected ones as the drill lists them, each other one after the
 * selected step that precedes it in the document. Manual steps that nobody selected are prompts; those with commands
 * under them are done by these, and are no steps of their own.
 */
export function executionOrder(section: Section, planned: readonly PlannedStep[]): readonly PlannedStep[] {
  const selected = planned.filter((step) => step.do !== 'leave-out');
  const byId = new Map(planned.map((step) => [step.step.id, step]));
  const beforeAll: PlannedStep[] = [];
  const following = new Map(selected.map((step) => [step.step.id, [step]]));
  let group = beforeAll;
  for (const step of [...section.steps].sort((a, b) => a.lines.from - b.lines.from)) {
    const own = following.get(step.id);
    if (own !== undefined) {
      group = own;
      continue;
    }
    const other =
      byId.get(step.id) ?? (step.kind === 'manual' && step.commands.length === 0 ? prompt(step) : null);
    if (other !== null) group.push(other);
  }
  return [...beforeAll, ...selected.flatMap(({ step }) => following.get(step.id) ?? [])];
}

function prompt(step: ManualStep): PlannedStep {
  return { do: 'prompt', step, timeoutMs: defaults.stepTimeoutMs, peopleMs: 0, verify: [] };
}
