import type Dockerode from 'dockerode';
import { engine } from '../containers/engine.ts';
import { prefixOf } from '../containers/layout.ts';
import { containersRun } from '../containers/run.ts';
import { readRunFolder } from '../containers/run-folder.ts';
import { attached } from '../containers/running.ts';
import { bringUp } from '../containers/up.ts';
import {
  type Environment,
  EnvironmentError,
  type EnvironmentRecord,
  type Running,
  type RunSite,
} from '../environment.ts';
import { holding, type Way } from '../held.ts';
import type { Loopback } from '../machine/network.ts';
import { clustersAdded, type Naming } from './addition.ts';
import { buildBalancer } from './balancer.ts';
import { checkPlatform } from './check.ts';
import { takeDown } from './down.ts';
import { readClusters } from './known.ts';
import { takeWarm } from './lock.ts';
import { extended } from './running.ts';
import { type Translated, translate } from './translate.ts';
import { refuseLeftovers, warmNetwork, warmPrefix } from './warm.ts';

export interface KindOptions {
  /** Default: what this machine can. */
  readonly loopback?: Loopback;
}

/**
 * Kubernetes clusters that kind makes, and containers beside them: the containers environment does all but the clusters.
 * Nodes are containers, so that faults of containers are faults of nodes.
 */
export function createKindEnvironment(options: KindOptions = {}): Environment {
  return holding({ name: 'kind', check: checkPlatform, up, attach, takeDown }, options.loopback);
}

/** @throws EnvironmentError; also for what the engine refused */
async function up(...[platform, site, loopback, held]: Parameters<Way['up']>): Promise<Running> {
  try {
    const { docker } = await engine();
    const warm = site.reuse === undefined ? undefined : await takeWarmClusters(docker, site.reuse);
    if (warm !== undefined) held({ release: () => warm.release() });
    const prefix = warm === undefined ? prefixOf(site.runId) : warmPrefix(warm.name);
    const translated = await translate(platform, prefix);
    await buildBalancer(docker);
    const addition = clustersAdded(platform, translated, {
      ...{ prefix, emit: site.emit },
      ...(site.abort !== undefined && { abort: site.abort }),
      ...(warm !== undefined && { warm }),
    });
    return await bringUp({
      ...{ docker, loopback, held, addition },
      site: {
        ...site,
        emit: (event) => (isOfBalancer(event, translated) ? Promise.resolve() : site.emit(event)),
      },
      platform: translated.platform,
      environment: 'kind',
    });
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    throw new EnvironmentError(`the container engine refused: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws EnvironmentError when another run has them, or what is there is not ours */
async function takeWarmClusters(docker: Dockerode, name: string): Promise<NonNullable<Naming['warm']>> {
  const release = await takeWarm(name);
  try {
    await refuseLeftovers(docker, name);
    return { name, release, subnet: await warmNetwork(docker, name) };
  } catch (error) {
    await release();
    throw error;
  }
}

/** That a load balancer runs says nothing of the workload of its name, whose pods are journaled. */
function isOfBalancer(event: Parameters<RunSite['emit']>[0], { workloads }: Translated): boolean {
  return (
    (event.type === 'component.started' || event.type === 'component.exited') &&
    workloads.some(({ component }) => component === event.component)
  );
}

/** @throws EnvironmentError when the run's folder is gone, or no engine answers */
async function attach(record: EnvironmentRecord): Promise<Running> {
  const known = await readRunFolder(record.runDir);
  const clusters = await readClusters(record.runDir);
  if (known === null || clusters === null)
    throw new EnvironmentError(
      `nothing is left of run ${record.runId}, or it ended before its clusters were made: ${record.runDir}`,
    );
  const { docker } = await engine();
  const run = containersRun(docker, known);
  return extended(run, attached(run, record), clusters);
}
