import { type DefinitionError, definitionError } from './definition-error.ts';
import type { WorkloadSpec } from './kubernetes-component.ts';
import type { PlatformFile } from './platform.ts';
import { componentMeant, isKubernetes, isWorkload } from './platform-names.ts';
import { quote } from './quote.ts';
import type { Definition, Path } from './source.ts';

/** What a platform in an existing cluster may say, and what only one that drillbook makes can. */
export function checkContext(platform: Definition<PlatformFile>): readonly DefinitionError[] {
  if (platform.value.environment !== 'context') return strayAddresses(platform);
  return [
    ...checkCluster(platform),
    ...Object.entries(platform.value.components).flatMap(([name, component]) =>
      isWorkload(component) ? checkWorkload(platform, name, component) : [],
    ),
    ...unreached(platform),
  ];
}

/** The namespace that faults keep to; null where the platform is in no existing cluster. */
export function existingNamespace({ environment, components }: PlatformFile): string | null {
  if (environment !== 'context') return null;
  const cluster = Object.values(components).find(isKubernetes)?.kubernetes;
  return cluster !== undefined && 'namespace' in cluster ? cluster.namespace : null;
}

function strayAddresses({ value, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  return Object.entries(value.components).flatMap(([name, component]) =>
    isWorkload(component) && component.address !== undefined
      ? [
          definitionError(
            source.at(['components', name, 'address'], 'key'),
            `"address" is for "environment: context"; on "environment: ${value.environment}" drillbook makes the way to ${name} itself: expected "node-ports"`,
          ),
        ]
      : [],
  );
}

/** One confirmation on the command line is for one cluster. */
function checkCluster({ value, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  const clusters = Object.entries(value.components).filter(([, component]) => isKubernetes(component));
  const [, second] = clusters;
  if (clusters.length === 0)
    return [
      definitionError(
        source.at(['components'], 'key'),
        'on "environment: context" one component has to be the cluster: expected "kubernetes: { context: …, namespace: … }"',
      ),
    ];
  if (second === undefined) return [];
  return [
    definitionError(
      source.at(['components', second[0]], 'key'),
      `on "environment: context" a platform has one cluster, and ${second[0]} is another: write a platform file for each`,
    ),
  ];
}

/** Keys of what drillbook makes, and why they mean nothing of what is there. */
const ofMadeOnes = {
  members: 'write a component for each workload, with its "object"',
  'node-ports': 'expected "address", HOST:PORT at which its clients reach it',
  ports: 'one "address" is all that is reached of it in this version',
  speaks: 'databases of an existing cluster are not drilled in this version',
  operator: 'no command is run in pods of an existing cluster in this version',
  standby: 'all that the platform file names has to be ready before anything is broken',
} as const;

function checkWorkload(
  { value, source }: Definition<PlatformFile>,
  name: string,
  spec: WorkloadSpec,
): readonly DefinitionError[] {
  const at: Path = ['components', name];
  const foreign = (Object.keys(ofMadeOnes) as (keyof typeof ofMadeOnes)[])
    .filter((key) => spec[key] !== undefined)
    .map((key) =>
      definitionError(
        source.at([...at, key], 'key'),
        `"${key}" is not for "environment: context": ${ofMadeOnes[key]}`,
      ),
    );
  const namespace = existingNamespace(value);
  if (spec.namespace === undefined || namespace === null || spec.namespace === namespace) return foreign;
  return [
    ...foreign,
    definitionError(
      source.at([...at, 'namespace']),
      `${name} is in the namespace ${quote(spec.namespace)}, and this platform keeps to ${quote(namespace)}: leave it out`,
    ),
  ];
}

/** Clients come by addresses, and nothing of an existing cluster has one that drillbook could know. */
function unreached({ value, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  return (['probes', 'ledgers'] as const).flatMap((kind) =>
    Object.entries(value[kind] ?? {}).flatMap(([key, spec]) => {
      if (!('role' in spec)) return [];
      const meant = componentMeant(value, spec.role);
      const component = meant === null ? undefined : value.components[meant];
      if (component === undefined || !isWorkload(component) || component.address !== undefined) return [];
      return [
        definitionError(
          source.at([kind, key, 'role']),
          `${key} asks ${meant}, which has no "address": expected HOST:PORT in it, or a probe of "kind: kubernetes", which asks the API`,
        ),
      ];
    }),
  );
}
