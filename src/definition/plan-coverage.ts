import type { Runbook, Section, Step } from '../runbook/runbook.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { findReference } from './find-reference.ts';
import { oneLine } from './find-step.ts';
import type { Apart, Coverage } from './judging.ts';
import type { AccountedStep, PlannedCoverage } from './plan.ts';
import { quote } from './quote.ts';
import type { Path, Source } from './source.ts';
import type { TakenSteps } from './taken-steps.ts';

export interface CoverageRequest {
  readonly source: Source;
  readonly coverage: Coverage;
  readonly runbook: Runbook;
  /** As people are told. */
  readonly file: string;
  readonly steps: TakenSteps;
}

type Reason = NonNullable<AccountedStep['apart']>;

/** Every section of the runbook with its steps, each of which is named by a procedure or set apart with a reason. */
export function planCoverage(
  request: CoverageRequest,
): { readonly planned: PlannedCoverage } | { readonly errors: readonly DefinitionError[] } {
  const { coverage, runbook, source } = request;
  const apart = new Map<string, Reason>();
  // Whole sections first: what is said of one step of them counts more.
  const listed = (coverage.apart ?? []).map((spec, i) => ({ spec, path: ['coverage', 'apart', i] }));
  const [sections, steps] = [listed.filter(isOfSection), listed.filter((each) => !isOfSection(each))];
  const errors = [...sections, ...steps].flatMap(({ spec, path }) => setApart(request, spec, path, apart));
  const unnamed = runbook.sections
    .flatMap(stepsOf)
    .filter(({ id }) => !request.steps.named.has(id) && !apart.has(id))
    .map((step) => definitionError(source.at(['coverage']), unnamedText(request.file, step)));
  if (errors.length + unnamed.length > 0) return { errors: [...errors, ...unnamed] };
  return {
    planned: {
      commandsAtLeast: coverage['commands-at-least'] ?? null,
      sections: runbook.sections.map((section) => ({
        path: section.path,
        lines: section.lines,
        steps: stepsOf(section).map((step) => accounted(step, apart.get(step.id))),
      })),
    },
  };
}

const isOfSection = ({ spec }: { readonly spec: Apart }) =>
  spec.command === undefined && spec.manual === undefined;

/** Manual steps with commands under them are done by these. */
function stepsOf({ steps }: Section): readonly Step[] {
  return steps
    .filter((step) => step.kind !== 'manual' || step.commands.length === 0)
    .toSorted((a, b) => a.lines.from - b.lines.from);
}

function accounted({ id, kind, text, lines }: Step, apart: Reason | undefined): AccountedStep {
  return { id, kind, text, lines, ...(apart !== undefined && { apart }) };
}

function unnamedText(file: string, step: Step): string {
  const way =
    step.kind === 'manual'
      ? 'a procedure takes it ("manual"), or "coverage" sets it apart with a reason'
      : 'a procedure runs it or leaves it out, or "coverage" sets it apart as not applicable';
  return `${file}:${step.lines.from} ${quote(oneLine(step.text))} is not accounted for, and this drill covers the whole runbook: ${way}`;
}

/** Adds to `apart` what an entry sets apart. */
function setApart(
  request: CoverageRequest,
  spec: Apart,
  path: Path,
  apart: Map<string, Reason>,
): readonly DefinitionError[] {
  const error = (message: string, suggestion: string | null = null) => [
    definitionError(request.source.at(path), message, suggestion),
  ];
  const reason = reasonOf(spec);
  if (reason === null) return error('expected one of "not-applicable" and "left-to-people", with the reason');
  const lookup = findReference(request.runbook, spec, request.file);
  if (!('found' in lookup)) return error(lookup.problem, lookup.suggestion);
  const { section, step } = lookup.found;
  const meant = step === null ? untaken(request, section) : [step];
  if (meant.length === 0) return error(`nothing of ${quote(section.heading)} is left to be set apart`);
  const problem = meant.flatMap((each) => problemOf(request, each, reason) ?? [])[0];
  if (problem !== undefined) return error(problem);
  for (const { id } of meant) apart.set(id, reason);
  return [];
}

function reasonOf(spec: Apart): Reason | null {
  const { 'not-applicable': notApplicable, 'left-to-people': people } = spec;
  if (notApplicable !== undefined && people !== undefined) return null;
  if (notApplicable !== undefined) return { kind: 'not-applicable', reason: notApplicable };
  return people === undefined ? null : { kind: 'people', reason: people };
}

/** What no procedure names of a section and those below it. */
function untaken({ runbook, steps }: CoverageRequest, { path }: Section): readonly Step[] {
  return runbook.sections
    .filter((each) => path.every((heading, i) => each.path[i] === heading))
    .flatMap(stepsOf)
    .filter(({ id }) => !steps.named.has(id));
}

function problemOf({ steps, file }: CoverageRequest, step: Step, reason: Reason): string | null {
  const place = `${file}:${step.lines.from} ${quote(oneLine(step.text))}`;
  const hasCommand = step.kind === 'manual' ? step.commands.length > 0 : true;
  if (reason.kind === 'people' && hasCommand)
    return `${place} has a command, and a step that has one is never left to people`;
  const by = steps.taken.get(step.id);
  if (by !== undefined) return `${place} is taken by the procedure ${by[0]}, and cannot be set apart as well`;
  return steps.named.has(step.id) ? `${place} is left out by a procedure, which says why` : null;
}
