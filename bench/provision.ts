import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '../src/definition/platform.ts';
import type { EnvironmentRecord } from '../src/environments/environment.ts';
import { createLocalEnvironment } from '../src/environments/local/index.ts';
import type { Measured } from './table.ts';

const platform: Platform = {
  platform: 'provisioning',
  environment: 'local',
  components: { 'state-store': { postgresql: { members: ['db-primary', 'db-replica-1'], port: 48_732 } } },
  roles: { database: 'state-store.primary' },
  baseDir: process.cwd(),
};

const rounds = 3;
const limitMs = 3000;

/**
 * How long it takes from nothing to a primary with a replica that streams from it, and to take them away again. The first round fills the
 * cache (programs, the template of a data folder) where it is empty, so it is shown apart.
 */
export async function benchProvision(): Promise<readonly Measured[]> {
  const first = await oneRound(0);
  const rest: Round[] = [];
  for (let round = 1; round <= rounds; round++) rest.push(await oneRound(round));
  const median = (of: (round: Round) => number) =>
    rest.map(of).sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
  const line = (name: string, value: number, limit: number): Measured => ({
    name,
    value: Math.round(value),
    unit: 'ms',
    limit: `≤ ${limit} ms`,
    ok: value <= limit,
  });
  return [
    line('PostgreSQL pair, first time', first.upMs, 4 * limitMs),
    line(
      `PostgreSQL pair, median of ${rounds}`,
      median(({ upMs }) => upMs),
      limitMs,
    ),
    line(
      `PostgreSQL pair taken down, median of ${rounds}`,
      median(({ downMs }) => downMs),
      limitMs,
    ),
  ];
}

interface Round {
  readonly upMs: number;
  readonly downMs: number;
}

async function oneRound(round: number): Promise<Round> {
  const reportDir = await mkdtemp(join(tmpdir(), 'drillbook-bench-'));
  const environment = createLocalEnvironment();
  const records: EnvironmentRecord[] = [];
  const start = performance.now();
  try {
    await environment.up(platform, {
      runId: `bench-${process.pid}-${round}`,
      reportDir,
      emit: async (event) => {
        if (event.type === 'environment') records.push(event.record);
      },
    });
    const up = performance.now();
    for (const record of records) await environment.down(record);
    return { upMs: up - start, downMs: performance.now() - up };
  } finally {
    await rm(reportDir, { recursive: true, force: true });
  }
}
