import type { MarkEvent } from '../../timeline/events.ts';
import type { Unstamped } from '../environment.ts';
import { type Secrets, secretsOf } from '../secrets.ts';
import { type ComponentLayout, instancesOf, type Layout, type ProcessLayout } from './layout.ts';
import { type RunPaths, type RunState, runPaths, runState } from './run-folder.ts';
import { type ProcessFinder, processFinder } from './run-processes.ts';

/** A run as every part of this environment sees it, in the process that made it and in any other. */
export interface LocalRun {
  readonly layout: Layout;
  readonly paths: RunPaths;
  readonly state: RunState;
  readonly secrets: Secrets;
  readonly processes: ProcessFinder;
  /** Folder of PostgreSQL's programs; null on a platform without it. */
  readonly binaries: string | null;
  /** Journals a mark; another process than the run's own has no journal here. Never rejects. */
  emit(event: Unstamped<MarkEvent>): Promise<void>;
}

export interface RunParts {
  readonly layout: Layout;
  readonly seed: string;
  readonly binaries: string | null;
  emit?(event: Unstamped<MarkEvent>): Promise<void>;
}

export function localRun({ layout, seed, binaries, emit }: RunParts): LocalRun {
  return {
    layout,
    binaries,
    paths: runPaths(layout.runDir),
    state: runState(layout.runDir),
    secrets: secretsOf(seed),
    processes: processFinder(layout),
    // A journal that cannot be written stops the run by itself; a platform half started because of it would be worse.
    emit: async (event) => emit?.(event).catch(() => undefined),
  };
}

/** How many instances a process component should have now: `scale` changes it. */
export async function wantedReplicas(run: LocalRun, component: ProcessLayout): Promise<number> {
  const wanted = await run.state.get('replicas', component.component);
  return wanted === null ? component.replicas : Number(wanted);
}

/** The limit of a process component's memory in MB now; null = none. The control socket changes it. */
export async function memoryLimit(run: LocalRun, component: ProcessLayout): Promise<number | null> {
  const limit = await run.state.get('memory', component.component);
  return limit === null ? (component.spec.memory ?? null) : Number(limit);
}

/** Names of the instances that a component should have now. */
export async function wantedInstances(run: LocalRun, component: ComponentLayout): Promise<readonly string[]> {
  return instancesOf(component, component.kind === 'process' ? await wantedReplicas(run, component) : 0);
}
