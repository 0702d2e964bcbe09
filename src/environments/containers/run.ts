import type Dockerode from 'dockerode';
import { isReplicated } from '../../definition/platform-names.ts';
import type { MarkEvent } from '../../timeline/events.ts';
import { EnvironmentError, type Unstamped } from '../environment.ts';
import { type Secrets, secretsOf } from '../secrets.ts';
import type { Certificates } from './certificates.ts';
import type { ComponentLayout, InstanceLayout, Layout } from './layout.ts';
import { type RunState, runState } from './run-folder.ts';

/** A run as every part of this environment sees it, in the process that made it and in any other. */
export interface ContainersRun {
  readonly layout: Layout;
  readonly docker: Dockerode;
  readonly state: RunState;
  readonly secrets: Secrets;
  readonly certificates: Certificates;
  /** Journals a mark; another process than the run's own has no journal here. Never rejects. */
  emit(event: Unstamped<MarkEvent>): Promise<void>;
}

export interface RunParts {
  readonly layout: Layout;
  readonly seed: string;
  readonly certificates: Certificates;
  emit?(event: Unstamped<MarkEvent>): Promise<void>;
}

export function containersRun(
  docker: Dockerode,
  { layout, seed, certificates, emit }: RunParts,
): ContainersRun {
  return {
    layout,
    docker,
    certificates,
    state: runState(layout.runDir),
    secrets: secretsOf(seed),
    // A journal that cannot be written stops the run by itself; a platform half started because of it would be worse.
    emit: async (event) => emit?.(event).catch(() => undefined),
  };
}

/** How many instances a component should have now: the platform's tools change it where the platform file gives a number. */
export async function wantedReplicas(
  run: Pick<ContainersRun, 'state'>,
  { component, spec, instances }: ComponentLayout,
): Promise<number> {
  if (!isReplicated(spec)) return instances.length;
  const wanted = await run.state.get('replicas', component);
  return wanted === null ? (spec.replicas ?? 1) : Number(wanted);
}

/** The instances that a component should have now. */
export async function wantedInstances(
  run: Pick<ContainersRun, 'state'>,
  component: ComponentLayout,
): Promise<readonly InstanceLayout[]> {
  return component.instances.slice(0, await wantedReplicas(run, component));
}

/** The limit of a component's memory in MB now; null = none. */
export async function memoryLimit(
  run: Pick<ContainersRun, 'state'>,
  { component, spec }: ComponentLayout,
): Promise<number | null> {
  const limit = await run.state.get('memory', component);
  return limit === null ? (spec.memory ?? null) : Number(limit);
}

export interface Located {
  readonly component: ComponentLayout;
  readonly instance: InstanceLayout;
}

/** @throws EnvironmentError when there is no instance of that name */
export function instanceNamed({ layout }: Pick<ContainersRun, 'layout'>, name: string): Located {
  for (const component of layout.components) {
    const instance = component.instances.find((each) => each.instance === name);
    if (instance !== undefined) return { component, instance };
  }
  throw new EnvironmentError(`the platform ${layout.platform.platform} has no instance "${name}"`);
}

export function containerOf(
  run: Pick<ContainersRun, 'docker'>,
  { container }: InstanceLayout,
): Dockerode.Container {
  return run.docker.getContainer(container);
}

/** What the engine says of an instance's container; null when it has none. */
export async function inspect(
  run: Pick<ContainersRun, 'docker'>,
  instance: InstanceLayout,
): Promise<Dockerode.ContainerInspectInfo | null> {
  try {
    return await containerOf(run, instance).inspect();
  } catch (error) {
    if (statusCode(error) === 404) return null;
    throw error;
  }
}

/** HTTP status of an engine's refusal; null for what is none, such as a connection that broke. */
export function statusCode(error: unknown): number | null {
  return (error as { statusCode?: number }).statusCode ?? null;
}
