import type { WorkloadSpec } from '../../definition/kubernetes-component.ts';
import type { Platform } from '../../definition/platform.ts';
import { isWorkload } from '../../definition/platform-names.ts';
import type { ComponentLayout, Layout } from '../containers/layout.ts';
import type { ContainersRun } from '../containers/run.ts';
import { filler } from '../containers/substitution.ts';
import { toolboxName } from '../containers/toolbox.ts';
import type { Addition } from '../containers/up.ts';
import { EnvironmentError, type RunSite } from '../environment.ts';
import { clusterOf } from '../kubernetes/cluster.ts';
import type { Workload } from '../only-kubernetes.ts';
import { allAtRest } from '../start-order.ts';
import { applyPlatform, controlPlaneOf } from './apply.ts';
import { cordonStandbys, createCluster, limitWorkers } from './clusters.ts';
import { type KnownClusters, keepClusters } from './known.ts';
import { insideConfig, outsideConfig, toolboxConfig } from './kubeconfig.ts';
import { loadImages, makeImages } from './load-images.ts';
import { clusterNetwork, createClusterNetwork, labelsOfRun } from './network.ts';
import { waitForWorkload } from './ready.ts';
import { extended } from './running.ts';
import type { KindCluster, Translated } from './translate.ts';
import { warmUp } from './warm.ts';

const rolloutWithinMs = 180_000;

export interface Naming {
  /** Beginning of the names of the clusters and of their network. */
  readonly prefix: string;
  readonly emit: RunSite['emit'];
  readonly abort?: AbortSignal;
  /** Clusters that stay between runs, taken for this one. */
  readonly warm?: { readonly name: string; readonly subnet: string; release(): Promise<void> };
}

/** What kind brings beside containers: clusters in the network of the platform, what runs in them, and a way to their APIs. */
export function clustersAdded(
  given: Platform,
  translated: Translated,
  { prefix, emit, abort, warm }: Naming,
): Addition {
  const { clusters, workloads } = translated;
  const ended = new AbortController();
  const interrupted = () => ended.abort(new EnvironmentError('the run was interrupted'));
  if (abort?.aborted) interrupted();
  abort?.addEventListener('abort', interrupted, { once: true });
  const outside = new Map<string, string>();
  let images: Awaited<ReturnType<typeof makeImages>>;

  // Minutes, in which somebody may want the run to end.
  const bringIn = async (run: ContainersRun, cluster: KindCluster): Promise<void> => {
    await cordonStandbys(run.docker, cluster);
    await limitWorkers(run.docker, cluster);
    ended.signal.throwIfAborted();
    await loadImages(run.docker, cluster, images.get(cluster.component) ?? [], ended.signal);
    ended.signal.throwIfAborted();
    await applyPlatform(run.docker, cluster, filler(run, cluster.component), given.baseDir);
  };

  const placeOf = (run: ContainersRun, { cluster }: Workload) => ({
    run,
    emit,
    cluster: clusterOf(cluster, outside.get(cluster) ?? ''),
    kindCluster: clusters.find(({ component }) => component === cluster) as KindCluster,
  });

  const known = (): KnownClusters => ({
    clusters,
    workloads,
    operators: operatorsOf(given),
    outside: Object.fromEntries(outside),
  });

  const waitForAll = (run: ContainersRun, which: readonly Workload[], abort: AbortSignal) =>
    allAtRest(
      which.map((workload) => {
        const spec = given.components[workload.component] as WorkloadSpec;
        if (spec.standby === true) return Promise.resolve();
        return waitForWorkload(placeOf(run, workload), workload, spec.within ?? rolloutWithinMs, abort);
      }),
    );

  return {
    ...(warm !== undefined && { subnet: warm.subnet }),
    details: {
      clusters: clusters.map(({ name }) => name).join(' '),
      network: clusterNetwork(prefix),
      warm: warm?.name ?? null,
    },
    plan: (layout) => ({
      ...layout,
      network: clusterNetwork(prefix),
      components: layout.components.map((component) => withNodes(component, clusters)),
    }),

    async prepare(run) {
      const { docker, layout } = run;
      images = await makeImages(docker, clusters, given.baseDir);
      if (warm === undefined)
        await createClusterNetwork(docker, clusterNetwork(prefix), layout.subnet, labelsOfRun(layout.runId));
      await allAtRest(
        clusters.map(async (cluster) => {
          const making = { docker, translated, layout, emit, abort: ended.signal };
          await (warm === undefined ? createCluster : warmUp)(cluster, making);
          outside.set(cluster.component, await outsideConfig(cluster.name, ended.signal));
        }),
      );
      const inside = new Map<string, string>();
      for (const { component, name } of clusters)
        inside.set(component, await insideConfig(name, ended.signal));
      await keepClusters(layout.runDir, known());
      return withKubeconfig(layout, toolboxConfig(inside));
    },

    async equip(run) {
      const [first] = clusters;
      if (first === undefined) return;
      const program = await run.docker
        .getContainer(controlPlaneOf(first))
        .getArchive({ path: '/usr/bin/kubectl' });
      await run.docker.getContainer(toolboxName(run)).putArchive(program, { path: '/usr/local/bin' });
    },

    async ready(run, { component }, abort) {
      const cluster = clusters.find((each) => each.component === component);
      if (cluster !== undefined) return bringIn(run, cluster);
      await waitForAll(
        run,
        workloads.filter((workload) => workload.component === component),
        AbortSignal.any([abort, ended.signal]),
      );
    },

    async release() {
      abort?.removeEventListener('abort', interrupted);
      ended.abort();
      await warm?.release();
    },

    async extend(run, running) {
      const inside = workloads.filter(
        ({ component }) => !run.layout.components.some((each) => each.component === component),
      );
      await waitForAll(run, inside, ended.signal);
      return extended(run, running, known());
    },
  };
}

function operatorsOf({ components }: Platform): KnownClusters['operators'] {
  return Object.fromEntries(
    Object.entries(components).flatMap(([name, spec]) => (isWorkload(spec) ? [[name, spec.operator]] : [])),
  );
}

/** Nodes are called by kind, and get their addresses from the engine. */
function withNodes(layout: ComponentLayout, clusters: readonly KindCluster[]): ComponentLayout {
  const cluster = clusters.find(({ component }) => component === layout.component);
  if (cluster === undefined) return layout;
  return {
    ...layout,
    elsewhere: true,
    instances: layout.instances.map((instance) => {
      const node = cluster.nodes.find((each) => each.instance === instance.instance);
      return { ...instance, container: node?.container ?? instance.container, networkAddress: '' };
    }),
  };
}

/** The toolbox's kubectl finds the clusters where it looks for them when nobody says anything. */
function withKubeconfig(layout: Layout, kubeconfig: string): Layout {
  const { tools = {} } = layout.platform;
  const given = tools.kubectl;
  const kubectl = given === undefined || given === 'system' ? {} : given;
  return {
    ...layout,
    platform: {
      ...layout.platform,
      tools: { ...tools, kubectl: { ...kubectl, files: { ...kubectl.files, '.kube/config': kubeconfig } } },
    },
  };
}
