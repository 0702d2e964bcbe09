import { EnvironmentError } from '../../environment.ts';
import type { Launch } from '../launch.ts';
import type { ClusterLayout, MemberLayout } from '../layout.ts';
import type { LocalRun } from '../run.ts';
import { type ClusterPasswords, clusterPasswords } from '../substitution.ts';

/** One cluster of a run, with what its parts keep asking for. */
export interface Cluster {
  readonly run: LocalRun;
  readonly layout: ClusterLayout;
  readonly passwords: ClusterPasswords;
}

export function clusterOf(run: LocalRun, layout: ClusterLayout): Cluster {
  return { run, layout, passwords: clusterPasswords(run.secrets, layout.component) };
}

/** @throws EnvironmentError when the cluster has no member of that name */
export function memberOf({ layout }: Cluster, instance: string): MemberLayout {
  const member = layout.members.find((each) => each.instance === instance);
  if (member === undefined)
    throw new EnvironmentError(
      `${instance} is no member of ${layout.component}: ${layout.members.map((each) => each.instance).join(', ')}`,
    );
  return member;
}

export function othersThan({ layout }: Cluster, { instance }: MemberLayout): readonly MemberLayout[] {
  return layout.members.filter((each) => each.instance !== instance);
}

/** How one of PostgreSQL's programs is run: as the unprivileged account, with nothing of the operator's environment. */
export function postgresLaunch(
  { run, layout }: Cluster,
  member: MemberLayout,
  args: readonly string[],
): Launch {
  const { instance } = member;
  return {
    component: layout.component,
    instance,
    endpoint: member,
    program: `${run.binaries}/postgres`,
    args: ['-D', run.paths.data(instance), ...args],
    cwd: run.paths.data(instance),
    env: postgresEnvironment,
    account: run.layout.account,
  };
}

/** The archive command needs a few system programs. */
export const postgresEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
