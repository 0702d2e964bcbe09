import { checkCompose } from './check-compose.ts';
import { checkContext } from './check-context.ts';
import { checkDatabaseSettings } from './check-database-settings.ts';
import { checkDnsPorts, checkProbePorts } from './check-probe-ports.ts';
import { checkSubstitutions } from './check-substitutions.ts';
import { checkToolbox } from './check-toolbox.ts';
import type { ComponentSpec } from './component.ts';
import type { ContainerSpec } from './container-component.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { mentionsIn, rolesNamed, unknownNames } from './known-names.ts';
import type { KubernetesSpec, WorkloadSpec } from './kubernetes-component.ts';
import type { PlatformFile } from './platform.ts';
import {
  addressable,
  type ClusterSpec,
  hasMembers,
  hostNames,
  instanceNames,
  isCluster,
  isContainer,
  isKubernetes,
  isReplicated,
  isWorkload,
  roleTargets,
} from './platform-names.ts';
import { quote } from './quote.ts';
import type { Definition, Source } from './source.ts';

/** What the schema cannot see: names inside a platform that mean nothing, cycles, names given twice. */
export function checkPlatform(platform: Definition<PlatformFile>): readonly DefinitionError[] {
  return [
    ...checkAddresses(platform),
    ...Object.keys(platform.value.components).flatMap((name) => checkComponent(platform, name)),
    ...checkCycles(platform),
    ...checkHosts(platform),
    ...checkToolbox(platform),
    ...checkProbePorts(platform),
    ...checkDnsPorts(platform),
    ...checkCompose(platform),
    ...checkSubstitutions(platform),
    ...checkDatabaseSettings(platform),
    ...checkContext(platform),
  ];
}

function checkAddresses({ value, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  const owner = `platform ${value.platform}`;
  const roles = Object.entries(value.roles ?? {}).map(([role, name]) => ({
    source,
    path: ['roles', role],
    name,
  }));
  const users = (['probes', 'ledgers'] as const).flatMap((kind) =>
    Object.entries(value[kind] ?? {}).flatMap(([key, spec]) =>
      rolesNamed({ source, path: [kind, key] }, spec),
    ),
  );
  return [
    ...unknownNames(roles, { owner, what: 'component or instance', names: roleTargets(value) }),
    ...unknownNames(users, { owner, what: 'role, component or instance', names: addressable(value) }),
  ];
}

function checkComponent(
  { value, source }: Definition<PlatformFile>,
  name: string,
): readonly DefinitionError[] {
  const component = value.components[name];
  if (component === undefined) return [];
  const path = ['components', name];
  const foreign = foreignKind(value, component);
  if (foreign !== null) return [definitionError(source.at(path, 'key'), `${name}: ${foreign}`)];
  if (isCluster(component)) return memberAliases(source, name, component);
  if (isKubernetes(component)) return [];
  const { after, port } = component;
  const ready = isWorkload(component) ? undefined : component.ready;
  const unknown = [
    ...checkReplicas(source, path, component),
    ...unknownNames(mentionsIn(source, [...path, 'after'], after), {
      owner: `platform ${value.platform}`,
      what: 'component',
      names: Object.keys(value.components),
    }),
    ...(hasMembers(component) ? memberAliases(source, name, component) : []),
  ];
  const needsPort = ready !== undefined && !('command' in ready) && port === undefined;
  return needsPort
    ? [
        ...unknown,
        definitionError(
          source.at([...path, 'ready'], 'key'),
          `this ready check asks a port, and ${name} has none; expected "port" beside it`,
        ),
      ]
    : unknown;
}

/** Replicas are all alike and come and go: what tells instances apart cannot be said of them. */
function checkReplicas(
  source: Source,
  path: readonly string[],
  component: ComponentSpec,
): readonly DefinitionError[] {
  if (!isReplicated(component)) return [];
  const distinct = (['members', 'aliases', 'speaks', 'isolated'] as const).filter(
    (key) => component[key] !== undefined,
  );
  if (distinct.length === 0) return [];
  return [
    definitionError(
      source.at([...path, 'replicas']),
      `a component with replicas cannot have ${distinct.join(', ')}; expected one or the other`,
    ),
  ];
}

/** Why a component cannot run where the platform does; null when it can. Kubernetes has manifests of its own. */
function foreignKind({ environment }: PlatformFile, component: ComponentSpec): string | null {
  if (isKubernetes(component) || isWorkload(component)) return whyNoCluster(environment, component);
  if (environment === 'local' && isContainer(component))
    return 'a component with "container" runs on "environment: containers"; expected "command" or "postgresql" on local';
  if (environment === 'containers' && !isContainer(component))
    return 'on "environment: containers" every component needs "container" (an image, a folder to build one from, or a service of a compose file)';
  if (environment === 'context')
    return 'on "environment: context" nothing is made: every component needs "kubernetes" or "workload"';
  if (environment !== 'local' && !isContainer(component))
    return `on "environment: ${environment}" every component needs "kubernetes", "workload" or "container"`;
  return null;
}

function whyNoCluster(
  environment: PlatformFile['environment'],
  component: KubernetesSpec | WorkloadSpec,
): string | null {
  if (environment === 'local' || environment === 'containers')
    return `there is no Kubernetes on "environment: ${environment}"; expected "environment: kind" or "context"`;
  if (!isKubernetes(component)) return null;
  const needed = environment === 'kind' ? 'config' : 'context';
  return needed in component.kubernetes
    ? null
    : `a cluster on "environment: ${environment}" needs "${needed}" in "kubernetes"`;
}

function memberAliases(
  source: Source,
  name: string,
  component: ClusterSpec | ContainerSpec | WorkloadSpec,
): readonly DefinitionError[] {
  const aliases = Object.entries(component.aliases ?? {}).map(([alias, member]) => ({
    source,
    path: ['components', name, 'aliases', alias],
    name: member,
  }));
  return unknownNames(aliases, {
    owner: `cluster ${name}`,
    what: 'member',
    names: instanceNames(name, component),
  });
}

/** Each cycle of `after` once, at the component of it that stands first in the file. */
function checkCycles({
  value: { components },
  source,
}: Definition<PlatformFile>): readonly DefinitionError[] {
  const names = Object.keys(components);
  return names.flatMap((name, i) => {
    const cycle = cycleThrough(components, name);
    if (cycle === null || cycle.some((other) => names.indexOf(other) < i)) return [];
    return [
      definitionError(
        source.at(['components', name, 'after']),
        `components wait for each other: ${[...cycle, name].join(' after ')}`,
      ),
    ];
  });
}

/** The shortest way from a component back to itself, without the repetition at its end; null if there is none. */
function cycleThrough(
  components: { readonly [name: string]: ComponentSpec },
  start: string,
): readonly string[] | null {
  const ways: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    const last = components[way.at(-1) ?? start];
    for (const next of last === undefined || isCluster(last) || isKubernetes(last)
      ? []
      : (last.after ?? [])) {
      if (next === start) return way;
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return null;
}

function checkHosts({ value: { components }, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  const owners = new Map<string, string>();
  const errors: DefinitionError[] = [];
  for (const [name, component] of Object.entries(components)) {
    for (const host of hostNames(name, component)) {
      const owner = owners.get(host);
      if (owner !== undefined) {
        const message = `the host name ${quote(host)} is given twice: to ${owner} and to ${name}`;
        errors.push(definitionError(source.at(['components', name], 'key'), message));
      }
      owners.set(host, name);
    }
  }
  return errors;
}
