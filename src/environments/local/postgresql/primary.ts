import { readProcess } from '../../machine/proc.ts';
import { mainProcess } from '../launch.ts';
import type { MemberLayout } from '../layout.ts';
import { apartAs } from './apart.ts';
import { type Cluster, memberOf } from './cluster.ts';
import { asAdmin } from './sql.ts';

/** A member that a role means, and why. */
export interface Resolved {
  readonly member: MemberLayout;
  readonly why: string;
}

/** What a member says of itself; null when it does not run, is stopped, runs apart from its cluster, or does not answer. */
interface Answer {
  readonly member: MemberLayout;
  readonly inRecovery: boolean;
  /** Of the primary only. */
  readonly timeLine: number;
  readonly streaming: boolean;
}

const answerWithinMs = 500;

/** Time line from the WAL file in use: `pg_control_checkpoint()` shows the old one until the first checkpoint after a promotion. */
const question = `select pg_is_in_recovery(),
  case when pg_is_in_recovery() then null else substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end,
  exists (select from pg_stat_wal_receiver where status = 'streaming')`;

/** The member that takes writes now. Without one: the last that was known to, which the reason says. */
export async function resolvePrimary(cluster: Cluster): Promise<Resolved> {
  const { run, layout } = cluster;
  const primaries = await currentPrimaries(cluster);
  const [newest, ...older] = primaries.toSorted((a, b) => b.timeLine - a.timeLine);
  if (newest === undefined) {
    const last = await lastKnownPrimary(cluster);
    return { member: last, why: `no member answers as primary; ${last.instance} was the last one known` };
  }
  await run.state.set('primaries', layout.component, newest.member.instance);
  const rivals = older.map(({ member }) => member.instance).join(', ');
  const also = rivals === '' ? '' : `; ${rivals} says so too, on an older or equal time line`;
  return {
    member: newest.member,
    why: `says that it is not in recovery, on time line ${newest.timeLine}${also}`,
  };
}

/** A member that streams from the primary; without one, the first that is not the primary. */
export async function resolveReplica(cluster: Cluster): Promise<Resolved> {
  const answers = await askMembers(cluster);
  const streaming = answers.find(({ streaming }) => streaming);
  if (streaming !== undefined) return { member: streaming.member, why: 'streams from the primary' };
  const standby = answers.find(({ inRecovery }) => inRecovery);
  if (standby !== undefined)
    return { member: standby.member, why: 'is in recovery, though it does not stream at this moment' };
  const primary = (await resolvePrimary(cluster)).member;
  const other = cluster.layout.members.find(({ instance }) => instance !== primary.instance) ?? primary;
  return {
    member: other,
    why: `no member answers as a replica; ${other.instance} is a member that is not the primary`,
  };
}

/** Every member that says at this moment that it takes writes: more than one is a split brain. */
export async function currentPrimaries(cluster: Cluster): Promise<readonly Answer[]> {
  return (await askMembers(cluster)).filter(({ inRecovery }) => !inRecovery);
}

async function lastKnownPrimary(cluster: Cluster): Promise<MemberLayout> {
  const { run, layout } = cluster;
  const first = layout.members[0] as MemberLayout;
  return memberOf(cluster, (await run.state.get('primaries', layout.component)) ?? first.instance);
}

async function askMembers(cluster: Cluster): Promise<readonly Answer[]> {
  const answers = await Promise.all(cluster.layout.members.map((member) => askMember(cluster, member)));
  return answers.filter((answer) => answer !== null);
}

async function askMember(cluster: Cluster, member: MemberLayout): Promise<Answer | null> {
  const { run } = cluster;
  const main = await mainProcess(run, member.instance);
  if (main === null || readProcess(main.pid)?.state === 'stopped') return null;
  if ((await apartAs(run, member.instance)) !== null) return null;
  try {
    const [row = []] = await asAdmin(cluster, member, (query) => query(question), answerWithinMs);
    const [inRecovery, timeLine, streaming] = row;
    return {
      member,
      inRecovery: inRecovery === true,
      timeLine: Number.parseInt(String(timeLine ?? '0'), 16),
      streaming: streaming === true,
    };
  } catch {
    return null; // no answer is an answer: it cannot be counted on now
  }
}
