import { isReplicated } from '../../definition/platform-names.ts';
import { EnvironmentError, type EnvironmentRecord, type Running, type StartMode } from '../environment.ts';
import { startApart, stopApart } from './apart.ts';
import { containersOfRun } from './control.ts';
import { reachedOf } from './layout.ts';
import { askMember } from './members.ts';
import { oneShotsOf } from './one-shots.ts';
import { waitUntilReady } from './ready.ts';
import { createIfAbsent } from './replicas.ts';
import { instancesMeant, meaningOf, resolveAddress } from './roles.ts';
import { type ContainersRun, containerOf, inspect, instanceNamed, type Located, statusCode } from './run.ts';
import { signalTarget } from './signal.ts';
import { filler } from './substitution.ts';
import { type Supervisor, startContainer } from './supervisor.ts';
import { type Commands, commandsOf, toolboxEnvironment, toolboxName } from './toolbox.ts';
import { callsVariable } from './toolbox-programs.ts';

const memberWithinMs = 90_000;

export interface RunningParts {
  readonly run: ContainersRun;
  readonly record: EnvironmentRecord;
  readonly supervisor: Pick<Supervisor, 'start'>;
  readonly commands: Commands;
}

/** The same platform from a process that did not make it: nothing is journaled there. */
export function attached(run: ContainersRun, record: EnvironmentRecord): Running {
  const supervisor = {
    start: (located: Located) => startContainer(run, located),
  };
  return runningOf({ run, record, supervisor, commands: commandsOf(run) });
}

export function runningOf(parts: RunningParts): Running {
  const { run, record, commands } = parts;
  return {
    record,
    hosts: run.layout.hosts,
    reached: reachedOf(run.layout.components),
    authority: run.certificates.ca,
    fill: filler(run, 'headers'),
    toolbox: entrance(run),
    containers: containersOfRun(run),
    oneShots: oneShotsOf(run),
    address: (role) => resolveAddress(run, role),
    exec: (command, options) => commands.exec(command, options),
    signal: (target, signal) => signalTarget(run, target, signal),
    start: (target, mode) => start(parts, target, mode),
  };
}

/** For `exec` probes, which are processes of their own: the engine's client is how a process gets into a container. */
function entrance(run: ContainersRun): Running['toolbox'] {
  // A stand-in that a probe calls must not be taken for one of the command that ends next.
  const environment = { ...toolboxEnvironment(run), [callsVariable]: '/dev/null' };
  const variables = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const { cwd } = run.layout.platform.toolbox ?? {};
  const { PATH = '', HOME = '', DOCKER_HOST, DOCKER_CONTEXT } = process.env;
  return {
    argv: ['docker', 'exec', ...variables, ...(cwd === undefined ? [] : ['-w', cwd]), toolboxName(run)],
    env: {
      PATH,
      HOME,
      ...(DOCKER_HOST !== undefined && { DOCKER_HOST }),
      ...(DOCKER_CONTEXT !== undefined && { DOCKER_CONTEXT }),
    },
    cwd: '/',
  };
}

async function start(parts: RunningParts, target: string, mode: StartMode): Promise<void> {
  const { run } = parts;
  const { component } = meaningOf(run, target);
  const located = (await instancesMeant(run, target)).map(({ instance }) => instanceNamed(run, instance));
  if (mode === 'stop') {
    for (const each of located) await stop(run, each);
    return;
  }
  if ((mode === 'isolated' || mode === 'returned') && component.spec.speaks === undefined)
    throw new EnvironmentError(`${target} cannot be started apart from its component: only databases can`);
  for (const each of located) await startOne(parts, each, mode);
}

async function startOne(
  parts: RunningParts,
  located: Located,
  mode: Exclude<StartMode, 'stop'>,
): Promise<void> {
  const { run, supervisor } = parts;
  if (mode === 'isolated' || mode === 'returned') return startApart(run, located, mode);
  await stopApart(run, located);
  if (mode === 'rejoin') await endStray(run, located);
  const isJob = located.component.spec.replicas === 0;
  if (isJob || isReplicated(located.component.spec)) await createIfAbsent(run, located);
  await supervisor.start(located);
  if (isJob) await waitUntilReady(run, located);
  if (mode === 'rejoin') await untilBack(run, located);
}

/** One that runs and does not follow the primary is ended: its own start program takes it back in. */
async function endStray(run: ContainersRun, { component, instance }: Located): Promise<void> {
  if (component.spec.speaks === undefined) return;
  const answer = await askMember(run, component, instance);
  if (answer !== null && !answer.primary && answer.streaming && !answer.paused) return;
  if ((await inspect(run, instance))?.State.Running === true) await containerOf(run, instance).stop();
}

/** A copy for evidence is removed; a component itself is ended in order and held from then on. */
async function stop(run: ContainersRun, located: Located): Promise<void> {
  const { instance } = located.instance;
  if ((await run.state.get('apart', instance)) !== null) return stopApart(run, located);
  await run.state.set('holds', instance, '');
  try {
    await containerOf(run, located.instance).stop();
  } catch (error) {
    // 304: it has ended already; 404: it was never created.
    if (![304, 404].includes(statusCode(error) ?? 0)) throw error;
  }
}

/** Back in its cluster is who receives from the primary again and is ready by the platform's own word. @throws EnvironmentError */
async function untilBack(run: ContainersRun, located: Located): Promise<void> {
  await untilReplica(run, located);
  if (located.component.spec.speaks !== undefined) await waitUntilReady(run, located);
}

/** @throws EnvironmentError when it does not in time */
async function untilReplica(run: ContainersRun, { component, instance }: Located): Promise<void> {
  if (component.spec.speaks === undefined) return;
  const limit = performance.now() + memberWithinMs;
  for (;;) {
    const answer = await askMember(run, component, instance);
    if (answer !== null && !answer.primary && answer.streaming) return;
    if (performance.now() > limit) {
      const said =
        answer === null
          ? 'it does not answer'
          : answer.primary
            ? 'it says that it is a primary'
            : 'it receives nothing from the primary';
      throw new EnvironmentError(
        `${instance.instance} is not back in its cluster after ${memberWithinMs / 1000} s: ${said}; see its log in the report folder`,
      );
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}
