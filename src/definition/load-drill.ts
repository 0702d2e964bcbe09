import { createHash } from 'node:crypto';
import { isAbsolute, join, normalize } from 'node:path';
import { parseRunbook } from '../runbook/parse.ts';
import { checkPlatform } from './check-platform.ts';
import { checkScenario } from './check-scenario.ts';
import { decodeText } from './decode.ts';
import { type DefinitionError, definitionError, inOrder, type Position } from './definition-error.ts';
import type { Drill } from './drill.ts';
import { loadPlatform } from './load-platform.ts';
import { onShelf, type Project, type Shelf } from './load-project.ts';
import { nearest } from './nearest.ts';
import type { Plan } from './plan.ts';
import type { RunbookInput } from './plan-procedure.ts';
import { type PlanRequest, type PlanResult, planDrill } from './planner.ts';
import type { ProjectFiles } from './project-files.ts';
import { quote } from './quote.ts';
import type { Definition } from './source.ts';
import { unknownVariant, variantsOf, withVariant } from './variants.ts';

/** What a command line may say beside the drill's name. */
export interface PlanOptions {
  /** ISO date that review dates are compared with. */
  readonly today: string;
  readonly asWritten: boolean;
  readonly interactive: boolean;
  /** A platform file in place of the drill's own. */
  readonly platformFile?: string;
  /** A folder of runbooks in place of the project's. */
  readonly runbooks?: string;
}

export type Plans = { readonly plans: readonly Plan[] } | { readonly errors: readonly DefinitionError[] };

/** Plans of a drill by name, one a variant; `name/variant` is that variant alone. All errors of all its files at once. */
export async function planByName(project: Project, name: string, options: PlanOptions): Promise<Plans> {
  const [drillName = '', variant] = name.split('/', 2);
  const folder = { file: project.files.label(project.folders.drills), line: 0, column: 0 };
  const drill = onShelf(project.drills, 'drill', drillName, folder);
  if ('errors' in drill) return drill;
  const variants = variant === undefined ? variantsOf(drill.definition.value) : [variant];
  const results = await Promise.all(
    variants.map((each) => planVariant(project, drill.definition, each, options)),
  );
  const errors = results.flatMap((result) => ('errors' in result ? result.errors : []));
  return errors.length > 0
    ? { errors: inOrder(errors) }
    : { plans: results.flatMap((result) => ('plan' in result ? [result.plan] : [])) };
}

async function planVariant(
  project: Project,
  drill: Definition<Drill>,
  variant: string | null,
  options: PlanOptions,
): Promise<PlanResult> {
  const unknown = unknownVariant(drill, variant);
  if (unknown !== null) return { errors: [unknown] };
  const varied = withVariant(drill, variant);
  if ('errors' in varied) return varied;
  const materials = await gather(project, varied.definition, options);
  if ('errors' in materials) return materials;
  const { today, asWritten, interactive } = options;
  return planDrill({ ...materials, drill, variant, today, asWritten, interactive });
}

/** Everything that is wrong with a project: each definition, and each variant of each drill on its runbook. */
export async function lintProject(
  project: Project,
  options: PlanOptions,
): Promise<readonly DefinitionError[]> {
  const plans = await Promise.all(
    [...project.drills.keys()].map((name) => planByName(project, name, options)),
  );
  return inOrder([
    ...checkShelf(project.drills, () => []),
    ...checkShelf(project.scenarios, checkScenario),
    ...checkShelf(project.platforms, checkPlatform),
    ...plans.flatMap((result) => ('errors' in result ? result.errors : [])),
  ]);
}

function checkShelf<T>(
  shelf: Shelf<T>,
  check: (definition: Definition<T>) => readonly DefinitionError[],
): readonly DefinitionError[] {
  return [...shelf.values()].flatMap((parsed) =>
    'errors' in parsed ? parsed.errors : check(parsed.definition),
  );
}

type Materials = Pick<PlanRequest, 'scenario' | 'platform' | 'runbook'>;

/** The files that one variant of a drill names. */
async function gather(
  project: Project,
  drill: Definition<Drill>,
  options: PlanOptions,
): Promise<Materials | { readonly errors: readonly DefinitionError[] }> {
  const { value, source } = drill;
  const scenario = onShelf(project.scenarios, 'scenario', value.scenario, source.at(['scenario']));
  const platform =
    options.platformFile === undefined
      ? onShelf(project.platforms, 'platform', value.platform, source.at(['platform']))
      : await loadPlatform(project.files, options.platformFile);
  const runbook =
    value.runbook === undefined
      ? { runbook: null }
      : await loadRunbook(
          project.files,
          options.runbooks ?? project.folders.runbooks,
          value.runbook,
          source.at(['runbook']),
        );
  if ('errors' in scenario || 'errors' in platform || 'errors' in runbook) {
    return { errors: [scenario, platform, runbook].flatMap((each) => ('errors' in each ? each.errors : [])) };
  }
  return { scenario: scenario.definition, platform: platform.definition, runbook: runbook.runbook };
}

/** A runbook of a folder, parsed; `place` is where its name was written. */
export async function loadRunbook(
  files: ProjectFiles,
  folder: string,
  name: string,
  place: Position,
): Promise<{ readonly runbook: RunbookInput } | { readonly errors: readonly DefinitionError[] }> {
  if (isAbsolute(name) || normalize(name).startsWith('..')) {
    return {
      errors: [
        definitionError(
          place,
          `${quote(name)} leads out of the runbooks folder; expected a file name in ${files.label(folder)}`,
        ),
      ],
    };
  }
  const path = join(folder, name);
  const file = files.label(path);
  const content = await files.read(path);
  if (content.kind === 'missing') {
    const names = (await files.list(folder)) ?? [];
    return {
      errors: [
        definitionError(
          place,
          `there is no runbook ${quote(name)} in ${files.label(folder)}`,
          nearest(name, names),
        ),
      ],
    };
  }
  const decoded = decodeText(file, content);
  if ('errors' in decoded) return decoded;
  const sha256 = createHash('sha256')
    .update(content.kind === 'bytes' ? content.bytes : '')
    .digest('hex');
  return { runbook: { file, text: decoded.text, sha256, parsed: parseRunbook(decoded.text) } };
}
