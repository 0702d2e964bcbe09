import type { ComponentSpec } from './component.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import type { PlatformFile } from './platform.ts';
import { componentMeant, isContainer } from './platform-names.ts';
import type { Definition } from './source.ts';

/** A probe's `port` must be one that its component publishes; without this, only a run would say so. */
export function checkProbePorts({ value, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  return Object.entries(value.probes ?? {}).flatMap(([name, spec]) => {
    if (!('port' in spec) || spec.port === undefined) return [];
    const meant = componentMeant(value, spec.role);
    const component = meant === null ? undefined : value.components[meant];
    if (meant === null || component === undefined) return [];
    const published = portsOf(component);
    if (published.includes(spec.port)) return [];
    const hint = isContainer(component)
      ? `expected ${published.length === 0 ? '' : `one of ${published.join(', ')}, or `}the port in "ports" of ${meant}`
      : 'a component has one port in this environment, which its role means: leave "port" out';
    return [
      definitionError(
        source.at(['probes', name, 'port']),
        `${meant} publishes no port ${spec.port}; ${hint}`,
      ),
    ];
  });
}

function portsOf(component: ComponentSpec): readonly number[] {
  if (!isContainer(component)) return [];
  const { port, ports = [], udp = [] } = component;
  return [...(port === undefined ? [] : [port]), ...ports, ...udp];
}

/** A name is asked over UDP, of a port that drillbook can reach only where it is published so. */
export function checkDnsPorts({ value, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  return (['probes', 'ledgers'] as const).flatMap((kind) =>
    Object.entries(value[kind] ?? {}).flatMap(([name, spec]) => {
      if (!('dns' in spec) || spec.dns === undefined) return [];
      const { server, port } = spec.dns;
      const meant = componentMeant(value, server) ?? '';
      const component = value.components[meant];
      if (component === undefined || !isContainer(component) || component.udp?.includes(port)) return [];
      return [
        definitionError(
          source.at([kind, name, 'dns', 'port']),
          `${meant} publishes no port ${port} over UDP; expected the port in "udp" of ${meant}`,
        ),
      ];
    }),
  );
}
