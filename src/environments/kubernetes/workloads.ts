import type { WorkloadSpec } from '../../definition/kubernetes-component.ts';
import { nearest } from '../../definition/nearest.ts';
import type { Platform } from '../../definition/platform.ts';
import { EnvironmentError } from '../environment.ts';
import type { Workload } from '../only-kubernetes.ts';

export const workloadKinds: { readonly [K in WorkloadSpec['workload']]: string } = {
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
};

/** What a role, component or member runs as. @throws EnvironmentError when that is no workload, with those there are */
export function workloadMeant(
  workloads: readonly Workload[],
  roles: NonNullable<Platform['roles']>,
  target: string,
): Workload {
  const meant = workloadNamed(workloads, roles[target] ?? target);
  if (meant !== undefined) return meant;
  const instances = workloads.map(({ instance }) => instance);
  const near = nearest(target, [...instances, ...Object.keys(roles)]);
  throw new EnvironmentError(
    `"${target}" is no workload of a cluster${near === null ? '' : `, did you mean "${near}"?`} There are: ${instances.join(', ')}`,
  );
}

/** Of a component with several members, its name alone means the first. */
export function workloadNamed(workloads: readonly Workload[], name: string): Workload | undefined {
  return (
    workloads.find(({ instance }) => instance === name) ??
    workloads.find(({ component }) => component === name)
  );
}
