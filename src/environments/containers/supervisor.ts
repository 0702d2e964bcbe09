import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { isReplicated } from '../../definition/platform-names.ts';
import { EnvironmentError } from '../environment.ts';
import { updateHostsFile } from './hosts-file.ts';
import { instanceLabel, runLabel } from './layout.ts';
import {
  type ContainersRun,
  containerOf,
  inspect,
  instanceNamed,
  type Located,
  statusCode,
  wantedInstances,
} from './run.ts';

/** Starts containers, journals each start and end, and does what `restart: on-failure` promises. */
export interface Supervisor {
  /** Does nothing when it runs. @throws EnvironmentError when a fault holds it, the run is being taken down, or it cannot be started */
  start(located: Located): Promise<void>;
  close(): void;
}

const firstPauseMs = 200;
const longestPauseMs = 5000;
/** One that lived this long was well: its next failure counts as a first one. */
const livedLongMs = 10_000;

/**
 * Listens to the engine's events from now on.
 * The engine's own restarts are not used: it takes a `docker kill` for the operator's wish and starts nothing again.
 * @throws the engine's refusal
 */
export async function supervise(run: ContainersRun): Promise<Supervisor> {
  const noted = new Set<string>();
  const failures = new Map<string, { readonly count: number; readonly atMs: number }>();
  const events = (await run.docker.getEvents({
    filters: { type: ['container'], label: [`${runLabel}=${run.layout.runId}`], event: ['start', 'die'] },
  })) as Readable;

  /** Whoever started it: each start is journaled once. */
  const noteStart = async ({ component, instance }: Located): Promise<void> => {
    const found = await inspect(run, instance);
    if (found === null || !found.State.Running) return;
    const start = `${instance.instance} ${found.State.StartedAt}`;
    if (noted.has(start)) return;
    noted.add(start);
    const [port] = Object.values(instance.ports);
    await run.emit({
      type: 'component.started',
      component: component.component,
      instance: instance.instance,
      pid: found.State.Pid,
      pidStart: found.State.StartedAt,
      address: port === undefined ? instance.hostAddress : `${instance.hostAddress}:${port}`,
    });
  };

  const noteEnd = async (located: Located, code: number): Promise<void> => {
    const { component, instance } = located;
    await run.emit({
      type: 'component.exited',
      component: component.component,
      instance: instance.instance,
      pid: 0,
      code,
      signal: null,
    });
    if (code !== 0 && component.spec.restart === 'on-failure') await restart(located);
  };

  const restart = async (located: Located): Promise<void> => {
    const name = located.instance.instance;
    const before = failures.get(name);
    const count =
      before !== undefined && performance.now() - before.atMs < livedLongMs ? before.count + 1 : 0;
    failures.set(name, { count, atMs: performance.now() });
    await sleep(Math.min(firstPauseMs * 2 ** count, longestPauseMs), undefined, { ref: false });
    if (!(await isWanted(located))) return;
    // A restart that fails, or that a hold forbids, is in the journal as one that did not come; there is nobody to throw at.
    await start(located).catch(() => undefined);
  };

  /** `scale` ends those that are too many, some of them with a code that is not 0. */
  const isWanted = async ({ component, instance }: Located): Promise<boolean> =>
    (await wantedInstances(run, component)).includes(instance);

  /** Clients find those replicas by their name that run. One change after the other, so that the last one stays. */
  let announced = Promise.resolve();
  const announce = ({ component }: Located): Promise<void> => {
    if (isReplicated(component.spec))
      announced = announced.then(() => updateHostsFile(run)).catch(() => undefined);
    return announced;
  };

  const start = async (located: Located): Promise<void> => {
    await startContainer(run, located);
    await announce(located);
    await noteStart(located);
  };

  const lines = createInterface({ input: events });
  lines.on('line', (line) => {
    const event = JSON.parse(line) as EngineEvent;
    const name = event.Actor.Attributes[instanceLabel];
    // A container of a fault's, or a copy for evidence, is none of the platform.
    if (name === undefined || name === '') return;
    const located = instanceNamed(run, name);
    void announce(located);
    if (event.Action === 'start') void noteStart(located).catch(() => undefined);
    else void noteEnd(located, Number(event.Actor.Attributes.exitCode)).catch(() => undefined);
  });
  // The engine is gone: whoever asks it next is told. The reader of lines hands on what its input says.
  events.on('error', () => undefined);
  lines.on('error', () => undefined);
  return {
    start,
    close: () => {
      lines.close();
      events.destroy();
    },
  };
}

interface EngineEvent {
  readonly Action: string;
  readonly Actor: { readonly Attributes: { readonly [name: string]: string } };
}

/** @throws EnvironmentError when a fault holds it, the run is being taken down, or the engine refuses */
export async function startContainer(run: ContainersRun, { instance }: Located): Promise<void> {
  if ((await run.state.get('holds', instance.instance)) !== null)
    throw new EnvironmentError(`${instance.instance} is not started: a fault holds it until it is healed`);
  if (await run.state.isClosed())
    throw new EnvironmentError(`${instance.instance} is not started: the run is being taken down`);
  try {
    await containerOf(run, instance).start();
  } catch (error) {
    // 304: it runs already.
    if (statusCode(error) === 304) return;
    throw new EnvironmentError(`${instance.instance} could not be started: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
