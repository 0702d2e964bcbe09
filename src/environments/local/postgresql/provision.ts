import { mkdir } from 'node:fs/promises';
import { giveTo } from '../account.ts';
import type { ClusterLayout, MemberLayout } from '../layout.ts';
import type { LocalRun } from '../run.ts';
import { adminUser, replicationUser } from '../substitution.ts';
import { type Cluster, clusterOf, othersThan } from './cluster.ts';
import { writeConfig } from './config.ts';
import { startMember } from './member.ts';
import { asAdmin, quoteName, quoteText } from './sql.ts';
import { untilStreaming } from './streaming.ts';
import { type ClusterTemplate, clusterTemplate, copyTemplate } from './template.ts';

/**
 * Makes a cluster: every member begins as a copy of the same template, the first gives the users their passwords, the others stream
 * that from it. Resolves when all of them stream. @throws EnvironmentError
 */
export async function provisionCluster(run: LocalRun, layout: ClusterLayout): Promise<void> {
  const cluster = clusterOf(run, layout);
  const [first] = layout.members as [MemberLayout];
  const standbys = othersThan(cluster, first);
  await makeArchive(cluster);
  const template = await clusterTemplate(cluster);
  const copies = Promise.all(standbys.map((member) => makeMember(cluster, member, 'standby', template)));
  // Its failure is thrown where it is awaited, also when the first member fails before that.
  copies.catch(() => undefined);
  await makeMember(cluster, first, 'primary', template);
  await startMember(cluster, first, 'normal');
  await setPasswords(cluster, first, template);
  await copies;
  await Promise.all(standbys.map((member) => startMember(cluster, member, 'normal')));
  await untilStreaming(cluster, first, standbys);
}

async function makeArchive({ run, layout }: Cluster): Promise<void> {
  if (!layout.archive) return;
  await mkdir(run.paths.archive(layout.component), { mode: 0o700 });
  await giveTo(run.layout.account, run.paths.archive(layout.component));
}

async function makeMember(
  cluster: Cluster,
  member: MemberLayout,
  part: 'primary' | 'standby',
  template: ClusterTemplate,
): Promise<void> {
  await copyTemplate(template, cluster.run.paths.data(member.instance));
  await writeConfig(cluster, member, part);
}

/** Until then nobody but the holder of the template's own password can log in. No standby is there yet that a commit could wait for. */
async function setPasswords(
  cluster: Cluster,
  first: MemberLayout,
  { adminPassword }: ClusterTemplate,
): Promise<void> {
  const { layout, passwords } = cluster;
  const users = [
    [replicationUser, passwords.replication],
    [layout.user, passwords.user],
    [adminUser, passwords.admin],
  ] as const;
  await asAdmin({ ...cluster, passwords: { ...passwords, admin: adminPassword } }, first, async (query) => {
    await query('set synchronous_commit = local');
    for (const [user, password] of users)
      await query(`alter role ${quoteName(user)} password ${quoteText(password)}`);
  });
}
