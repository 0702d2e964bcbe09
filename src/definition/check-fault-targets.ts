import { type NotInExisting, notInExisting } from './check-context-faults.ts';
import { filledAnywhere, unknownSubstitutions } from './check-substitutions.ts';
import type { ComponentSpec } from './component.ts';
import { containerFaults } from './container-faults.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { mentionsIn, unknownNames } from './known-names.ts';
import { kubernetesFaults } from './kubernetes-faults.ts';
import { nearest } from './nearest.ts';
import type { PlatformFile } from './platform.ts';
import {
  addressable,
  componentMeant,
  hasMembers,
  instanceNames,
  isCluster,
  isContainer,
  isDatabase,
  isKubernetes,
  isProcess,
  isWorkload,
} from './platform-names.ts';
import { quote, quoteList } from './quote.ts';
import type { FaultSpec, Scenario } from './scenario.ts';
import type { Definition, Source } from './source.ts';
import { toxiproxyPort } from './toxic-fault.ts';

/** What a fault asks of the platform: an environment that can do it, and a target that is of use to it. */
export function checkFaultTargets(
  { value, source }: Definition<Scenario>,
  platform: PlatformFile,
): readonly DefinitionError[] {
  return Object.entries(value.faults).flatMap(([id, spec]) => {
    const place: Place = { source, id, platform };
    const missing = missingCapability(platform, spec.fault);
    if (missing !== null) return [wrongEnvironment(place, spec.fault, missing)];
    const not = notInExisting(spec, platform);
    if (not !== null) return [wrongCluster(place, spec.fault, not)];
    return [
      ...uselessTarget(place, spec),
      ...('from' in spec ? unknownPeers(place, spec.from) : []),
      ...unknownClusters(place, spec),
      ...(spec.fault === 'replace-file'
        ? unknownSubstitutions(
            { source, path: ['faults', id, 'text'] },
            filledAnywhere(platform),
            platform.platform,
          )
        : []),
    ];
  });
}

interface Place {
  readonly source: Source;
  readonly id: string;
  readonly platform: PlatformFile;
}

interface Capability {
  /** As in "the fault needs containers". */
  readonly what: string;
  /** As in "the environment "containers" has them". */
  readonly todo: string;
}

/** What a fault needs and the platform's environment does not have; null: nothing. */
function missingCapability({ environment }: PlatformFile, fault: FaultSpec['fault']): Capability | null {
  const containers = environment === 'containers' || environment === 'kind';
  if (onlyContainers.has(fault) && !containers)
    return { what: 'containers', todo: 'the environment "containers" has them' };
  if (!onlyKubernetes.has(fault)) return null;
  if (environment !== 'kind' && environment !== 'context')
    return { what: 'Kubernetes clusters', todo: 'the environment "kind" has them' };
  // Nodes of clusters that kind makes are containers, too.
  return onlyNodes.has(fault) && environment !== 'kind'
    ? { what: 'nodes that are containers', todo: 'the environment "kind" has them' }
    : null;
}

function wrongEnvironment(
  { source, id, platform }: Place,
  fault: FaultSpec['fault'],
  { what, todo }: Capability,
): DefinitionError {
  const message = `the fault ${quote(fault)} needs ${what}, and the platform ${platform.platform} runs in ${quote(platform.environment)}; ${todo}`;
  return definitionError(source.at(['faults', id, 'fault']), message);
}

function wrongCluster(
  { source, id, platform }: Place,
  fault: FaultSpec['fault'],
  { key, why }: NotInExisting,
): DefinitionError {
  return definitionError(
    source.at(['faults', id, ...key]),
    `the fault ${quote(fault)} cannot be done like this in an existing cluster, which the platform ${platform.platform} is in: ${why}`,
  );
}

/** The workload to restart, the cluster that is meant, the node: names that stand in a fault beside its target. */
function unknownClusters({ source, id, platform }: Place, spec: FaultSpec): readonly DefinitionError[] {
  const components = Object.entries(platform.components);
  const having = (fits: (component: ComponentSpec) => boolean) =>
    components.filter(([, component]) => fits(component)).map(([name]) => name);
  const owner = `platform ${platform.platform}`;
  const mention = (
    path: readonly string[],
    name: string | undefined,
    what: string,
    names: readonly string[],
  ) =>
    name === undefined
      ? []
      : unknownNames([{ source, path: ['faults', id, ...path], name }], { owner, what, names });
  const nodes = components.flatMap(([name, component]) =>
    isKubernetes(component) ? instanceNames(name, component) : [],
  );
  const workloads = components.flatMap(([name, component]) =>
    isWorkload(component) ? [name, ...instanceNames(name, component)] : [],
  );
  const restart = 'restart' in spec && spec.fault === 'patch' ? spec.restart : undefined;
  return [
    ...('cluster' in spec ? mention(['cluster'], spec.cluster, 'cluster', having(isKubernetes)) : []),
    ...('object' in spec
      ? mention(['object', 'cluster'], spec.object?.cluster, 'cluster', having(isKubernetes))
      : []),
    ...('node' in spec ? mention(['node'], spec.node, 'node', nodes) : []),
    ...mention(['restart'], restart, 'workload', [...workloads, ...Object.keys(platform.roles ?? {})]),
  ];
}

/** Others that a fault names beside its target. */
function unknownPeers({ source, id, platform }: Place, from: readonly string[]): readonly DefinitionError[] {
  return unknownNames(mentionsIn(source, ['faults', id, 'from'], from), {
    owner: `platform ${platform.platform}`,
    what: 'role, component or instance',
    names: addressable(platform),
  });
}

/** A target that the platform has and that is of no use to its fault. */
function uselessTarget({ source, id, platform }: Place, spec: FaultSpec): readonly DefinitionError[] {
  const { fault } = spec;
  if (!('target' in spec) || spec.target === undefined) return [];
  const { target } = spec;
  const need = needs[fault];
  const meant = componentMeant(platform, target);
  const component = meant === null ? undefined : platform.components[meant];
  if (need === undefined || component === undefined || need.fits(component)) return [];
  const fitting = Object.keys(platform.components).filter((key) => {
    const other = platform.components[key];
    return other !== undefined && need.fits(other);
  });
  const has = fitting.length === 0 ? 'has none' : `has ${quoteList(fitting)}`;
  const message = `the fault ${quote(fault)} needs ${need.what}, and ${quote(target)} is none; the platform ${platform.platform} ${has}`;
  return [definitionError(source.at(['faults', id, 'target']), message, nearest(target, fitting))];
}

interface Need {
  readonly what: string;
  fits(component: ComponentSpec): boolean;
}

const onlyContainers: ReadonlySet<FaultSpec['fault']> = new Set(
  containerFaults.map(({ shape }) => shape.fault.value),
);

const onlyKubernetes: ReadonlySet<FaultSpec['fault']> = new Set(
  kubernetesFaults.map(({ shape }) => shape.fault.value),
);

/** Those that act on the nodes themselves, which no API lets anybody do. */
const onlyNodes: ReadonlySet<FaultSpec['fault']> = new Set(['api-server-unreachable', 'cut-off']);

const workload: Need = { what: 'a workload of a cluster', fits: isWorkload };

const needs: { readonly [K in FaultSpec['fault']]?: Need } = {
  request: { what: 'a component that speaks HTTP', fits: (component) => !isDatabase(component) },
  start: {
    what: 'a component with "replicas: 0"',
    fits: (component) => (isProcess(component) || isContainer(component)) && component.replicas === 0,
  },
  sql: { what: 'a database', fits: isDatabase },
  'delete-pods': workload,
  patch: workload,
  'cut-off': workload,
  toxic: { what: `a toxiproxy, with port ${toxiproxyPort} for its API`, fits: isToxiproxy },
};

function isToxiproxy(component: ComponentSpec): boolean {
  if (isCluster(component) || isKubernetes(component)) return false;
  const further = hasMembers(component) ? (component.ports ?? []) : [];
  return [component.port, ...further].includes(toxiproxyPort);
}
