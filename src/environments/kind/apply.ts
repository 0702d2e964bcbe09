import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type Dockerode from 'dockerode';
import { type ArchivedFile, archive } from '../containers/archive.ts';
import type { Fill } from '../containers/substitution.ts';
import { EnvironmentError } from '../environment.ts';
import { mustRunOnNode, nodeKubectl } from './node-exec.ts';
import type { KindCluster } from './translate.ts';

/** On the control-plane node; what is refused is told with the name of its file. */
const folderOnNode = '/drillbook/manifests';
const manifestFile = /\.(ya?ml|json)$/;
const applyWithinMs = 120_000;

/**
 * Applies a cluster's objects and manifests in the platform file's order, with the kubectl of its control-plane node.
 * @throws EnvironmentError with kubectl's own words
 */
export async function applyPlatform(
  docker: Dockerode,
  cluster: KindCluster,
  fill: Fill,
  baseDir: string,
): Promise<void> {
  const container = controlPlaneOf(cluster);
  const { objects = [], manifests = [] } = cluster.spec;
  if (objects.length > 0)
    await mustRunOnNode({ docker, container }, `${cluster.component}: "objects" could not be applied`, {
      argv: nodeKubectl(['apply', '-f', '-']),
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: filled(objects, fill) }),
      timeoutMs: applyWithinMs,
    });
  for (const [i, manifest] of manifests.entries()) {
    const folder = `${folderOnNode}/${i + 1}-${basename(manifest)}`;
    const files = await manifestFiles(resolve(baseDir, manifest), folder);
    await docker.getContainer(container).putArchive(await archive(files), { path: '/' });
    await mustRunOnNode({ docker, container }, `${cluster.component}: ${manifest} could not be applied`, {
      argv: nodeKubectl(['apply', '-f', folder]),
      timeoutMs: applyWithinMs,
    });
  }
}

export function controlPlaneOf({ nodes }: Pick<KindCluster, 'nodes'>): string {
  return nodes.find(({ role }) => role === 'control-plane')?.container ?? '';
}

/** What "kubectl apply -f" takes: one file, or those of a folder and not of folders in it. @throws EnvironmentError */
async function manifestFiles(source: string, folder: string): Promise<readonly ArchivedFile[]> {
  const paths = await pathsOf(source).catch((cause: Error) => {
    throw new EnvironmentError(
      `the manifests ${source} cannot be read: correct their path in the platform file`,
      {
        cause,
      },
    );
  });
  if (paths.length === 0)
    throw new EnvironmentError(
      `${source} has no manifest: a folder's files must end in .yaml, .yml or .json`,
    );
  return Promise.all(
    paths.map(async (path) => ({
      path: join(folder, basename(path)),
      content: await readFile(path, 'utf8'),
      mode: 0o600,
    })),
  );
}

async function pathsOf(source: string): Promise<readonly string[]> {
  if (!(await stat(source)).isDirectory()) return [source];
  const names = await readdir(source);
  return names.filter((name) => manifestFile.test(name)).map((name) => join(source, name));
}

/** Every text in it; keys stay. */
function filled(data: unknown, fill: Fill): unknown {
  if (typeof data === 'string') return fill(data);
  if (Array.isArray(data)) return data.map((item) => filled(item, fill));
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, filled(value, fill)]));
}
