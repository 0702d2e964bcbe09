import { type Environment, EnvironmentError, type EnvironmentRecord, type Running } from '../environment.ts';
import { holding, type Way } from '../held.ts';
import type { Loopback } from '../machine/network.ts';
import { checkPlatform } from './check.ts';
import { takeDown } from './down.ts';
import { engine } from './engine.ts';
import { containersRun } from './run.ts';
import { readRunFolder } from './run-folder.ts';
import { attached } from './running.ts';
import { bringUp } from './up.ts';

export interface ContainersOptions {
  /** Default: what this machine can. */
  readonly loopback?: Loopback;
}

/**
 * Containers of this machine's engine, found through testcontainers. Each run has a network of its own for its platform and
 * one to measure through, host names as runbooks use them, and published ports that stay for the whole run. Everything
 * carries the run's label, by which any process of drillbook finds it again.
 */
export function createContainersEnvironment(options: ContainersOptions = {}): Environment {
  return holding({ name: 'containers', check: checkPlatform, up, attach, takeDown }, options.loopback);
}

/** @throws EnvironmentError; also for what the engine refused */
async function up(...[platform, site, loopback, held]: Parameters<Way['up']>): Promise<Running> {
  try {
    const { docker } = await engine();
    return await bringUp({ docker, platform, site, loopback, held, environment: 'containers' });
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    throw new EnvironmentError(`the container engine refused: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws EnvironmentError when the run's folder is gone, or no engine answers */
async function attach(record: EnvironmentRecord): Promise<Running> {
  const known = await readRunFolder(record.runDir);
  if (known === null)
    throw new EnvironmentError(`nothing is left of run ${record.runId}: its folder ${record.runDir} is gone`);
  const { docker } = await engine();
  return attached(containersRun(docker, known), record);
}
