import { nearest } from '../../definition/nearest.ts';
import { type Address, EnvironmentError } from '../environment.ts';
import { type ClusterLayout, instancesOf, type MemberLayout, type ProcessLayout } from './layout.ts';
import { apartAs } from './postgresql/apart.ts';
import { type Cluster, clusterOf } from './postgresql/cluster.ts';
import { resolvePrimary, resolveReplica } from './postgresql/primary.ts';
import { type LocalRun, wantedReplicas } from './run.ts';
import { adminUser } from './substitution.ts';
import { isInstanceOf } from './supervisor.ts';

/** What a role, component, instance or alias of the platform means, before anybody is asked. */
export type Meaning =
  | { readonly kind: 'process'; readonly component: ProcessLayout; readonly instance: string }
  | { readonly kind: 'member'; readonly cluster: ClusterLayout; readonly member: MemberLayout }
  | { readonly kind: 'part'; readonly cluster: ClusterLayout; readonly part: 'primary' | 'replica' }
  | { readonly kind: 'cluster'; readonly cluster: ClusterLayout };

/** @throws EnvironmentError when the platform has nothing of that name */
export function meaningOf(run: LocalRun, target: string): Meaning {
  const name = run.layout.platform.roles?.[target] ?? target;
  for (const component of run.layout.components) {
    const meaning =
      component.kind === 'process' ? processMeaning(component, name) : clusterMeaning(component, name);
    if (meaning !== null) return meaning;
  }
  const near = nearest(target, knownNames(run));
  throw new EnvironmentError(
    `the platform ${run.layout.platform.platform} has no role, component or instance "${target}"${near === null ? '' : `, did you mean "${near}"?`}`,
  );
}

function processMeaning(component: ProcessLayout, name: string): Meaning | null {
  if (name === component.host) return { kind: 'process', component, instance: component.component };
  return isInstanceOf(component, name) ? { kind: 'process', component, instance: name } : null;
}

function clusterMeaning(cluster: ClusterLayout, name: string): Meaning | null {
  if (name === cluster.component) return { kind: 'cluster', cluster };
  if (name === `${cluster.component}.primary`) return { kind: 'part', cluster, part: 'primary' };
  if (name === `${cluster.component}.replica`) return { kind: 'part', cluster, part: 'replica' };
  const instance = cluster.aliases[name] ?? name;
  const member = cluster.members.find((each) => each.instance === instance);
  return member === undefined ? null : { kind: 'member', cluster, member };
}

function knownNames({ layout }: LocalRun): readonly string[] {
  const parts = layout.components.flatMap((component) =>
    component.kind === 'process' ? [] : [`${component.component}.primary`, `${component.component}.replica`],
  );
  const components = layout.components.map(({ component }) => component);
  return [...Object.keys(layout.platform.roles ?? {}), ...components, ...parts, ...Object.keys(layout.hosts)];
}

/** Instances that a signal to this target means: all of a component, or the one that has the role now. */
export async function instancesMeant(run: LocalRun, target: string): Promise<readonly string[]> {
  const meaning = meaningOf(run, target);
  if (meaning.kind === 'cluster') return instancesOf(meaning.cluster, 0);
  if (meaning.kind !== 'process') return [(await resolveMember(run, meaning)).member.instance];
  const { component, instance } = meaning;
  if (instance !== component.component) return [instance];
  // One that the platform file does not start is still meant by its name: a fault starts it.
  const atLeast = component.replicas === 0 ? 1 : 0;
  return instancesOf(component, Math.max(atLeast, await wantedReplicas(run, component)));
}

/** Resolves a role, component or instance at this moment. @throws EnvironmentError when it means nothing */
export async function resolveAddress(run: LocalRun, role: string): Promise<Address> {
  const meaning = meaningOf(run, role);
  if (meaning.kind !== 'process') {
    const { member, why } = await resolveMember(run, meaning);
    const followsPrimary =
      meaning.kind === 'cluster' || (meaning.kind === 'part' && meaning.part === 'primary');
    return memberAddress(clusterOf(run, meaning.cluster), member, { role, why, followsPrimary });
  }
  const { component, instance } = meaning;
  const { address: host, port } = component;
  return {
    role,
    component: component.component,
    instance,
    name: component.host,
    host,
    port,
    why: 'the platform file says so',
  };
}

async function resolveMember(
  run: LocalRun,
  meaning: Exclude<Meaning, { kind: 'process' }>,
): Promise<{ member: MemberLayout; why: string }> {
  if (meaning.kind === 'member') return { member: meaning.member, why: 'the platform file says so' };
  const cluster = clusterOf(run, meaning.cluster);
  return meaning.kind === 'part' && meaning.part === 'replica'
    ? resolveReplica(cluster)
    : resolvePrimary(cluster);
}

/** An isolated member is reached through its socket's folder, which database clients take for a host. */
async function memberAddress(
  cluster: Cluster,
  member: MemberLayout,
  asked: { role: string; why: string; followsPrimary: boolean },
): Promise<Address> {
  const { run, layout, passwords } = cluster;
  const isolated = (await apartAs(run, member.instance)) === 'isolated';
  return {
    role: asked.role,
    component: layout.component,
    instance: member.instance,
    name: member.instance,
    host: isolated ? run.paths.socket(member.ordinal) : member.address,
    port: member.port,
    database: {
      user: layout.user,
      password: passwords.user,
      database: layout.database,
      members: layout.members.map(({ instance, address: host, port }) => ({ instance, host, port })),
      followsPrimary: asked.followsPrimary,
    },
    administrator: {
      host: run.paths.socket(member.ordinal),
      port: member.port,
      user: adminUser,
      password: passwords.admin,
      database: layout.database,
    },
    why: isolated ? `${asked.why}; it is isolated, reached through its socket` : asked.why,
  };
}
