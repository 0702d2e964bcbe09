import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Starting, startInstance } from './components.ts';
import { instancesOf, type ProcessLayout } from './layout.ts';
import { type LocalRun, wantedInstances } from './run.ts';
import { signalAtOnce } from './run-processes.ts';

const stopWithinMs = 5000;
const goneWithinMs = 5000;
const pollMs = 10;
/** The hold of a restart, to be told from one of a fault, which no restart may lift. */
const ownHold = 'restart';

/**
 * Ends every instance of a component and keeps anybody from starting it again until the hold is lifted. One that the
 * platform file does not start is back to none. Idempotent.
 */
export async function stopForGood(run: LocalRun, component: ProcessLayout): Promise<void> {
  const instances = instancesOf(component, Math.max(1, (await wantedInstances(run, component)).length));
  for (const instance of instances) await run.state.set('holds', instance, '');
  await Promise.all(instances.map((instance) => end(run, instance)));
  if (component.replicas === 0) await run.state.set('replicas', component.component, '0');
}

/**
 * Ends and starts its instances one after the other, each ready before the next one ends. What a fault holds stays down.
 * @throws EnvironmentError when one does not come back; those after it were left alone
 */
export async function restartRolling(starting: Starting, component: ProcessLayout): Promise<void> {
  const { run } = starting;
  for (const instance of await wantedInstances(run, component)) {
    if (!(await holdForRestart(run, instance))) continue;
    await end(run, instance).finally(() => releaseAfterRestart(run, instance));
    await startInstance(starting, component, instance);
  }
}

/**
 * Sets a component up anew from its definition: ends all of it, empties its folder for data, starts it.
 * What a fault holds stays down. @throws EnvironmentError when one does not come back
 */
export async function rebuild(starting: Starting, component: ProcessLayout): Promise<void> {
  const { run } = starting;
  const own: string[] = [];
  for (const instance of await wantedInstances(run, component))
    if (await holdForRestart(run, instance)) own.push(instance);
  try {
    await Promise.all(own.map((instance) => end(run, instance)));
    await emptyFolder(run.paths.data(component.component));
  } finally {
    for (const instance of own) await releaseAfterRestart(run, instance);
  }
  for (const instance of own) await startInstance(starting, component, instance);
}

/** SIGTERM, then SIGKILL for what is still there, such as a process that is stopped and hears nothing else. */
async function end(run: LocalRun, instance: string): Promise<void> {
  const group = () => run.processes.all().filter((each) => each.instance === instance);
  for (const [signal, withinMs] of [
    ['SIGTERM', stopWithinMs],
    ['SIGKILL', goneWithinMs],
  ] as const) {
    signalAtOnce(group(), run.processes.childrenOf, signal);
    const limit = performance.now() + withinMs;
    while (group().length > 0 && performance.now() < limit) await sleep(pollMs);
  }
}

/** While it is held, the supervisor does not take its end for a failure to be answered. False: a fault holds it. */
async function holdForRestart(run: LocalRun, instance: string): Promise<boolean> {
  const hold = await run.state.get('holds', instance);
  if (hold !== null && hold !== ownHold) return false;
  await run.state.set('holds', instance, ownHold);
  return true;
}

/** A fault that took hold meanwhile keeps it. */
async function releaseAfterRestart(run: LocalRun, instance: string): Promise<void> {
  if ((await run.state.get('holds', instance)) === ownHold) await run.state.clear('holds', instance);
}

async function emptyFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) await rm(join(folder, entry), { recursive: true, force: true });
}
