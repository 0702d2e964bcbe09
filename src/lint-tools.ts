import type { Plan, PlannedStep } from './definition/plan.ts';
import { isAlwaysThere } from './environments/toolbox/basics.ts';
import { calledPrograms } from './environments/toolbox/words.ts';

/** Something in a project that will not stop a drill, but change what it proves. */
export interface LintWarning {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/**
 * Commands that drills select and that call a program which is not in their platform's toolbox: they will be "not run". Each
 * place of a runbook once for each platform, in the order of the runbooks' lines.
 */
export function toolWarnings(plans: readonly Plan[]): readonly LintWarning[] {
  const warnings = plans.flatMap((plan) => stepsOf(plan).flatMap((step) => ofStep(plan, step)));
  const once = new Map(warnings.map((warning) => [JSON.stringify(warning), warning]));
  return [...once.values()].toSorted((one, other) =>
    one.file === other.file ? one.line - other.line : one.file < other.file ? -1 : 1,
  );
}

function stepsOf({ stages }: Plan): readonly PlannedStep[] {
  return stages.flatMap((stage) => (stage.kind === 'procedure' ? stage.steps : []));
}

function ofStep({ platform, runbook, drill }: Plan, step: PlannedStep): readonly LintWarning[] {
  // On a component's own machine there are the programs of its image, which no platform file lists.
  if (step.do !== 'run' || runbook === null || step.on !== undefined) return [];
  const tools = Object.keys(platform.tools ?? {});
  const commands = [step.step.text, ...(step.correction === null ? [] : [step.correction.command])];
  const unknown = commands
    .flatMap(calledPrograms)
    .filter((program) => !tools.includes(program) && !isAlwaysThere(program));
  return [...new Set(unknown)].map((program) => ({
    file: runbook.file,
    line: step.step.lines.from,
    message: `drill ${drill} runs ${program} here, which the platform ${platform.platform} does not name under "tools": the command will not be run`,
  }));
}
