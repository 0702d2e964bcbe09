import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '../../environment.ts';
import { exists } from '../../facts.ts';
import { launch, mainProcess } from '../launch.ts';
import type { MemberLayout } from '../layout.ts';
import { lastLines } from '../logs.ts';
import { signalProcess } from '../run-processes.ts';
import { type Apart, setApart } from './apart.ts';
import { type Cluster, postgresLaunch } from './cluster.ts';

const startWithinMs = 30_000;
const stopWithinMs = 5000;
const pollMs = 10;

/**
 * Starts a member on the data it has and waits until it takes connections. Whether it becomes a primary or a standby, its data says.
 * @throws EnvironmentError with the end of its log
 */
export async function startMember(
  cluster: Cluster,
  member: MemberLayout,
  mode: 'normal' | Apart,
): Promise<void> {
  const { run } = cluster;
  const args = mode === 'normal' ? [] : await setApart(cluster, member, mode);
  if (mode === 'normal') await run.state.clear('apart', member.instance);
  const { pid, ended } = await launch(run, postgresLaunch(cluster, member, args));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (
    const limit = performance.now() + startWithinMs;
    performance.now() < limit && !over;
    await sleep(pollMs)
  ) {
    if (await takesConnections(cluster, member, pid)) return;
  }
  const log = (await lastLines(run.paths.log(member.instance), 20)).join('\n');
  throw new EnvironmentError(
    `${member.instance} (component ${cluster.layout.component}) ${over ? 'ended while starting' : 'did not start in time'}; its log ends:\n${log}`,
  );
}

/** Line 1 of postmaster.pid is the pid, line 8 what the server says of itself: `ready` once it takes connections, as a standby too. */
async function takesConnections({ run }: Cluster, { instance }: MemberLayout, pid: number): Promise<boolean> {
  const lines = (
    await readFile(join(run.paths.data(instance), 'postmaster.pid'), 'utf8').catch(() => '')
  ).split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

/** Ends a member in order (a fast shutdown), by force when it takes too long. Does nothing when it does not run. */
export async function stopMember({ run }: Cluster, { instance }: MemberLayout): Promise<void> {
  const main = await mainProcess(run, instance);
  await run.state.clear('apart', instance);
  if (main === null) return;
  const state = { ...main, instance, title: '', state: 'running' } as const;
  signalProcess(state, 'SIGINT');
  for (const limit = performance.now() + stopWithinMs; performance.now() < limit; await sleep(pollMs)) {
    if ((await mainProcess(run, instance)) === null) return;
  }
  signalProcess(state, 'SIGKILL');
}

/** True when its data makes it a standby; a member without it starts as a primary. */
export function isStandby({ run }: Cluster, { instance }: MemberLayout): Promise<boolean> {
  return exists(join(run.paths.data(instance), 'standby.signal'));
}

/**
 * The newest time line that a member's data knows of, 0 without data. Names of WAL files begin with their time line in
 * hexadecimal, those of `.history` files are the time line that they begin.
 */
export async function newestTimeLine({ run }: Cluster, { instance }: MemberLayout): Promise<number> {
  const names = await readdir(join(run.paths.data(instance), 'pg_wal')).catch(() => []);
  return Math.max(
    0,
    ...names.map((name) =>
      Number.parseInt(/^[0-9A-F]{8}(?=[0-9A-F]{16}|\.history)/.exec(name)?.[0] ?? '0', 16),
    ),
  );
}
