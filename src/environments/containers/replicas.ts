import { createContainer } from './create.ts';
import { imageOf } from './images.ts';
import type { ComponentLayout, InstanceLayout } from './layout.ts';
import { keepLog } from './logs.ts';
import { waitUntilReady } from './ready.ts';
import {
  type ContainersRun,
  containerOf,
  inspect,
  type Located,
  statusCode,
  wantedInstances,
} from './run.ts';
import { secretsInUse } from './substitution.ts';
import type { Supervisor } from './supervisor.ts';

/** What changes how many instances of a component there are, and what they are made of. */
export interface Changing {
  readonly run: ContainersRun;
  readonly supervisor: Pick<Supervisor, 'start'>;
}

/** The hold of a restart, to be told from one of a fault, which no restart may lift. */
const ownHold = 'restart';

/** Creates an instance's container where there is none. @throws EnvironmentError when its image cannot be had */
export async function createIfAbsent(run: ContainersRun, located: Located): Promise<void> {
  if ((await inspect(run, located.instance)) !== null) return;
  const image = await imageOf(run.docker, located.component.spec.container, run.layout.platform.baseDir);
  await createContainer(run, located, image);
}

/** Makes it as many instances as asked: starts those that are missing and not held, ends those that are too many. */
export async function scale(
  { run, supervisor }: Changing,
  component: ComponentLayout,
  replicas: number,
): Promise<void> {
  await run.state.set('replicas', component.component, String(replicas));
  const wanted = await wantedInstances(run, component);
  const surplus = component.instances.filter((instance) => !wanted.includes(instance));
  await Promise.all([
    ...surplus.map((instance) => stop(run, instance)),
    ...wanted.map(async (instance) => {
      if ((await run.state.get('holds', instance.instance)) !== null) return;
      await createIfAbsent(run, { component, instance });
      await supervisor.start({ component, instance });
    }),
  ]);
}

/**
 * Ends and starts its instances one after the other, each ready before the next one ends. What a fault holds stays down.
 * @param anew makes their containers again, by what the limit of their memory is now
 * @throws EnvironmentError when one does not come back; those after it were left alone
 */
export async function restartRolling(
  changing: Changing,
  component: ComponentLayout,
  anew = false,
): Promise<void> {
  const { run, supervisor } = changing;
  for (const instance of await wantedInstances(run, component)) {
    const located = { component, instance };
    if (!(await holdForRestart(run, instance))) continue;
    await end(run, located, anew).finally(() => releaseAfterRestart(run, instance));
    await supervisor.start(located);
    await waitUntilReady(run, located);
  }
}

/**
 * Sets a component up anew from its definition: ends all of it, makes its containers again, and starts it. Its volumes stay.
 * What a fault holds stays down. @throws EnvironmentError when one does not come back
 */
export async function rebuild({ run, supervisor }: Changing, component: ComponentLayout): Promise<void> {
  const own: InstanceLayout[] = [];
  const wanted = await wantedInstances(run, component);
  for (const instance of wanted) if (await holdForRestart(run, instance)) own.push(instance);
  // One that was scaled away would bring back what it kept, once it is wanted again.
  const away = component.instances.filter((instance) => !wanted.includes(instance));
  try {
    await Promise.all([
      ...own.map((instance) => end(run, { component, instance }, true)),
      ...away.map((instance) => discard(run, { component, instance })),
    ]);
  } finally {
    for (const instance of own) await releaseAfterRestart(run, instance);
  }
  await Promise.all(
    own.map(async (instance) => {
      await supervisor.start({ component, instance });
      await waitUntilReady(run, { component, instance });
    }),
  );
}

/** @param anew afterwards it has a new container, which has not been started; what the old one wrote is kept with the logs */
async function end(run: ContainersRun, located: Located, anew: boolean): Promise<void> {
  await stop(run, located.instance);
  if (!anew) return;
  await discard(run, located);
  await createIfAbsent(run, located);
}

/** Removes its container; what it wrote is kept with the logs. */
async function discard(run: ContainersRun, { instance }: Located): Promise<void> {
  if ((await inspect(run, instance)) === null) return;
  const name = `${instance.instance}.until-${new Date().toISOString().replaceAll(':', '-')}`;
  const container = containerOf(run, instance);
  await keepLog(container, name, `${run.layout.reportDir}/logs`, secretsInUse(run)).catch(() => undefined);
  await container.remove({ force: true, v: true });
}

/** In order, then by force, as the engine does it. One that is paused hears nothing before it is let go on. */
async function stop(run: ContainersRun, instance: InstanceLayout): Promise<void> {
  const container = containerOf(run, instance);
  try {
    if ((await inspect(run, instance))?.State.Paused === true) await container.unpause();
    await container.stop();
  } catch (error) {
    // 304: it has ended already; 404: it was never created.
    if (![304, 404].includes(statusCode(error) ?? 0)) throw error;
  }
}

/** While it is held, the supervisor does not take its end for a failure to be answered. False: a fault holds it. */
async function holdForRestart(run: ContainersRun, { instance }: InstanceLayout): Promise<boolean> {
  const hold = await run.state.get('holds', instance);
  if (hold !== null && hold !== ownHold) return false;
  await run.state.set('holds', instance, ownHold);
  return true;
}

/** A fault that took hold meanwhile keeps it. */
async function releaseAfterRestart(run: ContainersRun, { instance }: InstanceLayout): Promise<void> {
  if ((await run.state.get('holds', instance)) === ownHold) await run.state.clear('holds', instance);
}
