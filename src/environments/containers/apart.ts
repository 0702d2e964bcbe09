import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { EnvironmentError } from '../environment.ts';
import { bindingsOf, exposedPorts, joinPlatform, limitsOf } from './create.ts';
import { hostEntries, hostsBinds } from './hosts-file.ts';
import { instanceLabel, measuringNetwork, runLabel } from './layout.ts';
import { lastLines } from './logs.ts';
import { askMembers, askPart } from './members.ts';
import { type ContainersRun, containerOf, inspect, type Located, memoryLimit, statusCode } from './run.ts';

/** How a member is served that is none of its cluster at this time. See StartMode. */
export type Apart = 'isolated' | 'returned';

const readyWithinMs = 30_000;
const pollMs = 100;

/**
 * Serves what a container that has ended holds, from a copy of it, at the ports of the original. `isolated`: reachable by
 * drillbook alone, for the copy is in no network of the platform. `returned`: at the original's address and names in the
 * platform, too. The original stays as it is; started again, it takes its own place back. Idempotent.
 * @throws EnvironmentError when it runs, when the platform file does not say how, when there is nothing to return beside, or when it does not come up
 */
export async function startApart(run: ContainersRun, located: Located, mode: Apart): Promise<void> {
  const name = located.instance.instance;
  const program = programOf(located, mode);
  if ((await run.state.get('apart', name)) === mode && (await copyRuns(run, located))) return;
  if ((await inspect(run, located.instance))?.State.Running === true)
    throw new EnvironmentError(
      `${name} runs: only what has ended can be started apart from its cluster; end it first`,
    );
  if (mode === 'returned') await refuseReturn(run, located);
  await stopApart(run, located);
  const copy = await createCopy(run, located, mode, program);
  // Before it answers: whoever asks the members for their primary must not take it for one.
  await run.state.set('apart', name, mode);
  await copy.start();
  await untilItAnswers(run, located);
}

function programOf({ component, instance }: Located, mode: Apart): readonly string[] {
  const program = component.spec[mode];
  if (program !== undefined) return program;
  const what =
    mode === 'isolated'
      ? 'be read apart from its cluster'
      : 'come back beside its cluster as it was left ("return")';
  throw new EnvironmentError(
    `${instance.instance} cannot ${what}: give ${component.component} the program "${mode}" in the platform file`,
  );
}

/** Only what another member has taken over from has anything to be reconciled with. */
async function refuseReturn(run: ContainersRun, { component, instance }: Located): Promise<void> {
  const name = instance.instance;
  if ((await run.state.get('holds', name)) !== null)
    throw new EnvironmentError(`${name} is not started: a fault holds it until it is healed`);
  const others = await askMembers(run, component);
  if (others.some(({ primary, instance: other }) => primary && other.instance !== name)) return;
  throw new EnvironmentError(
    `${name} does not return beside ${component.component}: no other member of it answers as primary`,
  );
}

async function createCopy(
  run: ContainersRun,
  located: Located,
  mode: Apart,
  program: readonly string[],
): Promise<Dockerode.Container> {
  const { component, instance } = located;
  // It carries the original's labels: whatever removes the run removes it.
  const image = (await containerOf(run, instance).commit()) as { Id: string };
  const container = copyName(located);
  const copy = await run.docker.createContainer({
    name: container,
    Image: image.Id,
    Entrypoint: [...program],
    Cmd: [],
    Labels: { [runLabel]: run.layout.runId, [instanceLabel]: '' },
    ExposedPorts: exposedPorts(component.spec),
    HostConfig: {
      NetworkMode: measuringNetwork(run.layout),
      PortBindings: bindingsOf(instance, component.spec),
      ...(mode === 'returned' && {
        ...limitsOf(component.spec, await memoryLimit(run, component)),
        ExtraHosts: hostEntries(run.layout),
        Binds: hostsBinds(run.layout),
      }),
    },
  });
  if (mode === 'returned') await joinPlatform(run, { ...instance, container });
  return copy;
}

async function copyRuns(run: ContainersRun, located: Located): Promise<boolean> {
  try {
    return (await run.docker.getContainer(copyName(located)).inspect()).State.Running;
  } catch (error) {
    if (statusCode(error) === 404) return false;
    throw error;
  }
}

async function untilItAnswers(run: ContainersRun, located: Located): Promise<void> {
  const limit = performance.now() + readyWithinMs;
  for (;;) {
    try {
      await askPart(run, located.component, located.instance);
      return;
    } catch (error) {
      if ((await copyRuns(run, located)) && performance.now() < limit) {
        await sleep(pollMs);
        continue;
      }
      const log = (await lastLines(run.docker.getContainer(copyName(located)), 10)).join('\n');
      await stopApart(run, located);
      throw new EnvironmentError(
        `${located.instance.instance} did not come up apart from its cluster (${(error as Error).message}); its log ends:\n${log}`,
        { cause: error },
      );
    }
  }
}

/** Removes the copy and its image. Idempotent. */
export async function stopApart(run: ContainersRun, located: Located): Promise<void> {
  const copy = run.docker.getContainer(copyName(located));
  try {
    const { Image } = await copy.inspect();
    await copy.remove({ force: true, v: true });
    await run.docker.getImage(Image).remove({ force: true });
  } catch (error) {
    if (statusCode(error) !== 404) throw error;
  }
  await run.state.clear('apart', located.instance.instance);
}

function copyName({ instance }: Located): string {
  return `${instance.container}-apart`;
}
