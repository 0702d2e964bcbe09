import { type Environment, EnvironmentError, type EnvironmentRecord, type Running } from '../environment.ts';
import { holding } from '../held.ts';
import type { Loopback } from '../machine/network.ts';
import { checkPlatform } from './check.ts';
import { takeDown } from './down.ts';
import { postgresqlBinaries } from './postgresql/binaries.ts';
import { localRun } from './run.ts';
import { readRunFolder } from './run-folder.ts';
import { lazyToolbox, runningOf } from './running.ts';
import { supervise } from './supervisor.ts';
import { bringUp } from './up.ts';

export interface LocalOptions {
  /** Default: what this machine can. */
  readonly loopback?: Loopback;
}

/**
 * Processes of this machine, without root, containers or anything installed: plain commands, and PostgreSQL clusters on npm's binaries.
 * Everything of a run is in one folder. Where 127.0.0.0/8 is this machine's (Linux), each component has an address of its own there
 * and listens on its documented port, so that commands work as written, in several runs at once; elsewhere (macOS) all share 127.0.0.1
 * and get free ports.
 */
export function createLocalEnvironment(options: LocalOptions = {}): Environment {
  return holding({ name: 'local', check: checkPlatform, up: bringUp, attach, takeDown }, options.loopback);
}

/** @throws EnvironmentError when the run's folder is gone: there is nothing to attach to */
async function attach(record: EnvironmentRecord): Promise<Running> {
  const known = await readRunFolder(record.runDir);
  if (known === null)
    throw new EnvironmentError(`nothing is left of run ${record.runId}: its folder ${record.runDir} is gone`);
  const hasCluster = known.layout.components.some(({ kind }) => kind === 'postgresql');
  const run = localRun({ ...known, binaries: hasCluster ? await postgresqlBinaries() : null });
  return runningOf({ run, record, supervisor: supervise(run), toolbox: lazyToolbox(run) });
}
