import type { ContainerSpec } from '../../definition/container-component.ts';
import type { KindClusterSpec, WorkloadSpec } from '../../definition/kubernetes-component.ts';
import type { Platform } from '../../definition/platform.ts';
import { instanceNames, isContainer, isKubernetes, isWorkload } from '../../definition/platform-names.ts';
import { EnvironmentError } from '../environment.ts';
import { workloadKinds } from '../kubernetes/workloads.ts';
import type { Workload } from '../only-kubernetes.ts';
import { balancerSpec } from './balancer.ts';
import { type KindConfig, type KindNode, readKindConfig } from './config.ts';

/** A cluster of the platform, and what it is called at the engine. Plain JSON. */
export interface KindCluster {
  readonly component: string;
  /** Its name for kind; its nodes' names begin with it. */
  readonly name: string;
  readonly spec: KindClusterSpec;
  readonly nodes: readonly ClusterNode[];
  /** Image as manifests name it → where it comes from. */
  readonly images: ImageSources;
}

type ImageSources = Exclude<NonNullable<KindClusterSpec['images']>, string>;

export interface ClusterNode extends KindNode {
  /** Its name in the platform file: the component's, and kind's ending. */
  readonly instance: string;
  /** Name of its container, and of the node in Kubernetes. */
  readonly container: string;
}

export interface Translated {
  /** All that the containers environment brings up: nodes and load balancers are containers, too. */
  readonly platform: Platform;
  readonly clusters: readonly KindCluster[];
  readonly workloads: readonly Workload[];
  /** For kind itself, by component. */
  readonly configs: ReadonlyMap<string, KindConfig>;
}

/**
 * A platform of clusters as one of containers: clusters become containers that kind makes, each member of a workload a load
 * balancer that leads to it.
 * @param prefix beginning of the clusters' names
 * @throws EnvironmentError for a configuration of kind that does not fit
 */
export async function translate(platform: Platform, prefix: string): Promise<Translated> {
  const configs = new Map<string, KindConfig>();
  const clusters: KindCluster[] = [];
  for (const [component, spec] of Object.entries(platform.components)) {
    if (!isKubernetes(spec)) continue;
    const kindSpec = kindClusterOf(component, spec.kubernetes);
    const config = await readKindConfig(component, kindSpec, platform.baseDir);
    const name = `${prefix}-${component}`;
    configs.set(component, config);
    const nodes = config.nodes.map((node) => ({
      ...node,
      instance: `${component}${node.suffix}`,
      container: `${name}${node.suffix}`,
    }));
    refuseOtherNodes(component, spec.nodes, nodes);
    const images = imagesOf(component, kindSpec, platform);
    clusters.push({ component, name, spec: kindSpec, nodes, images });
  }
  const workloads = workloadsOf(platform, clusters);
  return {
    platform: { ...platform, components: containersFor(platform, clusters) },
    clusters,
    workloads,
    configs,
  };
}

function kindClusterOf(
  component: string,
  spec: Extract<Platform['components'][string], { kubernetes: unknown }>['kubernetes'],
): KindClusterSpec {
  if ('config' in spec) return spec;
  throw new EnvironmentError(
    `${component}: a cluster on "environment: kind" needs "config", a file for kind`,
  );
}

/** @throws EnvironmentError when it names a cluster whose images are not listed */
function imagesOf(
  component: string,
  { images = {} }: KindClusterSpec,
  { components }: Platform,
): ImageSources {
  if (typeof images !== 'string') return images;
  const other = components[images];
  const named =
    other !== undefined && isKubernetes(other) && 'images' in other.kubernetes
      ? other.kubernetes.images
      : undefined;
  if (named === undefined || typeof named === 'string')
    throw new EnvironmentError(
      `${component}: "images: ${images}" has to be a cluster of this platform that lists its images`,
    );
  return named;
}

/** Names in the platform file are what faults and journals say: they must be those of the nodes that kind makes. */
function refuseOtherNodes(
  component: string,
  named: readonly string[] | undefined,
  nodes: readonly ClusterNode[],
): void {
  const made = nodes.map(({ instance }) => instance).sort();
  if (named === undefined || made.join() === named.toSorted().join()) return;
  throw new EnvironmentError(
    `${component}: "nodes" names ${named.join(', ')}, and its configuration of kind makes ${made.join(', ')}`,
  );
}

/** The cluster that a workload is in: the one it names, or the first. @throws EnvironmentError when that is none */
function clusterOf(component: string, spec: WorkloadSpec, clusters: readonly KindCluster[]): KindCluster {
  const found = clusters.find((cluster) => cluster.component === (spec.cluster ?? clusters[0]?.component));
  if (found !== undefined) return found;
  throw new EnvironmentError(
    `${component}: there is no cluster ${spec.cluster ?? ''}; there are: ${clusters.map((cluster) => cluster.component).join(', ') || 'none'}`,
  );
}

function workloadsOf(platform: Platform, clusters: readonly KindCluster[]): readonly Workload[] {
  return Object.entries(platform.components).flatMap(([component, spec]) => {
    if (!isWorkload(spec)) return [];
    const { component: cluster } = clusterOf(component, spec, clusters);
    return instanceNames(component, spec).map((instance) => ({
      apiVersion: 'apps/v1',
      kind: workloadKinds[spec.workload],
      namespace: spec.namespace ?? 'default',
      name: spec.members === undefined ? (spec.object ?? component) : instance,
      cluster,
      component,
      instance,
    }));
  });
}

function containersFor(platform: Platform, clusters: readonly KindCluster[]): Platform['components'] {
  const entries = Object.entries(platform.components).flatMap(([component, spec]) => {
    const cluster = clusters.find((each) => each.component === component);
    if (cluster !== undefined) return [[component, nodesSpec(cluster)] as const];
    if (isWorkload(spec)) {
      const { component: owner, nodes } = clusterOf(component, spec, clusters);
      // Nobody outside comes to one that has no port there.
      if (spec['node-ports'] === undefined) return [];
      return [[component, balancerSpec(component, spec, { cluster: owner, nodes })] as const];
    }
    if (isContainer(spec)) return [[component, spec] as const];
    throw new EnvironmentError(
      `${component} cannot run on "environment: kind": expected "kubernetes", "workload" or "container"`,
    );
  });
  return Object.fromEntries(entries);
}

function nodesSpec({ nodes }: KindCluster): ContainerSpec {
  return {
    container: { image: nodes[0]?.image ?? '' },
    members: nodes.map(({ instance }) => instance),
  };
}
