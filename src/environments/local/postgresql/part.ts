import { EnvironmentError, type StartMode, SupersededError } from '../../environment.ts';
import { mainProcess } from '../launch.ts';
import type { MemberLayout } from '../layout.ts';
import { apartAs } from './apart.ts';
import { baseBackup } from './base-backup.ts';
import { type Cluster, memberOf, othersThan } from './cluster.ts';
import { writeConfig } from './config.ts';
import { isStandby, newestTimeLine, startMember, stopMember } from './member.ts';
import { currentPrimaries } from './primary.ts';
import { releaseSharedMemory } from './shared-memory.ts';
import { asAdmin, quoteText } from './sql.ts';
import { untilStreaming } from './streaming.ts';

/** Starts or ends one member. See StartMode. */
export async function setMember(cluster: Cluster, instance: string, mode: StartMode): Promise<void> {
  const member = memberOf(cluster, instance);
  const apart = await apartAs(cluster.run, instance);
  const runs = (await mainProcess(cluster.run, instance)) !== null;
  if (mode === 'rejoin') return rejoin(cluster, member);
  if (mode === 'stop') return apart === null ? undefined : stopMember(cluster, member);
  if (runs && apart === (mode === 'normal' ? null : mode)) return;
  if (mode === 'normal') await refuseSecondPrimary(cluster, member);
  if (mode === 'returned') await requireAnotherPrimary(cluster, member);
  // Nobody writes to a standby: it can be read as it is.
  if (mode === 'isolated' && runs && apart === null && (await isStandby(cluster, member))) return;
  if (runs && apart === null)
    throw new EnvironmentError(
      `${instance} serves clients: end it before it is started apart from its cluster`,
    );
  if (runs) await stopMember(cluster, member);
  await startMember(cluster, member, mode);
}

/** @throws SupersededError when the member would be a primary while another is, or has been since */
async function refuseSecondPrimary(cluster: Cluster, member: MemberLayout): Promise<void> {
  if (await isStandby(cluster, member)) return;
  const own = await newestTimeLine(cluster, member);
  const now = new Set((await currentPrimaries(cluster)).map((primary) => primary.member.instance));
  for (const other of othersThan(cluster, member)) {
    if (!now.has(other.instance) && (await newestTimeLine(cluster, other)) <= own) continue;
    throw new SupersededError(
      `${member.instance} is not started: it would be a second primary beside ${other.instance}, which was promoted. Bring it back as a standby with the stage "rejoin: ${member.instance}"`,
    );
  }
}

/** Only what another member has taken over from has anything to be reconciled with. @throws EnvironmentError */
async function requireAnotherPrimary(cluster: Cluster, { instance }: MemberLayout): Promise<void> {
  const primaries = await currentPrimaries(cluster);
  if (primaries.some(({ member }) => member.instance !== instance)) return;
  throw new EnvironmentError(
    `${instance} does not return beside ${cluster.layout.component}: no other member of it answers as primary`,
  );
}

/**
 * Brings a member back as a standby of whoever is primary now, by a new base backup: what only it had is lost by that.
 * Does nothing for a member that streams already, unless its replay is paused: that one is rebuilt. @throws EnvironmentError when there is no primary to follow
 */
async function rejoin(cluster: Cluster, member: MemberLayout): Promise<void> {
  const { instance } = member;
  const primary = (await currentPrimaries(cluster)).toSorted((a, b) => b.timeLine - a.timeLine)[0]?.member;
  if (primary === undefined)
    throw new EnvironmentError(
      `${instance} cannot rejoin ${cluster.layout.component}: no member answers as primary`,
    );
  if (primary.instance === instance)
    throw new EnvironmentError(
      `${instance} is the primary of ${cluster.layout.component}: there is nothing to rejoin`,
    );
  if ((await streamsFrom(cluster, primary, member)) && !(await isPaused(cluster, member))) return;
  await stopMember(cluster, member);
  await releaseSharedMemory(cluster.run.paths.data(instance));
  await baseBackup(cluster, primary, member);
  await writeConfig(cluster, member, 'standby');
  await startMember(cluster, member, 'normal');
  await waitForCommitsAgain(cluster, primary);
  await untilStreaming(cluster, primary, [member]);
}

async function streamsFrom(
  cluster: Cluster,
  primary: MemberLayout,
  { instance }: MemberLayout,
): Promise<boolean> {
  const names = `select from pg_stat_replication where state = 'streaming' and application_name = ${quoteText(instance)}`;
  return (await asAdmin(cluster, primary, (query) => query(names))).length > 0;
}

/** Receives the log and does not apply it: whoever reads there sees ever older data. */
async function isPaused(cluster: Cluster, member: MemberLayout): Promise<boolean> {
  const [row] = await asAdmin(cluster, member, (query) => query('select pg_is_wal_replay_paused()'));
  return row?.[0] === true;
}

/** A promoted primary has acknowledged without standbys until now; in a synchronous cluster it waits for them from here on. */
async function waitForCommitsAgain(cluster: Cluster, primary: MemberLayout): Promise<void> {
  if (!cluster.layout.synchronous) return;
  await writeConfig(cluster, primary, 'primary');
  await asAdmin(cluster, primary, (query) => query('select pg_reload_conf()'));
}
