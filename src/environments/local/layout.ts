import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { ComponentSpec, ProcessSpec } from '../../definition/component.ts';
import type { Platform } from '../../definition/platform.ts';
import { isProcess } from '../../definition/platform-names.ts';
import { EnvironmentError } from '../environment.ts';
import type { Endpoint, Listener, Loopback } from '../machine/network.ts';
import type { Account } from './account.ts';

type PostgresqlSpec = Extract<ComponentSpec, { postgresql: unknown }>;

/**
 * Everything about a run that is decided before anything is created: who is who, where each listens, what runs as whom.
 * Plain JSON without secrets; kept in the run folder for other processes.
 */
export interface Layout {
  readonly runId: string;
  readonly runDir: string;
  readonly reportDir: string;
  readonly platform: Platform;
  readonly loopback: Loopback;
  /** For databases and toolbox commands; null = as the user who started drillbook. */
  readonly account: Account | null;
  readonly components: readonly ComponentLayout[];
  /** Every host name of the platform → address. */
  readonly hosts: { readonly [name: string]: string };
}

export type ComponentLayout = ProcessLayout | ClusterLayout;

/** Its instances are `name`, `name-2`, `name-3`, …, all on one address and port. */
export interface ProcessLayout {
  readonly kind: 'process';
  readonly component: string;
  /** The name that runbooks use. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly replicas: number;
  readonly restart: 'never' | 'on-failure';
  readonly after: readonly string[];
  readonly cwd: string;
  readonly account: Account | null;
  readonly spec: ProcessSpec;
}

/** A PostgreSQL cluster; each member is an instance. */
export interface ClusterLayout {
  readonly kind: 'postgresql';
  readonly component: string;
  readonly members: readonly MemberLayout[];
  readonly database: string;
  readonly user: string;
  readonly synchronous: boolean;
  readonly archive: boolean;
  readonly settings: { readonly [name: string]: string | number | boolean };
  readonly aliases: { readonly [alias: string]: string };
}

export interface MemberLayout {
  readonly instance: string;
  readonly address: string;
  readonly port: number;
  /** 0 starts as the primary. */
  readonly ordinal: number;
}

export const postgresqlPort = 5432;

/** In the order of the platform file: what needs an address and a port. */
export function listenersOf(platform: Platform): readonly Listener[] {
  return Object.entries(platform.components).flatMap(([component, spec]) =>
    'postgresql' in spec
      ? spec.postgresql.members.map((instance) => ({
          instance,
          port: spec.postgresql.port ?? postgresqlPort,
        }))
      : [{ instance: component, port: 'command' in spec ? (spec.port ?? null) : null }],
  );
}

/**
 * `endpoints` by instance, as `listenersOf` names them; `processAccount` is who plain processes run as.
 * @throws EnvironmentError for a component that is a container
 */
export function componentsOf(
  platform: Platform,
  endpoints: ReadonlyMap<string, Endpoint>,
  processAccount: Account | null,
): readonly ComponentLayout[] {
  const at = (instance: string): Endpoint => endpoints.get(instance) as Endpoint;
  return Object.entries(platform.components).map(([component, spec]) => {
    if ('postgresql' in spec) return clusterLayout(component, spec, at);
    if (!isProcess(spec))
      throw new EnvironmentError(
        `${component} is no process: it runs on the environment "containers" or "kind"`,
      );
    const process = processLayout(component, spec, platform.baseDir);
    return { ...process, ...at(component), account: processAccount };
  });
}

function processLayout(
  component: string,
  spec: ProcessSpec,
  baseDir: string,
): Omit<ProcessLayout, keyof Endpoint | 'account'> {
  return {
    kind: 'process',
    component,
    host: spec.host ?? component,
    replicas: spec.replicas ?? 1,
    restart: spec.restart ?? 'never',
    after: spec.after ?? [],
    cwd: resolve(baseDir, spec.cwd ?? '.'),
    spec,
  };
}

function clusterLayout(
  component: string,
  { postgresql, aliases }: PostgresqlSpec,
  at: (instance: string) => Endpoint,
): ClusterLayout {
  return {
    kind: 'postgresql',
    component,
    members: postgresql.members.map((instance, ordinal) => ({ instance, ordinal, ...at(instance) })),
    database: postgresql.database ?? 'app',
    user: postgresql.user ?? 'app',
    synchronous: postgresql.synchronous ?? false,
    archive: postgresql.archive ?? true,
    settings: postgresql.settings ?? {},
    aliases: aliases ?? {},
  };
}

/** Host names → addresses: of each process its component's name too, of each cluster the members and their aliases. */
export function hostsOf(components: readonly ComponentLayout[]): { readonly [name: string]: string } {
  return Object.fromEntries(components.flatMap((component) => [...hostEntries(component)]));
}

function* hostEntries(component: ComponentLayout): Iterable<readonly [string, string]> {
  if (component.kind === 'process') {
    yield [component.component, component.address];
    yield [component.host, component.address];
    return;
  }
  for (const { instance, address } of component.members) yield [instance, address];
  for (const [alias, instance] of Object.entries(component.aliases)) {
    const member = component.members.find((each) => each.instance === instance);
    if (member !== undefined) yield [alias, member.address];
  }
}

/** Names of a component's instances: a cluster's members, or as many as a process has replicas. */
export function instancesOf(component: ComponentLayout, replicas: number): readonly string[] {
  if (component.kind === 'postgresql') return component.members.map(({ instance }) => instance);
  return Array.from({ length: replicas }, (_, index) =>
    index === 0 ? component.component : `${component.component}-${index + 1}`,
  );
}

/** Where a component listens. */
export function endpointsOf(component: ComponentLayout): readonly Endpoint[] {
  return component.kind === 'process' ? [component] : component.members;
}

/** Short, for socket paths have room for 107 bytes only, and the same for every process that knows the run. */
export function runFolderName(runId: string): string {
  return `drillbook-${createHash('sha256').update(runId).digest('hex').slice(0, 10)}`;
}
