import type { Interval } from '../runbook/runbook.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { findReference } from './find-reference.ts';
import { oneLine } from './find-step.ts';
import type { Updates } from './judging.ts';
import { nearest } from './nearest.ts';
import type { PlannedUpdates } from './plan.ts';
import type { RunbookInput } from './plan-procedure.ts';
import { quote, quoteList } from './quote.ts';
import type { Path, Source } from './source.ts';
import type { TakenSteps } from './taken-steps.ts';

export interface UpdatesRequest {
  readonly source: Source;
  readonly updates: Updates;
  readonly runbook: RunbookInput;
  readonly steps: TakenSteps;
}

type Planned =
  | { readonly planned: { readonly [name: string]: PlannedUpdates } }
  | { readonly errors: readonly DefinitionError[] };

/** The intervals that the runbook promises, each with the steps of this drill that keep it. */
export function planUpdates(request: UpdatesRequest): Planned {
  const all = Object.entries(request.updates).map(([name, spec]) => {
    const path = ['updates', name];
    const interval = intervalOf(request, spec.says, [...path, 'says']);
    const steps = spec.by.map((_, i) => stepOf(request, spec.by, i, [...path, 'by', i]));
    return { name, interval, steps };
  });
  const errors = all.flatMap(({ interval, steps }) =>
    [interval, ...steps].flatMap((each) => ('error' in each ? [each.error] : [])),
  );
  if (errors.length > 0) return { errors };
  const planned = all.flatMap(({ name, interval, steps }) =>
    'found' in interval
      ? [
          [
            name,
            { ...interval.found, steps: steps.flatMap((each) => ('id' in each ? [each.id] : [])) },
          ] as const,
        ]
      : [],
  );
  return { planned: Object.fromEntries(planned) };
}

type Failed = { readonly error: DefinitionError };

function intervalOf(
  { source, runbook: { parsed, file } }: UpdatesRequest,
  says: string,
  path: Path,
): { readonly found: Interval } | Failed {
  const found = parsed.intervals.find(({ text }) => text.toLowerCase().startsWith(says.toLowerCase()));
  if (found !== undefined) return { found };
  const texts = parsed.intervals.map(({ text }) => text);
  const has = texts.length === 0 ? 'it says none' : `it says ${quoteList(texts)}`;
  const message = `the runbook ${file} does not say ${quote(says)} of how often anybody is told; ${has}`;
  return { error: definitionError(source.at(path), message, nearest(says, texts)) };
}

function stepOf(
  { source, runbook: { parsed, file }, steps }: UpdatesRequest,
  by: Updates[string]['by'],
  i: number,
  path: Path,
): { readonly id: string } | Failed {
  const fail = (message: string, suggestion: string | null = null): Failed => ({
    error: definitionError(source.at(path), message, suggestion),
  });
  const reference = by[i];
  if (reference === undefined) return fail('expected a step');
  const lookup = findReference(parsed, reference, file);
  if (!('found' in lookup)) return fail(lookup.problem, lookup.suggestion);
  const { step } = lookup.found;
  if (step === null) return fail('expected a step of this section: "manual" or "command"');
  if (steps.taken.has(step.id)) return { id: step.id };
  return fail(
    `no procedure of this drill takes line ${step.lines.from} of the runbook, ${quote(oneLine(step.text))}, so it never is an update`,
  );
}
