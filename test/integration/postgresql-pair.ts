import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Address, Running } from '../../src/environments/environment.ts';
import { createLocalEnvironment } from '../../src/environments/local/index.ts';
import { clusterOf, memberOf } from '../../src/environments/local/postgresql/cluster.ts';
import { asAdmin } from '../../src/environments/local/postgresql/sql.ts';
import { localRun } from '../../src/environments/local/run.ts';
import { readRunFolder } from '../../src/environments/local/run-folder.ts';
import { type RecordedSite, recordedRun } from '../conformance/recorded-site.ts';
import { type PairOptions, pairPlatform } from './local-platforms.ts';

/** A pair for the tests of one `describe`, which go on from what the ones before them left. */
export function pair(name: string, options: PairOptions) {
  const environment = createLocalEnvironment();
  const found = {} as { running: Running; site: RecordedSite; reportDir: string };
  beforeAll(async () => {
    found.reportDir = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
    found.site = recordedRun(`postgresql-${name}-${process.pid}`, found.reportDir);
    found.running = await environment.up(pairPlatform(options), found.site);
  });
  afterAll(async () => {
    expect(await environment.down(found.site.record())).toEqual([]);
    expect(await leftSharedMemory()).toEqual([]);
    await rm(found.reportDir, { recursive: true, force: true });
  });
  return found;
}

/** Ids of shared memory segments that nobody is attached to and that a process of this test made. */
const segmentsBefore = sharedMemory();
async function leftSharedMemory(): Promise<readonly string[]> {
  const before = await segmentsBefore;
  return (await sharedMemory()).filter((segment) => !before.includes(segment));
}

async function sharedMemory(): Promise<readonly string[]> {
  const table = await readFile('/proc/sysvipc/shm', 'utf8').catch(() => '');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[6] === '0')
    .map((fields) => String(fields[1]));
}

export async function query(address: Address, text: string): Promise<readonly (readonly unknown[])[]> {
  const client = new Client({
    host: address.host,
    port: address.port,
    ...login(address),
    connectionTimeoutMillis: 20_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows as unknown[][];
  } finally {
    await client.end();
  }
}

function login({ database }: Address) {
  if (database === undefined) throw new Error('no database');
  return { user: database.user, password: database.password, database: database.database };
}

export async function eventually<T>(ask: () => Promise<T>, satisfies: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    await sleep(20);
  }
}

/** What the platform's own tools do with administrator rights. */
export async function asAdministrator(
  running: Running,
  instance: string,
  text: string,
): Promise<readonly (readonly unknown[])[]> {
  const known = await readRunFolder(running.record.runDir);
  const [layout] = known?.layout.components ?? [];
  if (known === null || layout?.kind !== 'postgresql') throw new Error('no cluster');
  const cluster = clusterOf(localRun({ ...known, binaries: null }), layout);
  return asAdmin(cluster, memberOf(cluster, instance), (ask) => ask(text));
}

export const marks = 'select i from marks order by i';
