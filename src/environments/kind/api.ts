import type { Platform } from '../../definition/platform.ts';
import { EnvironmentError } from '../environment.ts';
import { accessOf } from '../kubernetes/access.ts';
import { clusterOf } from '../kubernetes/cluster.ts';
import { workloadMeant } from '../kubernetes/workloads.ts';
import type { Kubernetes } from '../only-kubernetes.ts';
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
    workload: (target) => workloadMeant(workloads, roles, target),
  };
}
