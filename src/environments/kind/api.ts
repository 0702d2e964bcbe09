import { nearest } from '../../definition/nearest.ts';
import type { Platform } from '../../definition/platform.ts';
import { EnvironmentError } from '../environment.ts';
import { accessOf } from '../kubernetes/access.ts';
import { clusterOf } from '../kubernetes/cluster.ts';
import type { Kubernetes, Workload } from '../only-kubernetes.ts';
import type { KnownClusters } from './known.ts';

/** See `Kubernetes`. */
export function kubernetesOf(
  { roles = {} }: Pick<Platform, 'roles'>,
  { clusters, workloads, outside }: KnownClusters,
): Kubernetes {
  const names = clusters.map(({ component }) => component);
  const kubeconfigOf = (name: string): string => {
    const kubeconfig = outside[name];
    if (kubeconfig === undefined)
      throw new EnvironmentError(`the platform has no cluster "${name}"; it has ${names.join(', ')}`);
    return kubeconfig;
  };
  return {
    clusters: names,
    cluster: (name) => clusterOf(name, kubeconfigOf(name)),
    access: async (name) => accessOf(name, kubeconfigOf(name)),
    workload(target) {
      const meant = workloadNamed(workloads, roles[target] ?? target);
      if (meant !== undefined) return meant;
      const instances = workloads.map(({ instance }) => instance);
      const near = nearest(target, [...instances, ...Object.keys(roles)]);
      throw new EnvironmentError(
        `"${target}" is no workload of a cluster${near === null ? '' : `, did you mean "${near}"?`} There are: ${instances.join(', ')}`,
      );
    },
  };
}

/** Of a component with several members, its name alone means the first. */
export function workloadNamed(workloads: readonly Workload[], name: string): Workload | undefined {
  return (
    workloads.find(({ instance }) => instance === name) ??
    workloads.find(({ component }) => component === name)
  );
}
