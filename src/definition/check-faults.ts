import type { ComponentSpec } from './component.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { nearest } from './nearest.ts';
import type { PlatformFile } from './platform.ts';
import { componentMeant, isCluster, isDatabase } from './platform-names.ts';
import { quote, quoteList } from './quote.ts';
import type { FaultSpec, Scenario } from './scenario.ts';
import type { Definition } from './source.ts';

/** What the schema of a fault cannot see, without any platform. */
export function checkFaults({ value, source }: Definition<Scenario>): readonly DefinitionError[] {
  return Object.entries(value.faults).flatMap(([id, spec]) => {
    if (spec.fault !== 'sql' || (spec.heal === undefined) === (spec.active === undefined)) return [];
    const [there, missing] = spec.heal === undefined ? ['active', 'heal'] : ['heal', 'active'];
    const why =
      missing === 'active' ? 'nothing could prove that it was healed' : 'nothing would bring it back';
    return [
      definitionError(
        source.at(['faults', id, there], 'key'),
        `${quote(there)} without ${quote(missing)}: ${why}; expected both of them, or none where there is no way back`,
      ),
    ];
  });
}

/** A target that the platform has and that is of no use to its fault. */
export function checkFaultTargets(
  { value, source }: Definition<Scenario>,
  platform: PlatformFile,
): readonly DefinitionError[] {
  return Object.entries(value.faults).flatMap(([id, { fault, target }]) => {
    const need = needs[fault];
    const meant = componentMeant(platform, target);
    const component = meant === null ? undefined : platform.components[meant];
    if (need === undefined || component === undefined || need.fits(component)) return [];
    const fitting = Object.keys(platform.components).filter((name) => {
      const other = platform.components[name];
      return other !== undefined && need.fits(other);
    });
    const has = fitting.length === 0 ? 'has none' : `has ${quoteList(fitting)}`;
    const message = `the fault ${quote(fault)} needs ${need.what}, and ${quote(target)} is none; the platform ${platform.platform} ${has}`;
    return [definitionError(source.at(['faults', id, 'target']), message, nearest(target, fitting))];
  });
}

interface Need {
  readonly what: string;
  fits(component: ComponentSpec): boolean;
}

const needs: { readonly [K in FaultSpec['fault']]?: Need } = {
  request: { what: 'a component that speaks HTTP', fits: (component) => !isDatabase(component) },
  start: {
    what: 'a component with "replicas: 0"',
    fits: (component) => !isCluster(component) && component.replicas === 0,
  },
  sql: { what: 'a database', fits: isDatabase },
};
