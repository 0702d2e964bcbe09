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
  const { port, ports = [] } = component;
  return port === undefined ? ports : [port, ...ports];
}
