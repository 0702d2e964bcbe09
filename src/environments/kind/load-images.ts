import type Dockerode from 'dockerode';
import { imageOf } from '../containers/images.ts';
import { EnvironmentError } from '../environment.ts';
import { kind } from './command.ts';
import { mustRunOnNode, runOnNode } from './node-exec.ts';
import type { KindCluster } from './translate.ts';

/** An image of manifests, and what the engine calls it. */
interface Wanted {
  readonly reference: string;
  readonly image: string;
}

/** Builds or pulls what the clusters' images are made from: one after the other, as builds share layers. @throws EnvironmentError */
export async function makeImages(
  docker: Dockerode,
  clusters: readonly KindCluster[],
  baseDir: string,
): Promise<ReadonlyMap<string, readonly Wanted[]>> {
  const wanted = new Map<string, readonly Wanted[]>();
  for (const { component, images } of clusters) {
    const list: Wanted[] = [];
    for (const [name, source] of Object.entries(images))
      list.push({ reference: wholeReference(name), image: await imageOf(docker, source, baseDir) });
    wanted.set(component, list);
  }
  return wanted;
}

/**
 * Loads images into every node of a cluster, under the names that its manifests have for them. The engine's own names stay as
 * they are: two runs may mean different images by one name.
 * @throws EnvironmentError
 */
export async function loadImages(
  docker: Dockerode,
  cluster: KindCluster,
  wanted: readonly Wanted[],
  abort: AbortSignal,
): Promise<void> {
  const missing = await missingImages(docker, cluster, wanted);
  if (missing.length > 0) await kind(['load', 'docker-image', ...missing, '--name', cluster.name], { abort });
  await Promise.all(
    cluster.nodes.flatMap(({ container }) =>
      wanted.map(({ image, reference }) => nameImage({ docker, container }, image, reference)),
    ),
  );
}

async function missingImages(
  docker: Dockerode,
  { nodes }: KindCluster,
  wanted: readonly Wanted[],
): Promise<readonly string[]> {
  const lists = await Promise.all(
    nodes.map(({ container }) =>
      mustRunOnNode({ docker, container }, `listing the images of ${container}`, {
        argv: ['ctr', '-n', 'k8s.io', 'images', 'ls', '-q'],
      }),
    ),
  );
  const there = lists.map((list) => new Set(list.split('\n')));
  const images = [...new Set(wanted.map(({ image }) => image))];
  return images.filter((image) => there.some((names) => !names.has(wholeReference(image))));
}

async function nameImage(
  place: Parameters<typeof runOnNode>[0],
  image: string,
  reference: string,
): Promise<void> {
  const source = wholeReference(image);
  if (source === reference) return;
  const { exitCode, stderr } = await runOnNode(place, {
    argv: ['ctr', '-n', 'k8s.io', 'images', 'tag', '--force', source, reference],
  });
  if (exitCode !== 0)
    throw new EnvironmentError(
      `the image ${image} could not be called ${reference} on ${place.container}: ${stderr.trim()}`,
    );
}

/** As nodes have it: with its registry and its tag. */
export function wholeReference(name: string): string {
  const tagged = /:[^/]+$|@/.test(name) ? name : `${name}:latest`;
  const [first = '', ...rest] = tagged.split('/');
  if (rest.length === 0) return `docker.io/library/${tagged}`;
  return /[.:]|^localhost$/.test(first) ? tagged : `docker.io/${tagged}`;
}
