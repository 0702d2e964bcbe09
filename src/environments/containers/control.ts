import {
  type CommandResult,
  type ContainerChange,
  type ContainerProgram,
  type ContainerState,
  type Containers,
  EnvironmentError,
} from '../environment.ts';
import { besideImage } from './beside-image.ts';
import { joinPlatform } from './create.ts';
import { runBeside, runInside } from './exec.ts';
import { platformNetwork } from './layout.ts';
import { type ContainersRun, containerOf, inspect, instanceNamed, statusCode } from './run.ts';
import { secretsInUse } from './substitution.ts';

/** See `Containers`. */
export function containersOfRun(run: ContainersRun): Containers {
  return {
    state: (instance) => stateOf(run, instance),
    change: (instance, change) => changeContainer(run, instance, change),
    run: (instance, where, program) => runProgram(run, instance, where, program),
  };
}

async function stateOf(run: ContainersRun, name: string): Promise<ContainerState> {
  const { instance } = instanceNamed(run, name);
  const found = await inspect(run, instance);
  if (found === null) throw new EnvironmentError(`${name} has no container (any more)`);
  const { State, HostConfig, NetworkSettings } = found;
  return {
    status: State.Paused ? 'paused' : State.Running ? 'running' : 'exited',
    startedAt: State.StartedAt,
    connected: Object.keys(NetworkSettings.Networks).includes(platformNetwork(run.layout)),
    address: instance.networkAddress,
    memoryBytes: HostConfig.Memory ?? 0,
    cpus: (HostConfig.NanoCpus ?? 0) / 1e9,
  };
}

async function changeContainer(run: ContainersRun, name: string, change: ContainerChange): Promise<void> {
  const { instance } = instanceNamed(run, name);
  if (!('connected' in change)) {
    const { memoryBytes, cpus } = change;
    await containerOf(run, instance).update({
      ...(memoryBytes !== undefined && limitOf(memoryBytes)),
      ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
    });
    return;
  }
  const { connected } = await stateOf(run, name);
  if (connected === change.connected) return;
  if (change.connected) await joinPlatform(run, instance);
  else
    await run.docker
      .getNetwork(platformNetwork(run.layout))
      .disconnect({ Container: instance.container, Force: true });
}

/** To the engine, 0 means "leave it as it is" and -1 means none. */
function limitOf(memoryBytes: number): { Memory: number; MemorySwap: number } {
  return memoryBytes === 0
    ? { Memory: -1, MemorySwap: -1 }
    : { Memory: memoryBytes, MemorySwap: memoryBytes };
}

async function runProgram(
  run: ContainersRun,
  name: string,
  where: 'inside' | 'beside',
  program: ContainerProgram,
): Promise<CommandResult> {
  const { instance } = instanceNamed(run, name);
  const secrets = secretsInUse(run);
  try {
    if (where === 'inside') return await runInside(containerOf(run, instance), program, secrets);
    const place = {
      image: await besideImage(run.docker),
      container: instance.container,
      runId: run.layout.runId,
    };
    return await runBeside(run.docker, place, program, secrets);
  } catch (cause) {
    if (statusCode(cause) === null) throw cause;
    throw new EnvironmentError(
      `${name}: ${program.argv[0]} could not be run ${where} its container: ${(cause as Error).message}`,
      { cause },
    );
  }
}
