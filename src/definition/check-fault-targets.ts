import { filledAnywhere, unknownSubstitutions } from './check-substitutions.ts';
import type { ComponentSpec } from './component.ts';
import { containerFaults } from './container-faults.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { mentionsIn, unknownNames } from './known-names.ts';
import { nearest } from './nearest.ts';
import type { PlatformFile } from './platform.ts';
import {
  addressable,
  componentMeant,
  hasMembers,
  isCluster,
  isContainer,
  isDatabase,
  isKubernetes,
  isProcess,
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
    if (onlyContainers.has(spec.fault) && !hasContainers(platform))
      return [wrongEnvironment(place, spec.fault)];
    return [
      ...uselessTarget(place, spec),
      ...(spec.fault === 'partition' ? unknownPeers(place, spec.from) : []),
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

function wrongEnvironment({ source, id, platform }: Place, fault: FaultSpec['fault']): DefinitionError {
  const message = `the fault ${quote(fault)} needs containers, and the platform ${platform.platform} runs in ${quote(platform.environment)}; the environment "containers" has them`;
  return definitionError(source.at(['faults', id, 'fault']), message);
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
function uselessTarget(
  { source, id, platform }: Place,
  { fault, target }: FaultSpec,
): readonly DefinitionError[] {
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

/** Nodes of clusters that kind makes are containers, too. */
function hasContainers({ environment }: PlatformFile): boolean {
  return environment === 'containers' || environment === 'kind';
}

interface Need {
  readonly what: string;
  fits(component: ComponentSpec): boolean;
}

const onlyContainers: ReadonlySet<FaultSpec['fault']> = new Set(
  containerFaults.map(({ shape }) => shape.fault.value),
);

const needs: { readonly [K in FaultSpec['fault']]?: Need } = {
  request: { what: 'a component that speaks HTTP', fits: (component) => !isDatabase(component) },
  start: {
    what: 'a component with "replicas: 0"',
    fits: (component) => (isProcess(component) || isContainer(component)) && component.replicas === 0,
  },
  sql: { what: 'a database', fits: isDatabase },
  toxic: { what: `a toxiproxy, with port ${toxiproxyPort} for its API`, fits: isToxiproxy },
};

function isToxiproxy(component: ComponentSpec): boolean {
  if (isCluster(component) || isKubernetes(component)) return false;
  const further = hasMembers(component) ? (component.ports ?? []) : [];
  return [component.port, ...further].includes(toxiproxyPort);
}
