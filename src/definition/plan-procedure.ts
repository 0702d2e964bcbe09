import type { CommandStep, ManualStep, Runbook, Section } from '../runbook/runbook.ts';
import { checkBindings } from './check-bindings.ts';
import { defaults } from './defaults.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { executionOrder } from './execution-order.ts';
import { type Found, findSection } from './find-section.ts';
import {
  describeExecutable,
  type Executable,
  executables,
  findCommand,
  findManual,
  oneLine,
} from './find-step.ts';
import type { PlannedStep } from './plan.ts';
import { quote } from './quote.ts';
import type { Selecting } from './share-sections.ts';
import type { Path, Source } from './source.ts';
import type { PlacedProcedure, ProcedureSpec } from './stages.ts';

/** A runbook as it was read: `file` as people are told, `sha256` of its bytes in hex. */
export interface RunbookInput {
  readonly file: string;
  readonly text: string;
  readonly sha256: string;
  readonly parsed: Runbook;
}

export interface ProcedureContext {
  readonly source: Source;
  readonly runbook: RunbookInput;
  readonly asWritten: boolean;
  /** Variables that steps captured so far; this procedure's are added. */
  readonly captured: Set<string>;
}

type Planned = { readonly planned: Selecting } | { readonly errors: readonly DefinitionError[] };
type StepSpec = ProcedureSpec['steps'][number];
type CommandSpec = Extract<StepSpec, { command: string }>;
type ManualSpec = Extract<StepSpec, { manual: unknown }>;
type Outcome = { readonly step: PlannedStep } | { readonly errors: readonly DefinitionError[] };

/** A procedure of a drill on its section of the runbook: every command is either run or left out with a reason. */
export function planProcedure(context: ProcedureContext, placed: PlacedProcedure): Planned {
  const { procedure, path, failback } = placed;
  const at = [...path, 'section'];
  const lookup = findSection(context.runbook.parsed, procedure.section, context.runbook.file);
  if (!('found' in lookup)) return { errors: [notFound(context.source, at, lookup)] };
  const section = lookup.found;
  const { steps, errors } = planSteps(context, section, placed);
  const named = steps.map(({ step }) => step);
  const missing = errors.length > 0 ? errors : uncovered(context, at, section, named);
  if (missing.length > 0) return { errors: missing };
  return {
    planned: {
      procedure: {
        kind: 'procedure',
        name: procedure.procedure,
        failback,
        ...(procedure['compared-with'] !== undefined && { comparedWith: procedure['compared-with'] }),
        section: section.path,
        phases: section.phases.map(({ ordinal, name, budget }) => ({ ordinal, name, budget })),
        steps: executionOrder(section, named),
      },
      selected: new Set(named.flatMap((each) => (each.do === 'leave-out' ? [] : [each.step.id]))),
    },
  };
}

interface Mention {
  readonly step: PlannedStep;
  readonly path: Path;
}

function planSteps(
  context: ProcedureContext,
  section: Section,
  { procedure, path }: PlacedProcedure,
): { readonly steps: readonly Mention[]; readonly errors: readonly DefinitionError[] } {
  const outcomes = [
    ...procedure.steps.map((spec, i) => {
      const place = [...path, 'steps', i];
      return { path: place, outcome: planStep(context, section, spec, place) };
    }),
    ...(procedure['leave-out'] ?? []).map((spec, i) => {
      const place = [...path, 'leave-out', i];
      return { path: place, outcome: planLeftOut(context.source, section, spec, place) };
    }),
  ];
  const steps = outcomes.flatMap(({ path, outcome }) =>
    'step' in outcome ? [{ step: outcome.step, path }] : [],
  );
  const errors = outcomes.flatMap(({ outcome }) => ('errors' in outcome ? outcome.errors : []));
  return { steps, errors: [...errors, ...namedTwice(context.source, steps)] };
}

function planStep(context: ProcedureContext, section: Section, spec: StepSpec, path: Path): Outcome {
  return 'command' in spec
    ? planCommand(context, section, spec, path)
    : planManual(context, section, spec, path);
}

function planCommand(context: ProcedureContext, section: Section, spec: CommandSpec, path: Path): Outcome {
  const lookup = findCommand(section, spec);
  if (!('found' in lookup)) return { errors: [notFound(context.source, [...path, 'command'], lookup)] };
  const step = lookup.found;
  if (step.kind === 'query') {
    const message = `line ${step.lines.from} of the runbook is a query (${step.language}), and only commands are run; leave it out with a reason`;
    return { errors: [definitionError(context.source.at([...path, 'command']), message)] };
  }
  const errors = checkBindings({ source: context.source, path }, spec, step, context.captured);
  for (const variable of Object.keys(spec.capture ?? {})) context.captured.add(variable);
  return errors.length > 0 ? { errors } : { step: commandStep(context, spec, step) };
}

function commandStep({ asWritten }: ProcedureContext, spec: CommandSpec, step: CommandStep): PlannedStep {
  return {
    do: 'run',
    step,
    bind: spec.bind ?? {},
    capture: spec.capture ?? {},
    ...(spec.exits !== undefined && { exits: spec.exits }),
    correction: asWritten ? null : (spec.correction ?? null),
    platformDiffers: spec['platform-differs'] ?? null,
    ...(spec.on !== undefined && { on: spec.on }),
    ...common(spec),
  };
}

function planManual({ source }: ProcedureContext, section: Section, spec: ManualSpec, path: Path): Outcome {
  const lookup = findManual(section, spec.manual);
  if (!('found' in lookup)) return { errors: [notFound(source, [...path, 'manual'], lookup)] };
  const step = lookup.found;
  if (step.commands.length === 0) return { step: manualStep(spec, step) };
  const commands = executables(section).filter(({ id }) => step.commands.includes(id));
  const message = `${quote(oneLine(step.text))} (line ${step.lines.from}) has a command, and a step that has one is never attested; select ${commands.map(describeExecutable).join(' or ')} instead`;
  return { errors: [definitionError(source.at([...path, 'manual'], 'key'), message)] };
}

function manualStep(spec: ManualSpec, step: ManualStep): PlannedStep {
  return spec.perform === undefined
    ? { do: 'prompt', step, ...common(spec) }
    : { do: 'perform', step, command: spec.perform, ...common(spec) };
}

function common({ timeout, people, verify }: StepSpec) {
  return {
    timeoutMs: timeout ?? defaults.stepTimeoutMs,
    peopleMs: people ?? 0,
    verify: (verify ?? []).map((check) => ({ ...check, within: check.within ?? defaults.verifyWithinMs })),
  };
}

type LeftOut = NonNullable<ProcedureSpec['leave-out']>[number];

function planLeftOut(source: Source, section: Section, spec: LeftOut, path: Path): Outcome {
  const lookup = findCommand(section, spec);
  if (!('found' in lookup)) return { errors: [notFound(source, [...path, 'command'], lookup)] };
  return { step: { do: 'leave-out', step: lookup.found, reason: spec.reason } };
}

function notFound(
  source: Source,
  path: Path,
  { problem, suggestion }: Exclude<Found<unknown>, { found: unknown }>,
): DefinitionError {
  return definitionError(source.at(path), problem, suggestion);
}

function namedTwice(source: Source, mentions: readonly Mention[]): readonly DefinitionError[] {
  return mentions.flatMap(({ step: { step }, path }, i) => {
    const first = mentions.findIndex((other) => other.step.step.id === step.id);
    if (first === i) return [];
    return [
      definitionError(
        source.at(path),
        `line ${step.lines.from} of the runbook, ${quote(oneLine(step.text))}, is named here a second time`,
      ),
    ];
  });
}

function uncovered(
  { source, runbook }: ProcedureContext,
  at: Path,
  section: Section,
  steps: readonly PlannedStep[],
): readonly DefinitionError[] {
  const named = new Set(steps.map(({ step }) => step.id));
  return executables(section)
    .filter(({ id }) => !named.has(id))
    .map((step: Executable) => {
      const message = `${runbook.file}:${step.lines.from} ${quote(oneLine(step.text))} is neither run nor left out; each command that a drill does not use is left out with a reason`;
      return definitionError(source.at(at), message);
    });
}
