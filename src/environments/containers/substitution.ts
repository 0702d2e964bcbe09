import { certificateOfAuthority } from '../../definition/check-substitutions.ts';
import type { Speaks } from '../../definition/container-component.ts';
import { settingsText } from '../postgresql-conf.ts';
import { unknownName } from '../unknown-name.ts';
import type { ComponentLayout, InstanceLayout } from './layout.ts';
import type { ContainersRun } from './run.ts';

/** Fills `${name}` in a text of the platform file; `$${name}` stands for `${name}` itself. */
export type Fill = (text: string) => string;

export interface DatabaseAccess {
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly adminUser: string;
  readonly adminPassword: string;
}

type PostgresqlSpec = Extract<Speaks, { postgresql: unknown }>['postgresql'];
type Filling = Pick<ContainersRun, 'layout' | 'secrets' | 'certificates'>;

/** `${member}`, `${host}`, `${port}` and `${address}` in a component's own texts. */
export function ownValues({ spec }: ComponentLayout, { instance, networkAddress }: InstanceLayout): Values {
  return { member: instance, host: instance, port: String(spec.port ?? ''), address: networkAddress };
}

interface Values {
  readonly [name: string]: string;
}

/**
 * Names and documented ports of the platform as its containers and the toolbox know them, logins, `${secret.NAME}`,
 * `${certificate.NAME}`; beside these what is the text's own. The filled-in text has secrets.
 * @param where what the text belongs to, for the error
 * @throws EnvironmentError for a name that means nothing, with those that do
 */
export function filler(filling: Filling, where: string, own: Values = {}): Fill {
  const values = new Map([...platformValues(filling), ...Object.entries(own)]);
  return (text) => fillText(filling, where, values, text);
}

function fillText(
  { secrets }: Filling,
  where: string,
  values: ReadonlyMap<string, string>,
  text: string,
): string {
  return text.replace(/\$?\$\{([^}]*)\}/g, (whole, name: string) => {
    if (whole.startsWith('$$')) return whole.slice(1);
    if (/^secret\.[\w-]+$/.test(name)) return secrets.secret(`named ${name}`);
    const value = values.get(name);
    if (value === undefined) throw unknownName(name, where, values.keys());
    return value;
  });
}

function* platformValues(filling: Filling): Iterable<readonly [string, string]> {
  const { layout, certificates } = filling;
  yield ['node', 'node'];
  for (const component of layout.components) {
    const { spec, instances } = component;
    for (const { names, networkAddress } of instances.toReversed()) {
      for (const name of names) {
        yield [name, name];
        yield [`${name}.port`, String(spec.port ?? '')];
        yield [`${name}.address`, networkAddress];
      }
    }
    const access = databaseAccess(filling, component);
    if (access !== null) yield* databaseValues(component.component, access);
    if (spec.speaks !== undefined && 'postgresql' in spec.speaks)
      yield* wishedValues(component.component, spec.speaks.postgresql);
  }
  yield [certificateOfAuthority, certificates.ca];
  for (const [name, pem] of Object.entries(certificates.certificates)) yield [`certificate.${name}`, pem];
}

function* databaseValues(name: string, access: DatabaseAccess): Iterable<readonly [string, string]> {
  yield [`${name}.database`, access.database];
  yield [`${name}.user`, access.user];
  yield [`${name}.password`, access.password];
  yield [`${name}.admin-user`, access.adminUser];
  yield [`${name}.admin-password`, access.adminPassword];
}

/** What a platform or a drill wants of a database, for its image to see to. */
function* wishedValues(
  name: string,
  { settings = {}, synchronous = false }: Pick<PostgresqlSpec, 'settings' | 'synchronous'>,
): Iterable<readonly [string, string]> {
  yield [`${name}.settings`, settingsText(settings)];
  yield [`${name}.synchronous`, synchronous ? 'on' : 'off'];
}

/** Logins of a component that speaks PostgreSQL; null for others. Their texts may name secrets alone. */
export function databaseAccess(
  filling: Filling,
  { component, spec }: ComponentLayout,
): DatabaseAccess | null {
  const { speaks } = spec;
  if (speaks === undefined || !('postgresql' in speaks)) return null;
  const fill = (text: string) => fillText(filling, `${component}: speaks`, new Map(), text);
  const {
    database,
    user,
    password,
    'admin-user': adminUser,
    'admin-password': adminPassword,
  } = speaks.postgresql;
  return { database, user, adminUser, password: fill(password), adminPassword: fill(adminPassword) };
}

/** Undefined for a component that speaks no Redis, or one without a password. */
export function redisPassword(filling: Filling, { component, spec }: ComponentLayout): string | undefined {
  const { speaks } = spec;
  if (speaks === undefined || !('redis' in speaks) || speaks.redis.password === undefined) return undefined;
  return fillText(filling, `${component}: speaks`, new Map(), speaks.redis.password);
}

/** Every secret of the run that a container or a command can come to see, for redaction. */
export function secretsInUse({ layout, secrets }: Pick<Filling, 'layout' | 'secrets'>): readonly string[] {
  const named = JSON.stringify(layout.platform).match(/secret\.[\w-]+/g) ?? [];
  return [...new Set(named)].map((name) => secrets.secret(`named ${name}`));
}
