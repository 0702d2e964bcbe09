import type { EnvironmentName } from '../definition/platform.ts';
import { formatDefinitionError, listDrills, type Plan, planDrills } from '../index.ts';
import type { OpenProject, Planning } from '../project.ts';
import { UsageError } from './errors.ts';
import { whyNotHere } from './why-not-here.ts';

export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

export interface Selection {
  readonly plans: readonly Plan[];
  readonly skipped: readonly Skipped[];
}

export interface Asked extends Planning {
  readonly drills: readonly string[];
  readonly environment: EnvironmentName | 'all' | undefined;
}

/**
 * The drills that were named, or else every drill of an environment; the others are skipped with a reason.
 * @throws InvalidDefinitionError with all that is wrong with the drills that were asked for
 */
export async function selectDrills(project: OpenProject, asked: Asked): Promise<Selection> {
  return asked.drills.length > 0 ? named(project, asked) : everyDrill(project, asked);
}

async function named(project: OpenProject, asked: Asked): Promise<Selection> {
  const plans = await planDrills(project, asked.drills, asked);
  const { environment = 'all' } = asked;
  const others = plans.filter((plan) => environment !== 'all' && plan.environment !== environment);
  if (others.length > 0) {
    const drills = [...new Set(others.map((plan) => `${plan.drill} runs on ${plan.environment}`))];
    throw new UsageError(
      `--environment ${environment}: ${drills.join(', ')}; leave --environment out, or name another drill`,
    );
  }
  return { plans, skipped: [] };
}

async function everyDrill(project: OpenProject, asked: Asked): Promise<Selection> {
  const entries = await listDrills(project, asked);
  // On a platform that somebody brings, a drill whose needs it does not meet is skipped, not wrong.
  const broken = entries.filter(({ errors }) => errors.length > 0);
  const chosen = asked.platform === undefined ? entries : entries.filter(({ errors }) => errors.length === 0);
  const plans = await planDrills(
    project,
    chosen.map(({ name }) => name),
    asked,
  );
  const { environment = 'local' } = asked;
  const there = plans.filter((plan) => environment === 'all' || plan.environment === environment);
  const runnable = environment === 'all' ? await onThisMachine(there) : { plans: there, skipped: [] };
  if (runnable.plans.length === 0 && broken.length === entries.length)
    noDrill(
      project,
      broken.flatMap(({ errors }) => errors.map(formatDefinitionError)),
    );
  return {
    plans: runnable.plans,
    skipped: [
      ...plans
        .filter((plan) => !there.includes(plan))
        .map((plan) => ({
          name: planName(plan),
          reason: `it runs on ${plan.environment} (--environment ${plan.environment})`,
        })),
      ...runnable.skipped,
      ...(asked.platform === undefined
        ? []
        : broken.map(({ name, errors: [first] }) => ({
            name,
            reason: first === undefined ? '' : formatDefinitionError(first),
          }))),
    ],
  };
}

async function onThisMachine(plans: readonly Plan[]): Promise<Selection> {
  const checked = await Promise.all(
    plans.map(async (plan) => ({ plan, reason: unasked(plan) ?? (await whyNotHere(plan)) })),
  );
  return {
    plans: checked.flatMap(({ plan, reason }) => (reason === null ? [plan] : [])),
    skipped: checked.flatMap(({ plan, reason }) =>
      reason === null ? [] : [{ name: planName(plan), reason }],
    ),
  };
}

/** "All" of a machine is what it makes itself: what is there already is broken only where somebody asks for it. */
function unasked({ targets: [target] = [] }: Plan): string | null {
  return target === undefined
    ? null
    : `it breaks what is in the existing context ${target.context}: name it, or say --environment context`;
}

function noDrill(project: OpenProject, errors: readonly string[]): never {
  throw new UsageError(
    errors.length === 0
      ? `there are no drills in ${project.folders.drills} of ${project.root}`
      : errors.join('\n'),
  );
}

function planName({ drill, variant }: Plan): string {
  return variant === null ? drill : `${drill}/${variant}`;
}
