import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type Dockerode from 'dockerode';
import { extract } from 'tar-stream';
import { takeDown as takeContainersDown } from '../containers/down.ts';
import { engine } from '../containers/engine.ts';
import { readRunFolder } from '../containers/run-folder.ts';
import { secretsInUse } from '../containers/substitution.ts';
import type { EnvironmentRecord } from '../environment.ts';
import { secretsOf } from '../secrets.ts';
import { redact } from '../toolbox/redact.ts';
import { nodesLeft, removeClusters } from './clusters.ts';
import { takeWarm } from './lock.ts';
import { coolDown } from './warm.ts';

/**
 * Removes a run's clusters and all else that it has at the engine. Idempotent. Returns in words what is left.
 * @throws EnvironmentError when no engine answers
 */
export async function takeDown(record: EnvironmentRecord): Promise<readonly string[]> {
  const { clusters = '', network = '', warm = null } = record.details;
  const names = String(clusters).split(' ');
  const docker = await engine().then(
    (found) => found.docker,
    // It does not answer: what follows says so.
    () => null,
  );
  if (docker !== null) await keepLogs(docker, record, await nodesLeft(docker, names, String(network)));
  if (docker !== null && warm === null) await removeClusters(docker, names, String(network));
  const left = await takeContainersDown(record);
  if (docker === null) return left;
  if (warm !== null) {
    // Where the next run has them already, it has cleaned them itself.
    const release = await takeWarm(String(warm)).catch(() => null);
    if (release !== null) await coolDown(docker, names, String(network)).finally(release);
    return left;
  }
  const nodes = await nodesLeft(docker, names, String(network));
  return [...nodes.map(({ name }) => `node ${name}`), ...left];
}

async function keepLogs(
  docker: Dockerode,
  record: EnvironmentRecord,
  nodes: readonly { readonly id: string }[],
): Promise<void> {
  const secrets = await secretsOfRun(record);
  const folder = join(String(record.details.reportDir), 'logs');
  await Promise.all(nodes.map(({ id }) => keepPodLogs(docker.getContainer(id), folder, secrets)));
}

/** `NAMESPACE_POD_UID/CONTAINER/0.log` on a node becomes `NAMESPACE.POD.CONTAINER.log`; also of a node that is down. */
async function keepPodLogs(
  node: Dockerode.Container,
  folder: string,
  secrets: readonly string[],
): Promise<void> {
  try {
    const archive = await node.getArchive({ path: '/var/log/pods' });
    await mkdir(folder, { recursive: true });
    const files = archive.pipe(extract());
    for await (const entry of files) {
      const name = logName(entry.header.name);
      if (entry.header.type !== 'file' || name === null) entry.resume();
      else await writeFile(join(folder, name), redact(await textOf(entry), secrets));
    }
  } catch {
    // A node without logs, or one that was never made: there is nothing to keep.
  }
}

async function secretsOfRun({ runDir }: EnvironmentRecord): Promise<readonly string[]> {
  const known = await readRunFolder(runDir);
  return known === null ? [] : secretsInUse({ layout: known.layout, secrets: secretsOf(known.seed) });
}

/** Null for pods of Kubernetes itself. */
function logName(path: string): string | null {
  const [, pod = '', container = '', file = ''] = path.split('/');
  const [namespace = '', name = ''] = pod.split('_');
  if (file === '' || namespace === 'kube-system' || namespace === 'local-path-storage') return null;
  return `${namespace}.${name}.${container}${file === '0.log' ? '' : `.${file.replace(/\.log$/, '')}`}.log`;
}
