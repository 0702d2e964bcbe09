import type { DrillCase } from './check-drill.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import type { Plan } from './plan.ts';
import { planClaims } from './plan-claims.ts';
import { planCoverage } from './plan-coverage.ts';
import type { RunbookInput } from './plan-procedure.ts';
import { planUpdates } from './plan-updates.ts';
import { takenSteps } from './taken-steps.ts';

export type PlannedJudging = Pick<Plan, 'coverage' | 'claims' | 'updates' | 'restorationOrder'>;

/** What a drill wants to have judged of its runbook as a whole, found in that runbook. */
export function planJudging(
  { drill: { value, source }, stages }: Pick<DrillCase, 'drill' | 'stages'>,
  runbook: RunbookInput | null,
): { readonly planned: PlannedJudging } | { readonly errors: readonly DefinitionError[] } {
  const { coverage, claims, updates, 'restoration-order': restorationOrder } = value;
  if (runbook === null && (coverage !== undefined || updates !== undefined)) {
    const key = coverage === undefined ? 'updates' : 'coverage';
    return {
      errors: [
        definitionError(source.at([key]), `"${key}" needs a runbook; expected "runbook" in this drill`),
      ],
    };
  }
  const named = runbook && { runbook, steps: takenSteps(runbook.parsed, stages, runbook.file) };
  const parts = {
    coverage:
      coverage === undefined || named === null
        ? null
        : planCoverage({
            source,
            coverage,
            runbook: named.runbook.parsed,
            file: named.runbook.file,
            steps: named.steps,
          }),
    updates: updates === undefined || named === null ? null : planUpdates({ source, updates, ...named }),
    claims: claims === undefined ? null : planClaims({ source, claims, runbook, stages }),
  };
  const errors = Object.values(parts).flatMap((part) =>
    part !== null && 'errors' in part ? part.errors : [],
  );
  if (errors.length > 0) return { errors };
  return {
    planned: {
      ...(parts.coverage !== null && 'planned' in parts.coverage && { coverage: parts.coverage.planned }),
      ...(parts.claims !== null && 'planned' in parts.claims && { claims: parts.claims.planned }),
      ...(parts.updates !== null && 'planned' in parts.updates && { updates: parts.updates.planned }),
      ...(restorationOrder !== undefined && { restorationOrder }),
    },
  };
}
