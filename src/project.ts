import { resolve } from 'node:path';
import { type DefinitionError, InvalidDefinitionError, inOrder } from './definition/definition-error.ts';
import { lintProject, type PlanOptions, planByName } from './definition/load-drill.ts';
import { loadProject, type Project } from './definition/load-project.ts';
import type { Plan } from './definition/plan.ts';
import { projectFileName } from './definition/project.ts';
import { variantsOf } from './definition/variants.ts';
import { findProject, isProject, ProjectError, projectFiles } from './run/project-files.ts';

export interface ProjectOptions {
  /** Where to look for `drillbook.yaml`, upwards; default: the working folder. */
  readonly from?: string;
}

export interface OpenProject extends Project {
  readonly root: string;
  /** Absolute; where runs are written. */
  readonly reports: string;
}

/**
 * @throws ProjectError where there is no project; InvalidDefinitionError when `drillbook.yaml` is wrong (broken drills show
 * when they are planned)
 */
export async function openProject({ from = process.cwd() }: ProjectOptions = {}): Promise<OpenProject> {
  const { root, isPackage } = await findProject(from);
  if (isPackage && !(await isProject(root))) {
    throw new ProjectError(
      `there is no ${projectFileName} in ${from} or above it; write one that says where drills, scenarios, platforms and runbooks are (an empty object, {}, takes the folders of those names)`,
    );
  }
  const loaded = await loadProject(projectFiles(root, from));
  if ('errors' in loaded) throw new InvalidDefinitionError(loaded.errors);
  return { ...loaded.project, root, reports: resolve(root, loaded.project.folders.reports) };
}

/** Options of a plan as the command line has them: paths are relative to the working folder. */
export interface Planning {
  readonly today?: string | undefined;
  readonly asWritten?: boolean;
  readonly interactive?: boolean;
  readonly platform?: string | undefined;
  readonly runbooks?: string | undefined;
}

/**
 * Plans of drills by name (`name` for all its variants, `name/variant` for one).
 * @throws InvalidDefinitionError with every error of all of them
 */
export async function planDrills(
  project: Project,
  names: readonly string[],
  planning: Planning = {},
): Promise<readonly Plan[]> {
  const results = await Promise.all(names.map((name) => planByName(project, name, planOptions(planning))));
  const errors = results.flatMap((result) => ('errors' in result ? result.errors : []));
  if (errors.length > 0) throw new InvalidDefinitionError(errors);
  return results.flatMap((result) => ('plans' in result ? result.plans : []));
}

export interface DrillEntry {
  /** As it is named on the command line: `drill` or `drill/variant`. */
  readonly name: string;
  readonly title: string;
  readonly environment: string;
  /** Null where it is not valid. */
  readonly plan: Plan | null;
  readonly errors: readonly DefinitionError[];
}

/** Every variant of every drill, valid or not. */
export async function listDrills(project: Project, planning: Planning = {}): Promise<readonly DrillEntry[]> {
  const names = [...project.drills].flatMap(([name, parsed]) =>
    'errors' in parsed
      ? [name]
      : variantsOf(parsed.definition.value).map((variant) =>
          variant === null ? name : `${name}/${variant}`,
        ),
  );
  return Promise.all(names.map((name) => entryOf(project, name, planning)));
}

async function entryOf(project: Project, name: string, planning: Planning): Promise<DrillEntry> {
  const result = await planByName(project, name, planOptions(planning));
  if ('errors' in result) return { name, title: '', environment: '', plan: null, errors: result.errors };
  const [plan] = result.plans;
  return {
    name,
    title: plan?.title ?? '',
    environment: plan?.environment ?? '',
    plan: plan ?? null,
    errors: [],
  };
}

/** Everything that is wrong with the project's definitions. */
export async function lintDrills(
  project: Project,
  planning: Planning = {},
): Promise<readonly DefinitionError[]> {
  return inOrder(await lintProject(project, planOptions(planning)));
}

function planOptions({
  today,
  asWritten = false,
  interactive = false,
  platform,
  runbooks,
}: Planning): PlanOptions {
  return {
    today: today ?? new Date().toISOString().slice(0, 10),
    asWritten,
    interactive,
    ...(platform !== undefined && { platformFile: resolve(platform) }),
    ...(runbooks !== undefined && { runbooks: resolve(runbooks) }),
  };
}
