import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../environment.ts';
import { type Facts, factsIn } from '../facts.ts';
import type { Certificates } from './certificates.ts';
import type { Layout } from './layout.ts';

/** What another process needs to know of a run. */
export interface Known {
  readonly layout: Layout;
  readonly seed: string;
  readonly certificates: Certificates;
}

/**
 * What of the run folder the toolbox sees: the control socket, and `calls`, in which stand-ins leave their names. The
 * toolbox's user, whom only its image knows, may use both; nobody else of this machine gets through the folder of the run.
 */
export function sharedPaths(runDir: string) {
  const folder = join(runDir, 'shared');
  return { folder, control: join(folder, 'control.sock'), calls: join(folder, 'calls') };
}

/** The folder of a run: drillbook's own notes, closed to everybody else. What containers keep is in them. */
export function runFolderOf(prefix: string): string {
  return join(tmpdir(), prefix);
}

/** @throws EnvironmentError when it is there already or cannot be written */
export async function createRunFolder(known: Known): Promise<void> {
  const { runDir } = known.layout;
  try {
    await mkdir(runDir, { mode: 0o700 });
    for (const fact of facts) await mkdir(join(runDir, fact));
    const shared = sharedPaths(runDir);
    for (const [folder, mode] of [
      [shared.folder, 0o755],
      [shared.calls, 0o777],
    ] as const) {
      await mkdir(folder);
      await chmod(folder, mode);
    }
    await writeFile(join(runDir, 'known.json'), JSON.stringify(known), { mode: 0o600 });
  } catch (cause) {
    throw new EnvironmentError(`the run folder ${runDir} cannot be made: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** What became known only while the platform was brought up. @throws EnvironmentError */
export async function keepKnown(known: Known): Promise<void> {
  const { runDir } = known.layout;
  try {
    await writeFile(join(runDir, 'known.json'), JSON.stringify(known), { mode: 0o600 });
  } catch (cause) {
    throw new EnvironmentError(`the run folder ${runDir} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Null when the folder is gone or was never finished. */
export async function readRunFolder(runDir: string): Promise<Known | null> {
  try {
    return JSON.parse(await readFile(join(runDir, 'known.json'), 'utf8')) as Known;
  } catch {
    return null;
  }
}

/**
 * What changes while a run lives. Each fact is a file of its own, so that every process sees it:
 * - `holds/INSTANCE`: nobody may start it
 * - `apart/INSTANCE`: a copy of it runs: `isolated` for drillbook's eyes only, `returned` at its own address in the platform
 * - `primaries/COMPONENT`: which member was last seen as primary
 * - `replicas/COMPONENT`: how many instances there should be, where it is not the platform file's number any more
 * - `memory/COMPONENT`: the limit of its memory in MB, likewise
 */
const facts = ['holds', 'apart', 'primaries', 'replicas', 'memory'] as const;
type Fact = (typeof facts)[number];

export type RunState = Facts<Fact>;

export function runState(runDir: string): RunState {
  return factsIn(runDir);
}
