import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { Platform } from '../../src/definition/platform.ts';
import type { Environment, Running } from '../../src/environments/environment.ts';
import { unprivilegedAccount } from '../../src/environments/local/account.ts';
import { createLocalEnvironment } from '../../src/environments/local/index.ts';
import { postgresqlBinaries } from '../../src/environments/local/postgresql/binaries.ts';
import { kill } from '../../src/faults/kill.ts';
import { pause } from '../../src/faults/pause.ts';
import { type FaultBed, faultConformance } from '../conformance/fault.ts';

const server =
  "require('node:http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT, process.env.HOST)";
const web = {
  command: ['${node}', '-e', server],
  env: { HOST: '${host}', PORT: '${port}' },
  port: 7200,
  ready: { http: '/' },
};
const database = { postgresql: { members: ['db-1', 'db-2'] } };
const platform: Platform = {
  platform: 'bed',
  environment: 'local',
  baseDir: tmpdir(),
  components: { web, database },
  roles: { web: 'web', 'database.primary': 'database.primary' },
};

const ended: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

async function up(
  components: Platform['components'],
): Promise<{ environment: Environment; running: Running }> {
  const environment = createLocalEnvironment();
  const reportDir = await mkdtemp(join(tmpdir(), 'drillbook-bed-'));
  const runId = reportDir.slice(-6);
  const running = await environment.up(
    { ...platform, components },
    { runId, reportDir, emit: async () => undefined },
  );
  ended.push(async () => {
    expect(await environment.down(running.record)).toEqual([]);
    await rm(reportDir, { recursive: true });
  });
  return { environment, running };
}

async function webBed(): Promise<FaultBed> {
  const { environment, running } = await up({ web });
  const { host, port } = await running.address('web');
  const serves = () =>
    fetch(`http://${host}:${port}/`, { signal: AbortSignal.timeout(700) }).then(
      ({ ok }) => ok,
      () => false,
    );
  return { environment, running, serves };
}

/** As a runbook's tool would, past everything that drillbook knows. */
async function promote(running: Running, member: string): Promise<void> {
  const account = await unprivilegedAccount();
  const program = join(await postgresqlBinaries(), 'pg_ctl');
  const args = ['promote', '--wait', '-D', join(running.record.runDir, 'data', member)];
  await promisify(execFile)(program, args, {
    ...(account !== null && { uid: account.uid, gid: account.gid }),
  });
}

describe('kill', () => {
  const spec = { fault: 'kill', target: 'web', restart: 'held' } as const;

  const nothing = async (running: Running) => {
    await running.signal({ target: 'web', scope: 'component' }, 'SIGKILL');
    return spec;
  };
  faultConformance({ fault: kill, breaks: spec, nothing }, webBed);

  it('never starts a primary that recovery has superseded', async () => {
    const { running } = await up({ database: database });
    const injection = await kill.prepare(running, 'gone', { ...spec, target: 'database.primary' });
    await kill.inject(running, injection);
    await promote(running, 'db-2');
    await kill.heal(running, injection);
    expect(await kill.status(running, injection)).toBe('superseded');
    expect(await running.signal({ target: 'db-1', scope: 'component' }, null)).toEqual([]);
  });

  it('its healthy twin: starts a primary that nothing has superseded', async () => {
    const { running } = await up({ database: database });
    const injection = await kill.prepare(running, 'gone', { ...spec, target: 'database.primary' });
    await kill.inject(running, injection);
    await kill.heal(running, injection);
    expect(await kill.status(running, injection)).toBe('gone');
    expect((await running.address('database.primary')).instance).toBe('db-1');
  });
});

describe('pause', () => {
  const spec = { fault: 'pause', target: 'web' } as const;

  faultConformance(
    { fault: pause, breaks: spec, nothing: async () => ({ ...spec, processes: 'no such title' }) },
    webBed,
  );

  it('has nothing left to release when what it paused was killed', async () => {
    const { running } = await webBed();
    const injection = await pause.prepare(running, 'hung', spec);
    await pause.inject(running, injection);
    await running.signal({ target: 'web', scope: 'component' }, 'SIGKILL');
    await expect.poll(() => pause.status(running, injection)).toBe('superseded');
  });
});
