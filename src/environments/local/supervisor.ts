import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '../environment.ts';
import { compileCacheFolder } from './compile-cache.ts';
import { type Ended, type Launch, type Launched, launch, mainProcess } from './launch.ts';
import { instancesOf, type ProcessLayout } from './layout.ts';
import { type LocalRun, memoryLimit, wantedReplicas } from './run.ts';
import { signalProcess } from './run-processes.ts';
import { endpointValues, filler } from './substitution.ts';

/** Starts the instances of plain process components and does what `restart: on-failure` promises. */
export interface Supervisor {
  /**
   * Starts an instance; null when it runs already.
   * @throws EnvironmentError when a fault holds it, the run is being taken down, or the program cannot be started
   */
  start(component: ProcessLayout, instance: string): Promise<Launched | null>;
  /** Makes it as many instances as asked: starts those that are missing and not held, ends those that are too many. */
  scale(component: ProcessLayout, replicas: number): Promise<void>;
}

const firstPauseMs = 200;
const longestPauseMs = 5000;
/** One that lived this long was well: its next failure counts as a first one. */
const livedLongMs = 10_000;

export function supervise(run: LocalRun): Supervisor {
  const starting = new Map<string, Promise<Launched | null>>();

  /** One start of an instance at a time, or a restart and a `scale` at the same moment would make two of it. */
  const start = async (
    component: ProcessLayout,
    instance: string,
    failures = 0,
  ): Promise<Launched | null> => {
    const started = (starting.get(instance) ?? Promise.resolve(null))
      .catch(() => null)
      .then(() => launchIfAbsent(run, component, instance));
    starting.set(instance, started);
    const launched = await started;
    if (launched !== null && component.restart === 'on-failure')
      void restartAfter(launched, component, instance, failures);
    return launched;
  };

  const restartAfter = async (
    launched: Launched,
    component: ProcessLayout,
    instance: string,
    failures: number,
  ): Promise<void> => {
    const since = performance.now();
    const ended = await launched.ended;
    if (!isFailure(ended)) return;
    const before = performance.now() - since > livedLongMs ? 0 : failures;
    await sleep(Math.min(firstPauseMs * 2 ** before, longestPauseMs), undefined, { ref: false });
    if (!(await mayStart(run, component, instance))) return;
    // A restart that fails is in the component's log and its journal; there is nobody to throw at.
    await start(component, instance, before + 1).catch(() => undefined);
  };

  return {
    start: (component, instance) => start(component, instance),
    scale: (component, replicas) => scale(run, component, replicas, start),
  };
}

function isFailure({ code }: Ended): boolean {
  return code !== 0;
}

async function mayStart(run: LocalRun, component: ProcessLayout, instance: string): Promise<boolean> {
  const wanted = instancesOf(component, await wantedReplicas(run, component));
  return (
    wanted.includes(instance) &&
    (await run.state.get('holds', instance)) === null &&
    !(await run.state.isClosed())
  );
}

async function launchIfAbsent(
  run: LocalRun,
  component: ProcessLayout,
  instance: string,
): Promise<Launched | null> {
  if (await run.state.isClosed())
    throw new EnvironmentError(`${instance} is not started: the run is being taken down`);
  if ((await run.state.get('holds', instance)) !== null) {
    throw new EnvironmentError(`${instance} is not started: a fault holds it until it is healed`);
  }
  if ((await mainProcess(run, instance)) !== null) return null;
  const [compiled, megabytes] = await Promise.all([
    compileCacheFolder(component.account),
    memoryLimit(run, component),
  ]);
  return launch(run, processLaunch(run, { component, instance, compiled, megabytes }));
}

interface ToLaunch {
  readonly component: ProcessLayout;
  readonly instance: string;
  /** Where Node keeps compiled code; null for none. */
  readonly compiled: string | null;
  /** The limit of its memory; null for none. */
  readonly megabytes: number | null;
}

/** The command of the platform file, filled in after it was split, so that no value can become two arguments. */
function processLaunch(run: LocalRun, { component, instance, compiled, megabytes }: ToLaunch): Launch {
  const { spec, cwd, account } = component;
  const fill = filler(run, `component ${component.component}`, endpointValues(component));
  const words = typeof spec.command === 'string' ? spec.command.trim().split(/\s+/) : spec.command;
  const [program = '', ...args] = words.map(fill);
  const own = Object.entries(spec.env ?? {}).map(([name, value]) => [name, fill(value)] as const);
  const given = {
    ...commonEnvironment(run, component),
    ...(compiled !== null && { NODE_COMPILE_CACHE: compiled }),
    ...Object.fromEntries(own),
  };
  const env = limited(given, megabytes);
  return { component: component.component, instance, endpoint: component, program, args, cwd, env, account };
}

type Variables = { readonly [name: string]: string };

/** V8 ends a program that needs more than its old space by SIGABRT, which a shell shows as exit code 134. */
function limited(env: Variables, megabytes: number | null): Variables {
  if (megabytes === null) return env;
  const options = [env.NODE_OPTIONS, `--max-old-space-size=${megabytes}`].filter(
    (each) => each !== undefined,
  );
  return { ...env, NODE_OPTIONS: options.join(' ') };
}

/** Of the operator's environment only where programs and time zones are found; home and temporary files go with the run. */
function commonEnvironment(run: LocalRun, { address, port }: ProcessLayout): Variables {
  const { PATH = '/usr/local/bin:/usr/bin:/bin', TZ } = process.env;
  return {
    PATH,
    ...(TZ !== undefined && { TZ }),
    LANG: 'C.UTF-8',
    HOME: run.paths.home,
    TMPDIR: run.paths.home,
    HOST: address,
    PORT: String(port),
    DRILLBOOK_HOSTS: JSON.stringify(run.layout.hosts),
    DRILLBOOK_CONTROL: run.paths.control,
  };
}

async function scale(
  run: LocalRun,
  component: ProcessLayout,
  replicas: number,
  start: Supervisor['start'],
): Promise<void> {
  await run.state.set('replicas', component.component, String(replicas));
  const wanted = instancesOf(component, replicas);
  const isSurplus = (instance: string) => isInstanceOf(component, instance) && !wanted.includes(instance);
  for (const each of run.processes.all().filter(({ instance }) => isSurplus(instance)))
    signalProcess(each, 'SIGTERM');
  for (const instance of wanted) {
    if (await mayStart(run, component, instance)) await start(component, instance);
  }
}

/** `mcp` and `mcp-2` are instances of `mcp`; `mcp-aws` is not. */
export function isInstanceOf({ component }: ProcessLayout, instance: string): boolean {
  return (
    instance === component ||
    (instance.startsWith(`${component}-`) && /^\d+$/.test(instance.slice(component.length + 1)))
  );
}
