import { createHash } from 'node:crypto';
import type { ContainerSpec } from '../../definition/container-component.ts';
import type { Platform } from '../../definition/platform.ts';
import { hostNames, instanceNames } from '../../definition/platform-names.ts';
import { EnvironmentError } from '../environment.ts';
import type { Listener, Loopback } from '../machine/network.ts';

/** Everything about a run that is decided before anything is created. Plain JSON without secrets; kept in the run folder. */
export interface Layout {
  readonly runId: string;
  readonly runDir: string;
  readonly reportDir: string;
  readonly platform: Platform;
  readonly loopback: Loopback;
  /** Beginning of the names of everything the run makes at the engine. */
  readonly prefix: string;
  /** Three bytes of the platform's network: `10.211.7`. */
  readonly subnet: string;
  /** The platform's network, where it is not one that the run makes and removes. */
  readonly network?: string;
  readonly components: readonly ComponentLayout[];
  /** Every host name of the platform → address of the host at which its ports are published. */
  readonly hosts: { readonly [name: string]: string };
}

export interface ComponentLayout {
  readonly component: string;
  readonly spec: ContainerSpec;
  readonly instances: readonly InstanceLayout[];
  /** Its containers are made and removed by somebody else, who also gives them their addresses: nodes of a cluster. */
  readonly elsewhere?: true;
}

export interface InstanceLayout {
  readonly instance: string;
  /** Name of its container. */
  readonly container: string;
  /** All names that other containers know it by. */
  readonly names: readonly string[];
  /** In the platform's network. */
  readonly networkAddress: string;
  /** Where its ports are published, and as which: documented → published. */
  readonly hostAddress: string;
  readonly ports: { readonly [documented: number]: number };
}

/** Label of everything that a run makes: its run's id. */
export const runLabel = 'drillbook.run';
export const componentLabel = 'drillbook.component';
export const instanceLabel = 'drillbook.instance';

/** Short, and the same for every process that knows the run. */
export function prefixOf(runId: string): string {
  return `drillbook-${createHash('sha256').update(runId).digest('hex').slice(0, 10)}`;
}

export function platformNetwork({ prefix, network }: Pick<Layout, 'prefix' | 'network'>): string {
  return network ?? `${prefix}-platform`;
}

/** Through it drillbook and its probes reach published ports; containers cannot reach each other in it. */
export function measuringNetwork({ prefix }: Pick<Layout, 'prefix'>): string {
  return `${prefix}-measuring`;
}

/** @throws EnvironmentError for a component that is no container */
export function containersOf({
  components,
}: Pick<Platform, 'components'>): readonly (readonly [string, ContainerSpec])[] {
  return Object.entries(components).map(([name, spec]) => {
    if ('container' in spec) return [name, spec] as const;
    throw new EnvironmentError(
      `${name} is no container: give it "container" (an image, or a folder to build one from), or run the platform on "environment: local"`,
    );
  });
}

export function portsOf({
  port,
  ports,
  udp,
}: Pick<ContainerSpec, 'port' | 'ports' | 'udp'>): readonly number[] {
  return [...new Set([...(port === undefined ? [] : [port]), ...(ports ?? []), ...(udp ?? [])])];
}

/** What has to be listened on at the host, in the order of the platform file: each port of each instance. */
export function listenersOf(platform: Platform): readonly Listener[] {
  return containersOf(platform).flatMap(([name, spec]) =>
    instanceNames(name, spec).flatMap((instance) =>
      portsOf(spec).map((port) => ({ instance: listenerName(instance, port), port })),
    ),
  );
}

export function listenerName(instance: string, port: number): string {
  return `${instance}:${port}`;
}

/** Addresses below are the engine's own. */
const toolboxHost = 9;
const firstHost = 10;

/** In the platform's network; nobody listens there. */
export function toolboxAddress({ subnet }: Pick<Layout, 'subnet'>): string {
  return `${subnet}.${toolboxHost}`;
}

/**
 * `endpoints` as `listenersOf` names them. Where each port would have an address of its own, those of one instance share the first.
 */
export function componentsOf(
  platform: Platform,
  prefix: string,
  subnet: string,
  endpoints: ReadonlyMap<string, { readonly address: string; readonly port: number }>,
): readonly ComponentLayout[] {
  let host = firstHost;
  return containersOf(platform).map(([component, spec]) => ({
    component,
    spec,
    instances: instanceNames(component, spec).map((instance) => {
      const published = portsOf(spec).map((port) => ({
        port,
        at: endpoints.get(listenerName(instance, port)),
      }));
      return {
        instance,
        container: `${prefix}-${instance}`,
        names: namesOf(component, spec, instance),
        networkAddress: `${subnet}.${host++}`,
        hostAddress: published[0]?.at?.address ?? '127.0.0.1',
        ports: Object.fromEntries(published.map(({ port, at }) => [port, at?.port ?? port])),
      };
    }),
  }));
}

function namesOf(component: string, spec: ContainerSpec, instance: string): readonly string[] {
  const aliases = Object.entries(spec.aliases ?? {}).flatMap(([alias, member]) =>
    member === instance ? [alias] : [],
  );
  const host = spec.host === undefined ? [] : [spec.host];
  return [...new Set([instance, ...aliases, ...(spec.names ?? []), ...host, component])];
}

/** Addresses that DNS may answer to clients in the platform's network → where drillbook reaches the same instances. */
export function reachedOf(components: readonly ComponentLayout[]): { readonly [address: string]: string } {
  return Object.fromEntries(
    components.flatMap(({ instances }) =>
      instances.map(({ networkAddress, hostAddress }) => [networkAddress, hostAddress]),
    ),
  );
}

/** Host names → addresses; a name that several members share means the first. */
export function hostsOf(components: readonly ComponentLayout[]): { readonly [name: string]: string } {
  const entries = components.flatMap(({ component, spec, instances }) =>
    hostNames(component, spec).map((name) => {
      const meant = instances.find(({ names, instance }) => instance === name || names.includes(name));
      return [name, (meant ?? instances[0])?.hostAddress ?? ''] as const;
    }),
  );
  return Object.fromEntries(entries);
}
