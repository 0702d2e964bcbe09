import { type Environment, EnvironmentError, type EnvironmentRecord, type Running } from '../environment.ts';
import { type Loopback, loopbackOfThisMachine } from '../local/network.ts';
import { checkPlatform } from './check.ts';
import { takeDown } from './down.ts';
import { engine } from './engine.ts';
import { containersRun } from './run.ts';
import { readRunFolder } from './run-folder.ts';
import { runningOf } from './running.ts';
import { startContainer } from './supervisor.ts';
import { commandsOf } from './toolbox.ts';
import { bringUp, type Held } from './up.ts';

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
  const held = new Map<string, Held>();
  const loopback = async () => options.loopback ?? (await loopbackOfThisMachine());
  const down = async (record: EnvironmentRecord) => {
    await held.get(record.runId)?.release();
    held.delete(record.runId);
    return takeDown(record);
  };
  return {
    name: 'containers',
    check: async (platform, notes) => checkPlatform(platform, await loopback(), notes === 'with-notes'),
    async up(platform, site) {
      let record: EnvironmentRecord | null = null;
      const emit: typeof site.emit = (event) => {
        if (event.type === 'environment') record = event.record;
        return site.emit(event);
      };
      try {
        const { docker } = await engine();
        return await bringUp(docker, platform, { ...site, emit }, await loopback(), (what) =>
          held.set(site.runId, what),
        );
      } catch (error) {
        if (record === null) await held.get(site.runId)?.release();
        // When that fails, too, whoever asked for the platform takes it down by its record; the first error is the one to tell.
        else await down(record).catch(() => undefined);
        throw error instanceof EnvironmentError
          ? error
          : new EnvironmentError(`the container engine refused: ${(error as Error).message}`, {
              cause: error,
            });
      }
    },
    attach,
    down,
  };
}

/** @throws EnvironmentError when the run's folder is gone, or no engine answers */
async function attach(record: EnvironmentRecord): Promise<Running> {
  const known = await readRunFolder(record.runDir);
  if (known === null)
    throw new EnvironmentError(`nothing is left of run ${record.runId}: its folder ${record.runDir} is gone`);
  const { docker } = await engine();
  const run = containersRun(docker, known);
  const supervisor = {
    start: (located: Parameters<typeof startContainer>[1]) => startContainer(run, located),
  };
  return runningOf({ run, record, supervisor, commands: commandsOf(run) });
}
