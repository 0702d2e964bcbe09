import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../environment.ts';
import { type Facts, factsIn } from '../facts.ts';
import { type Account, canReach, giveTo } from './account.ts';
import { makeFarFolder } from './far-folder.ts';
import type { Layout } from './layout.ts';

/** The name of a socket may have 107 bytes on Linux, 103 on macOS, and PostgreSQL's is the longest of a run. */
const socketNameBytes = 103;
const longestSocket = '/drillbook-0123456789/socket/0/.s.PGSQL.65535';

/** Where a run's folder is made: the machine's folder for temporary files, or /tmp where that one will not do. */
export async function baseForRuns(account: Account | null): Promise<string> {
  for (const base of [tmpdir(), '/tmp']) {
    if (base.length + longestSocket.length <= socketNameBytes && (await canReach(account, base))) return base;
  }
  throw new EnvironmentError(
    `no folder for the run: ${tmpdir()} is too long for socket names or not open to user ${account?.name ?? 'that drillbook runs as'}, and so is /tmp; set TMPDIR to a short path that it can enter`,
  );
}

export type RunPaths = ReturnType<typeof runPaths>;

/** Paths in the folder of a run. Everything of the run is in there. */
export function runPaths(runDir: string) {
  return {
    /** drillbook's own: closed to the account, for it holds the seed of all secrets. */
    state: join(runDir, 'state'),
    logs: join(runDir, 'logs'),
    log: (instance: string) => join(runDir, 'logs', `${instance}.log`),
    data: (instance: string) => join(runDir, 'data', instance),
    /** Short, so by number. */
    socket: (ordinal: number) => join(runDir, 'socket', String(ordinal)),
    archive: (component: string) => join(runDir, 'archive', component),
    passwordFile: (component: string) => join(runDir, 'data', `${component}.pgpass`),
    /** Home and temporary files of the platform's processes. */
    home: join(runDir, 'home'),
    control: join(runDir, 'control.sock'),
  };
}

/** Makes the folder. @throws EnvironmentError when it is there already or cannot be written */
export async function createRunFolder(layout: Layout, seed: string): Promise<void> {
  const { runDir, account } = layout;
  const paths = runPaths(runDir);
  try {
    await mkdir(runDir, { mode: account === null ? 0o700 : 0o711 });
    for (const folder of [paths.state, ...stateFolders.map((name) => join(paths.state, name)), paths.logs])
      await mkdir(folder, { mode: 0o700 });
    await makeFarFolder(runDir, 'data', 0o700);
    for (const folder of ['socket', 'archive', 'home']) await mkdir(join(runDir, folder), { mode: 0o700 });
    for (const folder of ['data', 'socket', 'archive', 'home']) await giveTo(account, join(runDir, folder));
    for (const component of layout.components) {
      if (component.kind !== 'process') continue;
      await mkdir(paths.data(component.component), { mode: 0o700 });
      await giveTo(component.account, paths.data(component.component));
    }
    await writeFile(join(paths.state, 'seed'), seed, { mode: 0o600 });
    await writeFile(join(paths.state, 'layout.json'), JSON.stringify(layout), { mode: 0o600 });
  } catch (cause) {
    throw new EnvironmentError(`the run folder ${runDir} cannot be made: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** What another process needs to know of a run, or null when its folder is gone or was never finished. */
export async function readRunFolder(
  runDir: string,
): Promise<{ readonly layout: Layout; readonly seed: string } | null> {
  const { state } = runPaths(runDir);
  try {
    const [layout, seed] = await Promise.all([
      readFile(join(state, 'layout.json'), 'utf8'),
      readFile(join(state, 'seed'), 'utf8'),
    ]);
    return { layout: JSON.parse(layout) as Layout, seed };
  } catch {
    return null;
  }
}

/**
 * What changes while a run lives. Each fact is a file of its own in the run folder, so that every process sees it:
 * - `holds/INSTANCE`: nobody may start it
 * - `processes/INSTANCE`: pid and start time of its main process
 * - `apart/INSTANCE`: it runs and is no member of its cluster; `isolated` = for drillbook's eyes only, `returned` = clients may read it
 * - `replicas/COMPONENT`: how many instances there should be
 * - `memory/COMPONENT`: the limit of its memory in MB, where it is not the platform file's any more
 * - `primaries/COMPONENT`: which member was last seen as primary
 */
const stateFolders = ['holds', 'processes', 'apart', 'replicas', 'memory', 'primaries'] as const;
type Fact = (typeof stateFolders)[number];

export type RunState = Facts<Fact>;

export function runState(runDir: string): RunState {
  return factsIn(runPaths(runDir).state);
}
