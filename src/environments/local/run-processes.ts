import { relative, sep } from 'node:path';
import type { ProcessState } from '../environment.ts';
import {
  environmentOf,
  isAlive,
  listProcesses,
  type ProcessStat,
  programOf,
  titleOf,
  workingFolderOf,
} from '../machine/proc.ts';

/** Variables that mark every process of a run, children included, unless they overwrite their environment. */
export const runMarker = 'DRILLBOOK_RUN_ID';
export const instanceMarker = 'DRILLBOOK_INSTANCE';

/** Which run: its id marks processes, its folder the databases, which overwrite the mark. */
export interface RunMark {
  readonly runId: string;
  readonly runDir: string;
}

/** A process of a run; `instance` is empty for those of no component, such as toolbox commands. */
export type RunProcess = ProcessState & { readonly ppid: number };

/** Finds the processes of one run, every time anew. */
export interface ProcessFinder {
  /** Every living process of the run. */
  all(): readonly RunProcess[];
  /** Children that these have, and their children, without those themselves. */
  childrenOf(processes: readonly RunProcess[]): readonly RunProcess[];
}

/**
 * A process is of the run when it is marked, when it is PostgreSQL's at work in a data folder of the run (their titles overwrite the mark,
 * and each has a session of its own), or when its parent is.
 */
export function processFinder(mark: RunMark): ProcessFinder {
  // What a process is once looked at: to look takes several files, and a fault must act within milliseconds.
  let known = new Map<string, string | null>();
  const instanceOf = (stat: ProcessStat): string | null => {
    const key = `${stat.pid} ${stat.pidStart}`;
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const instance = lookAt(stat.pid, mark);
    // Between its fork and its exec a child of this process does not yet show what it is going to be.
    if (instance !== null || stat.ppid !== process.pid) known.set(key, instance);
    return instance;
  };
  return {
    all() {
      const stats = listProcesses().filter(({ pid }) => pid !== process.pid);
      const alive = new Set(stats.map(({ pid, pidStart }) => `${pid} ${pidStart}`));
      known = new Map([...known].filter(([key]) => alive.has(key)));
      const instances = new Map(stats.flatMap((stat) => entryOf(stat.pid, instanceOf(stat))));
      adoptChildren(stats, instances);
      return described(stats, instances);
    },
    childrenOf(processes) {
      const stats = listProcesses();
      const instances = new Map(processes.map(({ pid, instance }) => [pid, instance]));
      adoptChildren(stats, instances);
      for (const { pid } of processes) instances.delete(pid);
      return described(stats, instances);
    },
  };
}

function entryOf(pid: number, instance: string | null): readonly (readonly [number, string])[] {
  return instance === null ? [] : [[pid, instance]];
}

function described(
  stats: readonly ProcessStat[],
  instances: ReadonlyMap<number, string>,
): readonly RunProcess[] {
  return stats.flatMap((stat) => {
    const instance = instances.get(stat.pid);
    return instance === undefined ? [] : [{ ...stat, instance, title: titleOf(stat.pid) }];
  });
}

/** The instance that a process shows to be of, empty for none; null when it is not of the run. */
function lookAt(pid: number, { runId, runDir }: RunMark): string | null {
  const environment = environmentOf(pid);
  if (environment === null) return null;
  if (environment.includes(`${runMarker}=${runId}`)) {
    return (
      environment.find((entry) => entry.startsWith(`${instanceMarker}=`))?.slice(instanceMarker.length + 1) ??
      ''
    );
  }
  // The folder alone is not enough: a person may have a shell there.
  const [folder, instance] = relative(runDir, workingFolderOf(pid) ?? '/').split(sep);
  return folder === 'data' && instance !== undefined && programOf(pid) === 'postgres' ? instance : null;
}

/** Children come after their parents only by chance, hence the repetition until nothing is new. */
function adoptChildren(stats: readonly ProcessStat[], instances: Map<number, string>): void {
  for (let found = true; found; ) {
    found = false;
    for (const { pid, ppid } of stats) {
      const instance = instances.get(ppid);
      if (instance === undefined || instances.has(pid)) continue;
      instances.set(pid, instance);
      found = true;
    }
  }
}

/** Signals exactly this process, not a later one that has got its pid. Returns false when it was gone. */
export function signalProcess({ pid, pidStart }: ProcessState, signal: NodeJS.Signals): boolean {
  if (!isAlive(pid, pidStart)) return false;
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Signals a group of processes as if at one instant: all are stopped first, those included that appear meanwhile, so that none
 * can react to another's end. Those stopped here go on afterwards (a SIGKILL needs no going on).
 * @param freshOf told the group so far, finds processes that have joined it since
 */
export function signalAtOnce(
  group: readonly RunProcess[],
  freshOf: (group: readonly RunProcess[]) => readonly RunProcess[],
  signal: NodeJS.Signals,
): void {
  const all: RunProcess[] = [];
  for (let fresh = group; fresh.length > 0; fresh = freshOf(all)) {
    for (const each of fresh)
      if (each.state === 'running' && signal !== 'SIGCONT') signalProcess(each, 'SIGSTOP');
    all.push(...fresh);
  }
  for (const each of all) signalProcess(each, signal);
  if (signal === 'SIGKILL' || signal === 'SIGSTOP') return;
  for (const each of all) if (each.state === 'running') signalProcess(each, 'SIGCONT');
}
