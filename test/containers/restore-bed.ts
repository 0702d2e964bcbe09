import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { type Finished, run } from '../../fixtures/services/testing/processes.ts';
import { makeCertificates } from '../../src/environments/containers/certificates.ts';
import { imageOf } from '../../src/environments/containers/images.ts';
import { freeSubnet } from '../../src/environments/containers/networks.ts';

const docker = new Docker();
const members = ['db-primary', 'db-replica-1'];
const hosts = ['etcd', 'backup-repository', ...members];
const fixtures = join(import.meta.dirname, '../../fixtures');
const archiveTimeoutSeconds = 4;
const patienceMs = 240_000;

export interface RestoreBed {
  /** Runs restore-manager, with a kubectl that acts on these containers. */
  restoreManager(...args: readonly string[]): Promise<Finished>;
  /** Asks one member. @returns its rows, one a line */
  ask(member: string, sql: string): Promise<string>;
  /** Runs a program in a container. @returns what it prints @throws with that where it fails */
  exec(host: string, ...argv: readonly string[]): Promise<string>;
  kill(...hosts: readonly string[]): Promise<void>;
  start(host: string): Promise<void>;
  /** Removes all of it. */
  stop(): Promise<void>;
}

/** etcd, two members and the repository host in a network of their own, once there is a first full backup. */
export async function startRestoreBed(): Promise<RestoreBed> {
  const bed = `drillbook-test-restore-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const folder = await mkdtemp(join(tmpdir(), 'restore-'));
  const subnet = await freeSubnet(docker);
  await docker.createNetwork({ Name: bed, IPAM: { Config: [{ Subnet: `${subnet}.0/24` }] } });
  const exec = (host: string, ...argv: readonly string[]) => execIn(`${bed}-${host}`, argv);
  const one = (host: string) => docker.getContainer(`${bed}-${host}`);
  const stop = () => takeDown(bed, folder);
  try {
    await startHosts(bed, subnet);
    await writeKubectl(folder);
    await until(() => exec('backup-repository', 'bash', '/usr/local/lib/drillbook/repository-ready.sh'));
    await until(() => exec('db-replica-1', 'bash', '/usr/local/lib/drillbook/ready.sh'));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ exec, stop },
    restoreManager: (...args) =>
      run('python3', ['-B', '-m', 'restore_manager', ...args], environment(bed, folder), folder, patienceMs),
    ask: (member, sql) => exec(member, 'runuser', '-u', 'postgres', '--', 'psql', '-XAtqc', sql),
    kill: async (...names) => {
      await Promise.all(names.map((host) => one(host).kill({ signal: 'SIGKILL' })));
    },
    start: async (host) => one(host).start(),
  };
}

function environment(bed: string, folder: string): Record<string, string> {
  return {
    ...{ PATH: `${folder}:${process.env.PATH}`, PYTHONPATH: join(fixtures, 'python'), BED: bed },
    ...(process.env.DOCKER_HOST !== undefined && { DOCKER_HOST: process.env.DOCKER_HOST }),
  };
}

async function startHosts(bed: string, subnet: string): Promise<void> {
  const addresses = new Map(hosts.map((host, i) => [host, `${subnet}.${10 + i}`]));
  const { ca, certificates } = await makeCertificates(
    { repository: { names: ['backup-repository'] }, members: { names: members } },
    new Date(),
  );
  const images = {
    etcd: await imageOf(docker, { build: 'images/etcd' }, fixtures),
    patroni: await imageOf(docker, { build: 'images/patroni' }, fixtures),
  };
  for (const host of hosts) {
    const ofMember = members.includes(host);
    const container = await docker.createContainer({
      ...{ name: `${bed}-${host}`, Hostname: host, Labels: { 'drillbook.test': bed } },
      Image: host === 'etcd' ? images.etcd : images.patroni,
      ...(host === 'backup-repository' && {
        Entrypoint: ['/usr/bin/tini', '--', 'bash', '/usr/local/lib/drillbook/repository.sh'],
      }),
      Env: Object.entries({
        NAME: host,
        MEMBERS: host === 'etcd' ? 'etcd' : members.join(),
        BACKUP_CA: ca,
        BACKUP_CERTIFICATE: certificates[ofMember ? 'members' : 'repository'],
        ...(ofMember && ofAMember),
      }).map(([name, value]) => `${name}=${value}`),
      HostConfig: {
        NetworkMode: bed,
        ExtraHosts: [...addresses].map(([name, address]) => `${name}:${address}`),
        Binds: ofMember ? [`${bed}-data-${host}-0:/var/lib/postgresql/17`] : [],
      },
      NetworkingConfig: {
        EndpointsConfig: { [bed]: { IPAMConfig: { IPv4Address: addresses.get(host) ?? '' } } },
      },
    });
    await container.start();
  }
}

const ofAMember = {
  ...{ ETCD_HOSTS: 'etcd:2379', APP_DATABASE: 'state' },
  ...{ SUPERUSER_PASSWORD: 'admin', REPLICATION_PASSWORD: 'copy', APP_PASSWORD: 'app' },
  // A member that was killed leads for as long as its lock lasts.
  ...{ TTL: '20', LOOP_WAIT: '5', RETRY_TIMEOUT: '5' },
  ...{ BACKUP_REPOSITORY: 'backup-repository', ARCHIVE_TIMEOUT: String(archiveTimeoutSeconds) },
};

async function writeKubectl(folder: string): Promise<void> {
  const program = join(import.meta.dirname, 'scripts/kubectl-on-containers.ts');
  const text = `#!/bin/sh\nexec '${process.execPath}' --no-warnings '${program}' "$@"\n`;
  await writeFile(join(folder, 'kubectl'), text, { mode: 0o755 });
}

async function execIn(container: string, argv: readonly string[]): Promise<string> {
  const one = await docker.getContainer(container).exec({
    ...{ Cmd: [...argv], AttachStdout: true, AttachStderr: true },
  });
  const stream = await one.start({});
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, stdout, stderr);
  stream.once('end', () => [stdout, stderr].map((each) => each.end()));
  const [said, complained] = await Promise.all([text(stdout), text(stderr)]);
  const { ExitCode } = await one.inspect();
  if (ExitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${ExitCode}: ${complained}`);
  return said.trim();
}

/** Waits until it succeeds; what needs longer than a test is what the test then fails by. */
export async function until(attempt: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const done = await attempt().then(
      (result) => result !== false,
      () => false,
    );
    if (done) return;
    await sleep(200);
  }
}

async function takeDown(bed: string, folder: string): Promise<void> {
  const filters = { label: [`drillbook.test=${bed}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  await Promise.all(members.map((name) => docker.getVolume(`${bed}-data-${name}-0`).remove()));
  await docker.getNetwork(bed).remove();
  await rm(folder, { recursive: true });
}
