import type { Endpoint } from '../machine/network.ts';
import type { Secrets } from '../secrets.ts';
import { unknownName } from '../unknown-name.ts';
import type { ClusterLayout, Layout } from './layout.ts';
import type { RunPaths } from './run-folder.ts';

/** Fills `${name}` in a text of the platform file; `$${name}` stands for `${name}` itself. */
export type Fill = (text: string) => string;

/** The three users of a cluster. */
export interface ClusterPasswords {
  readonly admin: string;
  readonly user: string;
  readonly replication: string;
}

export const adminUser = 'postgres';
export const replicationUser = 'drillbook_replication';

export function clusterPasswords(secrets: Secrets, component: string): ClusterPasswords {
  const secret = (user: string) => secrets.secret(`postgresql ${component} ${user}`);
  return { admin: secret('admin'), user: secret('user'), replication: secret('replication') };
}

/** What a text is filled from. */
export interface Filling {
  readonly layout: Layout;
  readonly paths: RunPaths;
  readonly secrets: Secrets;
  /** Folder of PostgreSQL's programs; null on a platform without it. */
  readonly binaries: string | null;
}

/** Names that only some texts may use. */
export interface OwnValues {
  readonly [name: string]: string;
}

/** `${host}` and `${port}` in a component's own texts. */
export function endpointValues({ address, port }: Endpoint): OwnValues {
  return { host: address, port: String(port) };
}

/** `${toolbox.home}` in those of tools. */
export function toolboxValues(home: string): OwnValues {
  return { 'toolbox.home': home };
}

/**
 * `${node}`, the addresses and ports of the platform, its databases' logins, and `${secret.NAME}`; beside these what is
 * the text's own. The filled-in text has secrets.
 * @param where what the text belongs to, for the error
 * @throws EnvironmentError for a name that means nothing, with those that do
 */
export function filler(filling: Filling, where: string, own: OwnValues = {}): Fill {
  const { secrets } = filling;
  const values = new Map([...platformValues(filling), ...Object.entries(own)]);
  return (text) =>
    text.replace(/\$?\$\{([^}]*)\}/g, (whole, name: string) => {
      if (whole.startsWith('$$')) return whole.slice(1);
      if (/^secret\.[\w-]+$/.test(name)) return namedSecret(secrets, name);
      const value = values.get(name);
      if (value === undefined) throw unknownName(name, where, values.keys());
      return value;
    });
}

/** Every secret of the run that a process or a command can come to see, for redaction. */
export function secretsInUse({ layout, secrets }: Pick<Filling, 'layout' | 'secrets'>): readonly string[] {
  const named = JSON.stringify(layout.platform).match(/secret\.[\w-]+/g) ?? [];
  const passwords = layout.components
    .filter((component) => component.kind === 'postgresql')
    .flatMap(({ component }) => Object.values(clusterPasswords(secrets, component)));
  return [...new Set([...named.map((name) => namedSecret(secrets, name)), ...passwords])];
}

function namedSecret(secrets: Secrets, name: string): string {
  return secrets.secret(`named ${name}`);
}

function* platformValues(filling: Filling): Iterable<readonly [string, string]> {
  const { layout, paths } = filling;
  yield ['node', process.execPath];
  yield* Object.entries(layout.hosts);
  for (const component of layout.components) {
    if (component.kind === 'process') {
      yield [`${component.component}.port`, String(component.port)];
      yield [`${component.host}.port`, String(component.port)];
      yield [`${component.component}.data`, paths.data(component.component)];
    } else yield* clusterValues(component, filling);
  }
}

function* clusterValues(
  cluster: ClusterLayout,
  { paths, secrets, binaries }: Filling,
): Iterable<readonly [string, string]> {
  const { component, members, aliases } = cluster;
  const passwords = clusterPasswords(secrets, component);
  for (const { instance, port } of members) yield [`${instance}.port`, String(port)];
  for (const [alias, instance] of Object.entries(aliases)) {
    yield [`${alias}.port`, String(members.find((member) => member.instance === instance)?.port)];
  }
  yield [`${component}.members`, members.map(({ address, port }) => `${address}:${port}`).join(',')];
  yield [`${component}.user`, cluster.user];
  yield [`${component}.password`, passwords.user];
  yield [`${component}.database`, cluster.database];
  yield [`${component}.admin-user`, adminUser];
  yield [`${component}.admin-password`, passwords.admin];
  yield [`${component}.replication-user`, replicationUser];
  yield [`${component}.replication-password`, passwords.replication];
  yield [`${component}.archive`, paths.archive(component)];
  if (binaries !== null) yield [`${component}.bin`, binaries];
}
