import { basename, relative, sep } from 'node:path';
import type { ProcessState } from '../environment.ts';
import { environmentOf, isAlive, listProcesses, type ProcessInfo, programOf, workingFolderOf } from './proc.ts';

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

/**
 * Every living process of the run: marked ones, PostgreSQL's by the data folder they work in (their titles overwrite the mark, and
 * each has a session of its own), and the children of both.
 */
export function processesOfRun(mark: RunMark): readonly RunProcess[] {
  const all = listProcesses().filter(({ pid }) => pid !== process.pid);
  const instances = new Map<number, string>();
  for (const each of all) {
    const instance = instanceOf(each, mark);
    if (instance !== null) instances.set(each.pid, instance);
  }
  adoptChildren(all, instances);
  return all.flatMap((each) => {
    const instance = instances.get(each.pid);
    return instance === undefined ? [] : [{ ...each, instance }];
  });
}

/** Null when the process itself does not show that it is of the run. */
function instanceOf({ pid }: ProcessInfo, { runId, runDir }: RunMark): string | null {
  const environment = environmentOf(pid);
  if (environment === null) return null;
  if (environment.includes(`${runMarker}=${runId}`)) {
    return environment.find((entry) => entry.startsWith(`${instanceMarker}=`))?.slice(instanceMarker.length + 1) ?? '';
  }
  // The folder alone is not enough: a person may have a shell there.
  const path = relative(runDir, workingFolderOf(pid) ?? '/');
  const [folder, instance] = path.split(sep);
  return folder === 'data' && instance !== undefined && programOf(pid) === 'postgres' ? basename(instance) : null;
}

/** Children come after their parents only by chance, hence the repetition until nothing is new. */
function adoptChildren(all: readonly ProcessInfo[], instances: Map<number, string>): void {
  for (let found = true; found; ) {
    found = false;
    for (const { pid, ppid } of all) {
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
 * Returns the group as it was before.
 */
export function signalAtOnce(find: () => readonly RunProcess[], signal: NodeJS.Signals): readonly RunProcess[] {
  const before = find();
  const stopped = new Map<number, RunProcess>();
  for (let fresh = before; fresh.length > 0; fresh = find().filter(({ pid }) => !stopped.has(pid))) {
    for (const each of fresh) {
      stopped.set(each.pid, each);
      if (each.state === 'running' && signal !== 'SIGCONT') signalProcess(each, 'SIGSTOP');
    }
  }
  for (const each of stopped.values()) signalProcess(each, signal);
  if (signal !== 'SIGKILL' && signal !== 'SIGSTOP') {
    for (const each of stopped.values()) if (each.state === 'running') signalProcess(each, 'SIGCONT');
  }
  return before;
}
