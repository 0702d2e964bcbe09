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

type Limits = Exclude<ContainerChange, { readonly connected: boolean }>;

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
  const machine = await machineOf(run);
  return {
    status: State.Paused ? 'paused' : State.Running ? 'running' : 'exited',
    startedAt: State.StartedAt,
    connected: Object.keys(NetworkSettings.Networks).includes(platformNetwork(run.layout)),
    address: NetworkSettings.Networks[platformNetwork(run.layout)]?.IPAddress || instance.networkAddress,
    memoryBytes: below(machine.memoryBytes, HostConfig.Memory ?? 0),
    cpus: below(machine.cpus, (HostConfig.NanoCpus ?? 0) / 1e9),
  };
}

/** What is no less than all there is limits nothing. */
function below(all: number, limited: number): number {
  return limited >= all ? 0 : limited;
}

async function changeContainer(run: ContainersRun, name: string, change: ContainerChange): Promise<void> {
  const { instance } = instanceNamed(run, name);
  if (!('connected' in change)) {
    await limit(run, name, change);
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

interface Machine {
  readonly memoryBytes: number;
  readonly cpus: number;
}

/** An engine takes 0 for "leave it as it is" and knows no way back to no limit: all that its machine has is none either. */
async function machineOf({ docker }: ContainersRun): Promise<Machine> {
  const { MemTotal, NCPU } = (await docker.info()) as { MemTotal: number; NCPU: number };
  return { memoryBytes: MemTotal, cpus: NCPU };
}

async function limit(run: ContainersRun, name: string, { memoryBytes, cpus }: Limits): Promise<void> {
  const machine = await machineOf(run);
  const bytes = memoryBytes === 0 ? machine.memoryBytes : memoryBytes;
  const processors = cpus === 0 ? machine.cpus : cpus;
  await containerOf(run, instanceNamed(run, name).instance).update({
    ...(bytes !== undefined && { Memory: bytes, MemorySwap: bytes }),
    ...(processors !== undefined && { NanoCpus: Math.round(processors * 1e9) }),
  });
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
