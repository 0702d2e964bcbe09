import { EnvironmentError } from '../environment.ts';
import { redact } from '../toolbox/redact.ts';
import { mainProcess } from './launch.ts';
import { type ComponentLayout, instancesOf, type ProcessLayout } from './layout.ts';
import { lastLines } from './logs.ts';
import { provisionCluster } from './postgresql/provision.ts';
import { type Exec, look, readyWithinMs, untilReady } from './ready.ts';
import type { LocalRun } from './run.ts';
import { secretsInUse } from './substitution.ts';
import type { Supervisor } from './supervisor.ts';

const shownLogLines = 20;

export interface Starting {
  readonly run: LocalRun;
  readonly supervisor: Supervisor;
  readonly exec: Exec;
}

/**
 * Starts every component, each as soon as those that it comes `after` are ready. When one fails the others stop waiting,
 * and only when all have come to rest is the first failure thrown.
 * @throws EnvironmentError
 */
export async function startComponents(starting: Starting): Promise<void> {
  const { components } = starting.run.layout;
  refuseCycles(components);
  const failed = new AbortController();
  const ready = new Map<string, Promise<void>>();
  const whenReady = (component: ComponentLayout): Promise<void> => {
    const known = ready.get(component.component) ?? startAfterOthers(component);
    ready.set(component.component, known);
    return known;
  };
  const startAfterOthers = async (component: ComponentLayout): Promise<void> => {
    const before = components.filter(({ component: name }) => afterOf(component).includes(name));
    await Promise.all(before.map(whenReady));
    if (failed.signal.aborted) return;
    try {
      await startComponent(starting, component, failed.signal);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  await Promise.allSettled(components.map(whenReady));
  failed.signal.throwIfAborted();
}

function afterOf(component: ComponentLayout): readonly string[] {
  return component.kind === 'process' ? component.after : [];
}

/** @throws EnvironmentError when components wait for each other, or for one that does not exist */
export function refuseCycles(components: readonly ComponentLayout[]): void {
  const names = components.map(({ component }) => component);
  for (const component of components) {
    const missing = afterOf(component).find((name) => !names.includes(name));
    if (missing !== undefined)
      throw new EnvironmentError(
        `${component.component}: after: there is no component "${missing}"; there are ${names.join(', ')}`,
      );
  }
  const done = new Set<string>();
  for (let left = components; left.length > 0; left = left.filter(({ component }) => !done.has(component))) {
    const free = left.filter((component) => afterOf(component).every((name) => done.has(name)));
    if (free.length === 0)
      throw new EnvironmentError(
        `these components wait for each other: ${left.map(({ component }) => component).join(', ')}; take one out of an "after"`,
      );
    for (const { component } of free) done.add(component);
  }
}

async function startComponent(
  starting: Starting,
  component: ComponentLayout,
  abort: AbortSignal,
): Promise<void> {
  if (component.kind === 'postgresql') return provisionCluster(starting.run, component);
  for (const instance of instancesOf(component, component.replicas))
    await startInstance(starting, component, instance, abort);
}

/**
 * Starts one instance and waits until it is ready. Does nothing more than wait for one that runs already.
 * @throws EnvironmentError with the last lines of its log when it ends before it is ready, or is not ready in time
 */
export async function startInstance(
  { run, supervisor, exec }: Starting,
  component: ProcessLayout,
  instance: string,
  abort?: AbortSignal,
): Promise<void> {
  const launched = await supervisor.start(component, instance);
  const ended = new AbortController();
  void launched?.ended.then(() => ended.abort());
  const { ready } = component.spec;
  const withinMs = readyWithinMs(ready);
  const observed = await untilReady(
    () => look(ready, component, exec),
    withinMs,
    AbortSignal.any([ended.signal, ...(abort === undefined ? [] : [abort])]),
  );
  // A check can be answered by another instance at the same address: one that has ended is not ready.
  const alive = (await mainProcess(run, instance)) !== null;
  if (abort?.aborted || (alive && observed === null)) return;
  const what = alive
    ? `was not ready within ${withinMs / 1000}s (${observed})`
    : `ended before it was ready (${(await endingOf(launched)) ?? observed})`;
  throw new EnvironmentError(
    `${instance} (component ${component.component}) ${what}; ${await endOfLog(run, instance)}`,
  );
}

async function endingOf(launched: Awaited<ReturnType<Supervisor['start']>>): Promise<string | null> {
  if (launched === null) return null;
  const { code, signal } = await launched.ended;
  return signal === null ? `exit code ${code}` : signal;
}

async function endOfLog(run: LocalRun, instance: string): Promise<string> {
  const lines = await lastLines(run.paths.log(instance), shownLogLines);
  const text = redact(lines.join('\n'), secretsInUse(run)).trim();
  return text === '' ? 'it wrote nothing to its log' : `its log ends:\n${text}`;
}
