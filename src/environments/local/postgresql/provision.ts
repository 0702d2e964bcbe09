import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { EnvironmentError } from '../../environment.ts';
import { giveTo } from '../account.ts';
import type { ClusterLayout, MemberLayout } from '../layout.ts';
import type { LocalRun } from '../run.ts';
import { instanceMarker, runMarker } from '../run-processes.ts';
import { adminUser, replicationUser } from '../substitution.ts';
import { type Cluster, clusterOf, othersThan, postgresEnvironment } from './cluster.ts';
import { writeConfig } from './config.ts';
import { copyData } from './copy-data.ts';
import { startMember } from './member.ts';
import { quoteName, quoteText } from './sql.ts';
import { untilStreaming } from './streaming.ts';
import { clusterTemplate } from './template.ts';

/**
 * Makes a cluster: every member begins as a copy of the same template, the first gets users and the database, the others stream that from it.
 * Resolves when all of them stream. @throws EnvironmentError
 */
export async function provisionCluster(run: LocalRun, layout: ClusterLayout): Promise<void> {
  const cluster = clusterOf(run, layout);
  const [first] = layout.members as [MemberLayout];
  const standbys = othersThan(cluster, first);
  await makeArchive(cluster);
  const template = await clusterTemplate(run);
  const copies = standbys.map((member) => makeMember(cluster, member, 'standby', template));
  await makeMember(cluster, first, 'primary', template);
  await inSingleUserMode(cluster, first, userStatements(cluster));
  await startMember(cluster, first, 'normal');
  await Promise.all(copies);
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
  template: string,
): Promise<void> {
  const { run } = cluster;
  await copyData(run.layout.account, template, run.paths.data(member.instance));
  await writeConfig(cluster, member, part);
}

/** The application's user owns its database and may look at the server's statistics (replication lag), no more. */
function userStatements({ layout, passwords }: Cluster): readonly string[] {
  const user = quoteName(layout.user);
  return [
    `alter role ${adminUser} password ${quoteText(passwords.admin)}`,
    `create role ${quoteName(replicationUser)} login replication password ${quoteText(passwords.replication)}`,
    `create role ${user} login password ${quoteText(passwords.user)}`,
    `grant pg_monitor to ${user}`,
    `create database ${quoteName(layout.database)} owner ${user}`,
  ];
}

/**
 * Runs statements, one a line, in a server that serves its standard input alone: the one moment at which the database can be entered without
 * a password, and nobody else can come in. No standby exists yet that a synchronous commit could wait for.
 */
async function inSingleUserMode(
  { run }: Cluster,
  { instance }: MemberLayout,
  statements: readonly string[],
): Promise<void> {
  const { account, runId } = run.layout;
  // Unsynced: the data has to outlive this server, not this machine.
  const settings = [
    'exit_on_error=on',
    'synchronous_standby_names=',
    'archive_mode=off',
    'fsync=off',
  ].flatMap((setting) => ['-c', setting]);
  const child = spawn(
    `${run.binaries}/postgres`,
    ['--single', ...settings, '-D', run.paths.data(instance), adminUser],
    {
      env: { ...postgresEnvironment, [runMarker]: runId, [instanceMarker]: instance },
      cwd: run.paths.data(instance),
      stdio: ['pipe', 'ignore', 'pipe'],
      ...(account !== null && { uid: account.uid, gid: account.gid }),
    },
  );
  const ended = new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  // A server that ends early closes its input; its exit code and log say why.
  child.stdin.on('error', () => undefined).end(statements.map((statement) => `${statement}\n`).join(''));
  const [log, code] = await Promise.all([text(child.stderr), ended]);
  if (code !== 0)
    throw new EnvironmentError(
      `${instance}: its users could not be made:\n${log.trim().split('\n').slice(-20).join('\n')}`,
    );
}
