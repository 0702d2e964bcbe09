import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Platform } from '../../definition/platform.ts';
import { checkPlatform as checkContainers } from '../containers/check.ts';
import { engine } from '../containers/engine.ts';
import { builtName, hasImage } from '../containers/images.ts';
import type { Problem } from '../environment.ts';
import type { Loopback } from '../machine/network.ts';
import { inMegabytes, missingPaths, problemsOrRefusal } from '../problems.ts';
import { whyNoKind } from './command.ts';
import { type KindCluster, translate } from './translate.ts';

/** What Kubernetes itself takes of memory on each kind of node, in bytes: measured on nodes without any workload, and rounded up. */
const nodeBytes = { 'control-plane': 900 * 2 ** 20, worker: 350 * 2 ** 20 };

/** What keeps this platform from running on clusters of this machine. Changes nothing. */
export async function checkPlatform(
  platform: Platform,
  loopback: Loopback,
  notes = false,
): Promise<readonly Problem[]> {
  return problemsOrRefusal(async () => {
    const { platform: containers, clusters } = await translate(platform, 'drillbook');
    const ofContainers = await checkContainers(containers, loopback, notes);
    // Without an engine the rest cannot be seen.
    if (ofContainers.some(({ note }) => note !== true) && (await engine().catch(() => null)) === null)
      return ofContainers;
    return [
      ...ofContainers,
      ...(await kindProblems()),
      ...(await memoryProblems(clusters)),
      ...(await inotifyProblems(clusters)),
      ...(await missingManifests(clusters, platform.baseDir)),
      ...(notes ? await clusterNotes(clusters, platform.baseDir) : []),
    ];
  });
}

async function kindProblems(): Promise<readonly Problem[]> {
  const why = await whyNoKind();
  return why === null
    ? []
    : [
        {
          what: why,
          todo: 'install a newer kind: https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
        },
      ];
}

async function memoryProblems(clusters: readonly KindCluster[]): Promise<readonly Problem[]> {
  const { memoryBytes } = await engine();
  const needed = clusters.flatMap(({ nodes }) => nodes).reduce((sum, { role }) => sum + nodeBytes[role], 0);
  if (needed <= memoryBytes) return [];
  return [
    {
      what: `Kubernetes alone needs about ${inMegabytes(needed)} of memory for the nodes of ${clusters.map(({ component }) => component).join(', ')}, and the container engine has ${inMegabytes(memoryBytes)}`,
      todo: 'give the engine more memory, or the clusters fewer nodes',
    },
  ];
}

/** Where the engine shares this machine's kernel; elsewhere its limits cannot be seen from here. */
async function inotifyProblems(clusters: readonly KindCluster[]): Promise<readonly Problem[]> {
  const nodes = clusters.flatMap((cluster) => cluster.nodes).length;
  const limits = await Promise.all(
    inotify.map(async ({ key, eachNode }) => {
      const text = await readFile(`/proc/sys/fs/inotify/${key}`, 'utf8').catch(() => null);
      return { key, needed: eachNode * nodes, limit: text === null ? Infinity : Number(text) };
    }),
  );
  return limits
    .filter(({ needed, limit }) => limit < needed)
    .map(({ key, needed, limit }) => ({
      what: `${nodes} nodes need about ${needed} for fs.inotify.${key}, and this machine's kernel allows ${limit}`,
      todo: `sysctl -w fs.inotify.${key}=${2 * needed}`,
    }));
}

/** What a node takes of the kernel's file watching, measured with all pods of our platform. */
const inotify = [
  { key: 'max_user_instances', eachNode: 40 },
  { key: 'max_user_watches', eachNode: 400 },
] as const;

function missingManifests(clusters: readonly KindCluster[], baseDir: string): Promise<readonly Problem[]> {
  return missingPaths(
    clusters.flatMap(({ component, spec }) =>
      (spec.manifests ?? []).map((manifest) => ({
        name: component,
        key: 'manifests',
        path: resolve(baseDir, manifest),
      })),
    ),
  );
}

async function clusterNotes(clusters: readonly KindCluster[], baseDir: string): Promise<readonly Problem[]> {
  const { docker } = await engine();
  const absent: string[] = [];
  for (const { images, nodes } of clusters) {
    for (const source of Object.values(images)) {
      const name = 'image' in source ? source.image : await builtName(source, baseDir);
      if (!(await hasImage(docker, name))) absent.push(name);
    }
    for (const { image } of nodes) if (!(await hasImage(docker, image))) absent.push(image);
  }
  const told = [
    `clusters: ${clusters.map(({ component, nodes }) => `${component} with ${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`).join(', ')}`,
    ...(absent.length === 0
      ? []
      : [`made or pulled for the clusters by the first run: ${[...new Set(absent)].join(', ')}`]),
  ];
  return told.map((what) => ({ what, todo: '', note: true }));
}
