import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Dockerode from 'dockerode';
import { prefixOf, runLabel } from '../../src/environments/containers/layout.ts';
import { runFolderOf } from '../../src/environments/containers/run-folder.ts';
import { eventsOf } from '../leftovers.ts';

const docker = new Dockerode();

/** The journal of the only run in a folder of reports; a path that is not there before it has begun. */
export async function journalIn(out: string): Promise<string> {
  const [run = ''] = await readdir(out).catch(() => []);
  return join(out, run, 'journal.ndjson');
}

/** Waits until the only run in the folder has journaled an event of this type. */
export async function untilEvent(out: string, type: string): Promise<void> {
  while (!(await eventsOf(await journalIn(out))).some((event) => event.type === type)) await sleep(20);
}

/** All that is there of the runs in a folder of reports: containers, networks, volumes and images by label or name, run folders. */
export async function leftOfRuns(out: string): Promise<readonly string[]> {
  const runs = await readdir(out).catch(() => []);
  return (await Promise.all(runs.map(leftOfRun))).flat();
}

async function leftOfRun(runId: string): Promise<readonly string[]> {
  const prefix = prefixOf(runId);
  const is = (name: string, labels: { readonly [label: string]: string } | null | undefined) =>
    name.replace(/^\//, '').startsWith(prefix) || labels?.[runLabel] === runId;
  const [containers, networks, { Volumes }, images] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
    docker.listImages(),
  ]);
  const folder = runFolderOf(prefix);
  const folders = await access(folder).then(
    () => [folder],
    () => [],
  );
  return [
    ...containers
      .filter(({ Names, Labels }) => is(Names[0] ?? '', Labels))
      .map(({ Names }) => `container ${Names[0]}`),
    ...networks.filter(({ Name, Labels }) => is(Name, Labels)).map(({ Name }) => `network ${Name}`),
    ...(Volumes ?? []).filter(({ Name, Labels }) => is(Name, Labels)).map(({ Name }) => `volume ${Name}`),
    ...images.filter(({ Id, Labels }) => is(Id, Labels)).map(({ Id }) => `image ${Id}`),
    ...folders,
  ];
}
