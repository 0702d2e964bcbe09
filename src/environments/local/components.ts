import { EnvironmentError } from '../environment.ts';
import { type Exec, look, readyWithinMs, untilReady } from '../ready.ts';
import { refuseCycles, startInOrder, type Waiting } from '../start-order.ts';
import { redact } from '../toolbox/redact.ts';
import { mainProcess } from './launch.ts';
import { type ComponentLayout, instancesOf, type ProcessLayout } from './layout.ts';
import { lastLines } from './logs.ts';
import { provisionCluster } from './postgresql/provision.ts';
import type { LocalRun } from './run.ts';
import { secretsInUse } from './substitution.ts';
import type { Supervisor } from './supervisor.ts';

const shownLogLines = 20;

export interface Starting {
  readonly run: LocalRun;
  readonly supervisor: Supervisor;
  readonly exec: Exec;
}

/** Starts every component, each when those that it comes `after` are ready. @throws EnvironmentError */
export function startComponents(starting: Starting): Promise<void> {
  return startInOrder(starting.run.layout.components.map(waiting), ({ layout }, abort) =>
    startComponent(starting, layout, abort),
  );
}

/** @throws EnvironmentError when components wait for each other, or for one that does not exist */
export function refuseCyclesOf(components: readonly ComponentLayout[]): void {
  refuseCycles(components.map(waiting));
}

function waiting(layout: ComponentLayout): Waiting & { readonly layout: ComponentLayout } {
  return { layout, component: layout.component, after: layout.kind === 'process' ? layout.after : [] };
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
