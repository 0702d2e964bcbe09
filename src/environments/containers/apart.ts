import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '../environment.ts';
import { bindingsOf, exposedPorts } from './create.ts';
import { instanceLabel, measuringNetwork, runLabel } from './layout.ts';
import { lastLines } from './logs.ts';
import { askPart } from './members.ts';
import { type ContainersRun, containerOf, inspect, type Located, statusCode } from './run.ts';

const readyWithinMs = 30_000;
const pollMs = 100;

/**
 * Serves what a container that has ended holds, from a copy of it, at the ports of the original: reachable by drillbook
 * alone, for the copy is in no network of the platform. The original stays as it is.
 * @throws EnvironmentError when it runs, when the platform file does not say how ("isolated"), or when it does not come up
 */
export async function startIsolated(run: ContainersRun, located: Located): Promise<void> {
  const { component, instance } = located;
  const { isolated } = component.spec;
  if (isolated === undefined)
    throw new EnvironmentError(
      `${instance.instance} cannot be read apart from its cluster: give ${component.component} the command "isolated" in the platform file`,
    );
  if ((await inspect(run, instance))?.State.Running === true)
    throw new EnvironmentError(
      `${instance.instance} runs: only what has ended can be read apart from its cluster`,
    );
  await stopIsolated(run, located);
  // It carries the original's labels: whatever removes the run removes it.
  const image = (await containerOf(run, instance).commit()) as { Id: string };
  const copy = await run.docker.createContainer({
    name: copyName(located),
    Image: image.Id,
    Entrypoint: [...isolated],
    Cmd: [],
    Labels: { [runLabel]: run.layout.runId, [instanceLabel]: '' },
    ExposedPorts: exposedPorts(component.spec),
    HostConfig: {
      NetworkMode: measuringNetwork(run.layout),
      PortBindings: bindingsOf(instance, component.spec),
    },
  });
  await copy.start();
  await run.state.set('apart', instance.instance, 'isolated');
  await untilItAnswers(run, located);
}

async function untilItAnswers(run: ContainersRun, located: Located): Promise<void> {
  const limit = performance.now() + readyWithinMs;
  for (;;) {
    try {
      await askPart(run, located.component, located.instance);
      return;
    } catch (error) {
      const copy = run.docker.getContainer(copyName(located));
      const ended = !(await copy.inspect()).State.Running;
      if (!ended && performance.now() < limit) {
        await sleep(pollMs);
        continue;
      }
      const log = (await lastLines(copy, 10)).join('\n');
      await stopIsolated(run, located);
      throw new EnvironmentError(
        `${located.instance.instance} did not come up apart from its cluster (${(error as Error).message}); its log ends:\n${log}`,
        { cause: error },
      );
    }
  }
}

/** Removes the copy and its image. Idempotent. */
export async function stopIsolated(run: ContainersRun, located: Located): Promise<void> {
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
  return `${instance.container}-isolated`;
}
