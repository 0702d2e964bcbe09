import type { ComponentSpec, ProcessSpec } from './component.ts';
import { type ContainerSpec, mostReplicas } from './container-component.ts';
import type { KubernetesSpec, WorkloadSpec } from './kubernetes-component.ts';
import type { PlatformFile } from './platform.ts';

export type ClusterSpec = Extract<ComponentSpec, { postgresql: unknown }>;

export function isCluster(component: ComponentSpec): component is ClusterSpec {
  return 'postgresql' in component;
}

export function isContainer(component: ComponentSpec): component is ContainerSpec {
  return 'container' in component;
}

/** Whether it is a Kubernetes cluster; its instances are its nodes. */
export function isKubernetes(component: ComponentSpec): component is KubernetesSpec {
  return 'kubernetes' in component;
}

export function isProcess(component: ComponentSpec): component is ProcessSpec {
  return 'command' in component && !isContainer(component);
}

export function isWorkload(component: ComponentSpec): component is WorkloadSpec {
  return 'workload' in component;
}

/** Whether clients reach it in the network of containers, under fixed names: a container, or what stands before a workload. */
export function hasMembers(component: ComponentSpec): component is ContainerSpec | WorkloadSpec {
  return isContainer(component) || isWorkload(component);
}

/** The service of the compose file that a component is; null when drillbook makes its container itself. */
export function serviceOf(component: ComponentSpec): string | null {
  return isContainer(component) && 'service' in component.container ? component.container.service : null;
}

/** Whether clients can log in to it as to a PostgreSQL server: those that faults and statements are for. */
export function isDatabase(component: ComponentSpec): boolean {
  return hasMembers(component)
    ? component.speaks !== undefined && 'postgresql' in component.speaks
    : isCluster(component);
}

/** Whether it has as many containers as its platform's tools ask for, which share its name. */
export function isReplicated(component: ComponentSpec): component is ContainerSpec {
  return isContainer(component) && (component.replicas ?? 0) > 0;
}

/** Names of a component's instances: members, or `name`, `name-2`, … for the replicas of a process; of a container all that it can have. */
export function instanceNames(name: string, component: ComponentSpec): readonly string[] {
  if (isCluster(component)) return component.postgresql.members;
  if (isKubernetes(component)) return component.nodes ?? [];
  if (isWorkload(component)) return component.members ?? [component.host ?? name];
  const service = serviceOf(component);
  if (service !== null) return [service];
  if (!isContainer(component)) return replicaNames(name, component.replicas ?? 1);
  if (component.members !== undefined) return component.members;
  return replicaNames(component.host ?? name, isReplicated(component) ? mostReplicas : 1);
}

function replicaNames(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? name : `${name}-${i + 1}`));
}

/** Host names that runbooks use for a component. */
export function hostNames(name: string, component: ComponentSpec): readonly string[] {
  if (isCluster(component)) return [...component.postgresql.members, ...Object.keys(component.aliases ?? {})];
  if (isKubernetes(component)) return component.nodes ?? [];
  if (!hasMembers(component)) return [component.host ?? name];
  // Inside the platform a service has its own name, too: the other services call it so.
  const service = serviceOf(component);
  if (service !== null) return [...new Set([component.host ?? name, service])];
  return [
    ...instanceNames(name, component),
    ...(component.names ?? []),
    ...Object.keys(component.aliases ?? {}),
  ];
}

/** Members that a component has parts of: which of them is the primary changes while it runs. */
function membersWithParts(component: ComponentSpec): readonly string[] {
  if (isCluster(component)) return component.postgresql.members;
  return hasMembers(component) && component.speaks !== undefined ? (component.members ?? ['']) : [];
}

/** What a role may stand for: a component, an instance, or the member of a cluster that is primary or replica now. */
export function roleTargets({ components }: PlatformFile): readonly string[] {
  return Object.entries(components).flatMap(([name, component]) => {
    const { length } = membersWithParts(component);
    return [
      name,
      ...instanceNames(name, component),
      ...(length > 0 ? [`${name}.primary`] : []),
      ...(length > 1 ? [`${name}.replica`] : []),
    ];
  });
}

/** The component that a role, component, instance, part of a cluster or host name is of; null when it is nothing of the platform. */
export function componentMeant({ roles, components }: PlatformFile, target: string): string | null {
  const meant = roles?.[target] ?? target;
  const found = Object.entries(components).find(([name, component]) =>
    [
      name,
      `${name}.primary`,
      `${name}.replica`,
      ...instanceNames(name, component),
      ...hostNames(name, component),
    ].includes(meant),
  );
  return found?.[0] ?? null;
}

/** Everything that probes, faults and stages may address: roles and what they may stand for, and host names. */
export function addressable(platform: PlatformFile): readonly string[] {
  const hosts = Object.entries(platform.components).flatMap(([name, component]) =>
    hostNames(name, component),
  );
  return [...new Set([...Object.keys(platform.roles ?? {}), ...roleTargets(platform), ...hosts])];
}
