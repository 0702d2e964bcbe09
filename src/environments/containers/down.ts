import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import { EnvironmentError, type EnvironmentRecord } from '../environment.ts';
import { secretsOf } from '../secrets.ts';
import { composeServiceLabel } from './compose.ts';
import { engine } from './engine.ts';
import { instanceLabel, runLabel } from './layout.ts';
import { keepLog } from './logs.ts';
import { statusCode } from './run.ts';
import { readRunFolder, runState } from './run-folder.ts';
import { secretsInUse } from './substitution.ts';

/**
 * Removes everything at the engine that carries the run's label, and the run's folder. Idempotent.
 * Returns in words what is left.
 * @throws EnvironmentError when no engine answers
 */
export async function takeDown(record: EnvironmentRecord): Promise<readonly string[]> {
  await runState(record.runDir).close();
  let docker: Dockerode;
  try {
    ({ docker } = await engine());
    await docker.ping();
  } catch (error) {
    const why =
      error instanceof EnvironmentError
        ? error.message
        : `the container engine does not answer: ${(error as Error).message}`;
    // What it still has cannot be seen: the folder stays, so that the next attempt knows the run.
    throw new EnvironmentError(
      `what run ${record.runId} has at the container engine could not be removed: ${why}; run "drillbook heal" when it answers`,
      { cause: error },
    );
  }
  await keepLogs(docker, record);
  await removeAll(docker, record.runId);
  await rm(record.runDir, { recursive: true, force: true });
  return leftovers(docker, record.runId);
}

function filtersOf(runId: string): { label: string[] } {
  return { label: [`${runLabel}=${runId}`] };
}

async function keepLogs(docker: Dockerode, { runId, runDir, details }: EnvironmentRecord): Promise<void> {
  const known = await readRunFolder(runDir);
  const secrets =
    known === null ? [] : secretsInUse({ layout: known.layout, secrets: secretsOf(known.seed) });
  const containers = await docker.listContainers({ all: true, filters: filtersOf(runId) });
  const folder = join(String(details.reportDir), 'logs');
  await Promise.all(
    containers.map(async ({ Id, Labels }) => {
      const name = Labels[instanceLabel] ?? Labels[composeServiceLabel];
      if (name !== undefined)
        await keepLog(docker.getContainer(Id), name, folder, secrets).catch(() => undefined);
    }),
  );
}

async function removeAll(docker: Dockerode, runId: string): Promise<void> {
  const filters = filtersOf(runId);
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(({ Id }) => ifThere(docker.getContainer(Id).remove({ force: true, v: true }))),
  );
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => ifThere(docker.getNetwork(Id).remove())));
  const { Volumes } = await docker.listVolumes({ filters });
  await Promise.all((Volumes ?? []).map(({ Name }) => ifThere(docker.getVolume(Name).remove())));
  const images = await docker.listImages({ filters });
  await Promise.all(images.map(({ Id }) => ifThere(docker.getImage(Id).remove({ force: true }))));
}

/** What somebody else removes at the same moment is removed; any other refusal shows as a leftover. */
async function ifThere(removing: Promise<unknown>): Promise<void> {
  await removing.catch((error: unknown) => {
    if (statusCode(error) === null) throw error;
  });
}

async function leftovers(docker: Dockerode, runId: string): Promise<readonly string[]> {
  const filters = filtersOf(runId);
  const [containers, networks, volumes, images] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
    docker.listImages({ filters }),
  ]);
  return [
    ...containers.map(({ Names, State }) => `container ${Names[0]?.slice(1)} (${State})`),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...(volumes.Volumes ?? []).map(({ Name }) => `volume ${Name}`),
    ...images.map(({ Id }) => `image ${Id}`),
  ];
}
