import type { ComponentSpec } from './component.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { isJsonObject, type Json } from './merge-patch.ts';
import { nearest } from './nearest.ts';
import type { PlatformFile } from './platform.ts';
import {
  hasMembers,
  hostNames,
  isCluster,
  isContainer,
  isDatabase,
  isKubernetes,
  isProcess,
  isWorkload,
} from './platform-names.ts';
import { quote } from './quote.ts';
import { type Definition, type Path, type Source, valueAt } from './source.ts';

const substitution = /\$?\$\{([^}]*)\}/g;
const ofClusters = [
  'members',
  'user',
  'password',
  'database',
  'admin-user',
  'admin-password',
  'replication-user',
  'replication-password',
  'archive',
  'bin',
];

/** Where a tool's `files` and `copies` are; there is only one, and components run outside of it. */
const toolboxHome = 'toolbox.home';
/** The certificate of the run's own authority, which everything that trusts it needs. */
export const certificateOfAuthority = 'certificate.ca';
/** Of a container that speaks PostgreSQL. */
const ofDatabases = [
  'user',
  'password',
  'database',
  'admin-user',
  'admin-password',
  'settings',
  'synchronous',
];
/** Its own folder for what it keeps, in the run's. */
const ofProcesses = ['data'];

/** Each `${…}` (not `$${…}`, which stands for itself) in commands, environments, headers, arguments and files must name something the platform can fill in. */
export function checkSubstitutions({ value, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  const shared = filledAnywhere(value);
  const own = new Set([...shared, 'port', 'host']);
  const ofContainers = new Set([...own, 'member', 'address']);
  const ofTools = new Set([...shared, toolboxHome]);
  const places = [
    { path: ['compose', 'env'], names: shared },
    ...Object.entries(value.components).flatMap(([name, component]) =>
      placesOf(component).map((key) => ({
        path: ['components', name, key],
        names: isContainer(component) ? ofContainers : own,
      })),
    ),
    { path: ['toolbox', 'files'], names: ofTools },
    ...(['probes', 'ledgers'] as const).flatMap((kind) =>
      Object.keys(value[kind] ?? {}).map((name) => ({ path: [kind, name, 'headers'], names: shared })),
    ),
    ...Object.keys(value.loads ?? {}).flatMap((name) =>
      ['env', 'files'].map((key) => ({ path: ['loads', name, key], names: shared })),
    ),
    ...Object.keys(value.tools ?? {}).flatMap((name) =>
      ['arguments', 'env', 'files'].map((key) => ({ path: ['tools', name, key], names: ofTools })),
    ),
  ];
  return places.flatMap(({ path, names }) => unknownSubstitutions({ source, path }, names, value.platform));
}

/**
 * The errors of all texts at a path and below it, beside secrets, which any name has. They name the platform: the text
 * may stand in a file that it extends and be right there.
 */
export function unknownSubstitutions(
  { source, path }: { readonly source: Source; readonly path: Path },
  names: ReadonlySet<string>,
  platform: string,
): readonly DefinitionError[] {
  return textsIn(valueAt(source.data, path), path).flatMap(({ text, path: at }) =>
    [...text.matchAll(substitution)].flatMap(([whole, inner = '']) => {
      if (whole.startsWith('$$') || names.has(inner) || /^secret\.[\w-]+$/.test(inner)) return [];
      const near = nearest(inner, names);
      const message = `${quote(whole)} is nothing the platform ${platform} can fill in`;
      return [definitionError(source.at(at), message, near === null ? null : `\${${near}}`)];
    }),
  );
}

function placesOf(component: ComponentSpec): readonly string[] {
  if (isKubernetes(component)) return ['kubernetes'];
  if (isWorkload(component)) return ['operator'];
  return isContainer(component) ? ['command', 'env', 'files', 'operator'] : ['command', 'env'];
}

/** What may be named outside a component, too. */
export function filledAnywhere({ components, certificates }: PlatformFile): ReadonlySet<string> {
  const names = Object.entries(components).flatMap(([name, component]) => {
    const hosts = isCluster(component) ? hostNames(name, component) : [name, ...hostNames(name, component)];
    return [
      ...hosts,
      ...hosts.map((host) => `${host}.port`),
      ...(hasMembers(component) ? hosts.map((host) => `${host}.address`) : []),
      ...propertiesOf(component).map((property) => `${name}.${property}`),
    ];
  });
  const made = Object.keys(certificates ?? {});
  const ofRun =
    made.length === 0 ? [] : [certificateOfAuthority, ...made.map((name) => `certificate.${name}`)];
  return new Set(['node', ...names, ...ofRun]);
}

function propertiesOf(component: ComponentSpec): readonly string[] {
  if (isCluster(component)) return ofClusters;
  if (isProcess(component)) return ofProcesses;
  return isDatabase(component) ? ofDatabases : [];
}

function textsIn(
  data: Json | undefined,
  path: Path,
): readonly { readonly text: string; readonly path: Path }[] {
  if (typeof data === 'string') return [{ text: data, path }];
  if (Array.isArray(data)) return data.flatMap((item, i) => textsIn(item, [...path, i]));
  return isJsonObject(data)
    ? Object.entries(data).flatMap(([key, item]) => textsIn(item, [...path, key]))
    : [];
}
