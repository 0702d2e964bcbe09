import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mergePatch } from '../../src/definition/merge-patch.ts';
import { type Platform, platform as platformFile } from '../../src/definition/platform.ts';
import type { Running } from '../../src/environments/environment.ts';
import { createLocalEnvironment } from '../../src/environments/local/index.ts';
import { type RecordedSite, recordedRun } from '../conformance/recorded-site.ts';

const file = fileURLToPath(new URL('../../fixtures/platforms/multi-cloud.yaml', import.meta.url));

/** With sign-in, for the audit log, and with a backup service. */
const more = {
  components: {
    backup: {
      command: `\${node} --no-warnings ../services/backup/main.ts`,
      port: 8300,
      env: {
        DATABASE: 'state-store',
        SERVERS: `\${state-store.members}`,
        DATABASE_NAME: `\${state-store.database}`,
        ADMIN_USER: `\${state-store.admin-user}`,
        ADMIN_PASSWORD: `\${state-store.admin-password}`,
        REPLICATION_USER: `\${state-store.replication-user}`,
        REPLICATION_PASSWORD: `\${state-store.replication-password}`,
        POSTGRES_BIN: `\${state-store.bin}`,
        ARCHIVE: `\${state-store.archive}`,
        DATA: `\${backup.data}`,
        TARGETS: '{}',
      },
      ready: { http: '/health' },
      after: ['state-store'],
    },
    orchestrator: {
      env: {
        AUTH: 'required',
        OPERATOR_TOKEN: `\${secret.operator}`,
        BACKUP_URL: `http://\${backup}:\${backup.port}`,
      },
    },
  },
  tools: { python: { env: { OPERATOR_TOKEN: `\${secret.operator}` } } },
};

async function testPlatform(): Promise<Platform> {
  const patched = mergePatch(parse(await readFile(file, 'utf8')), more);
  return { ...platformFile.parse(patched), baseDir: dirname(file) };
}

describe('the platform’s command line, given what it cannot do', () => {
  const environment = createLocalEnvironment();
  let reportDir: string;
  let site: RecordedSite;
  let running: Running;

  const run = async (command: string) => {
    const { exitCode, stdout, stderr } = await running.exec(command, { session: 'test', timeoutMs: 60_000 });
    return { exitCode, stdout, stderr };
  };
  const cli = (words: string) => run(`python -m cli ${words}`);
  const refused = (sentence: RegExp) => ({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringMatching(sentence),
  });
  const eventually = async (command: string, wanted: RegExp) => {
    for (let tries = 0; tries < 100; tries++) {
      if (wanted.test((await run(command)).stdout)) return;
      await sleep(100);
    }
    throw new Error(`"${command}" never printed ${wanted}`);
  };
  const atCloud = async (method: string, path: string, body?: object) => {
    const { host, port } = await running.address('cloud.aws');
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    expect((await fetch(`http://${host}:${port}${path}`, init)).ok).toBe(true);
  };

  beforeAll(async () => {
    reportDir = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
    site = recordedRun(`platform-cli-${process.pid}`, reportDir);
    running = await environment.up(await testPlatform(), site);
    await eventually('python -m cli health check --region us-east-1', /^workloads: 3$/m);
  });

  afterAll(async () => {
    await environment.down(site.record());
    await rm(reportDir, { recursive: true, force: true });
  });

  const regions = 'us-east-1, us-west-2, westeurope, northeurope, europe-west1, us-central1';

  it.each([
    ['cli health check --region mars', `no region "mars"; there are: ${regions}`],
    ['cli failover start --from mars --to us-west-2', `no region "mars"; there are: ${regions}`],
    ['cli failover start --from us-east-1 --to mars', `no region "mars"; there are: ${regions}`],
    ['cli failover start --from us-east-1 --to us-east-1', 'us-east-1 cannot fail over to itself'],
    [
      'cli failover start --from us-east-1 --to westeurope',
      'no record for westeurope, only for europe-west1, us-east-1, us-west-2',
    ],
    ['cli failover status --id fo-1', 'no failover "fo-1"; there are: none'],
    ['cli failover rollback --id fo-1', 'no failover "fo-1"; there are: none'],
    ['cli secrets rotate --all --cloud oracle', 'no cloud "oracle"; there are: aws, azure, gcp'],
    [
      'phase_6_production_dr.failover --region mars --action failover',
      `no region "mars"; there are: ${regions}`,
    ],
    [
      'phase_6_production_dr.failover --region us-east-1 --action rollback',
      'there was no failover from us-east-1',
    ],
  ])('python -m %s: refused, with the names that there are', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await run(`python -m ${words}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  it.each([
    ['cli failover start --from us-east-1', '--to is missing'],
    [
      'cli failover begin --from us-east-1',
      '"failover" has no command "begin"; it has: start, status, rollback',
    ],
    ['cli frobnicate now', 'no command "frobnicate"; there are: '],
    [
      'phase_6_production_dr.failover --region us-east-1 --action jump',
      'jump is not one of failover, rollback, status',
    ],
  ])('python -m %s: a wrong command line, exit code 2', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await run(`python -m ${words}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  it('refuses a failover to a region that is dead', async () => {
    const fault = '/admin/faults/us-west-2';
    await atCloud('PUT', fault, { kind: 'region-down', region: 'us-west-2' });
    expect(await cli('failover start --from us-east-1 --to us-west-2')).toEqual(
      refused(/us-west-2 is not healthy: status page: outage/),
    );
    await atCloud('DELETE', fault);
    await eventually('python -m cli health check --region us-west-2', /^region us-west-2 healthy$/m);
  });

  it('refuses a second failover at once, and then names the first one', async () => {
    const start = 'python -m cli failover start --from us-east-1 --to us-west-2';
    const { exitCode, stdout, stderr } = await run(`${start} && ${start}`);
    const [, id] = /^failover (fo-\w+) running/.exec(stdout) ?? [];
    expect(id).toBeDefined();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`failover ${id} (us-east-1 → us-west-2) is running`);
    await eventually(`python -m cli failover status --id ${id}`, /^failover fo-\w+ done$/m);
    expect(await cli('failover status --id fo-1')).toEqual(
      refused(new RegExp(`no failover "fo-1"; there are: ${id}`)),
    );
    expect((await cli(`failover rollback --id ${id}`)).exitCode).toBe(0);
    await eventually(`python -m cli failover status --id ${id}`, /^failover fo-\w+ rolled-back$/m);
    expect(await cli(`failover rollback --id ${id}`)).toEqual(
      refused(/is rolled-back: there is nothing to roll back/),
    );
  });

  it('names the backups and databases that there are', async () => {
    expect(await cli('backup verify --backup-id b-1')).toEqual(refused(/b-1.*none/));
    expect(await cli('backup list --database orders')).toEqual(refused(/orders.*state-store/));
    const [, id] = /^Backup (\S+) of/.exec((await cli('backup create --database state-store')).stdout) ?? [];
    expect(await cli('backup verify --backup-id b-1')).toEqual(refused(new RegExp(`b-1.*${id}`)));
  });

  it('never writes over an export that is there', async () => {
    const now = Date.now();
    const range = `--start ${new Date(now - 60_000).toISOString()} --end ${new Date(now + 60_000).toISOString()}`;
    const exported = await cli(`audit export ${range} --output evidence`);
    expect(exported.stdout).toMatch(/records from .* in evidence\/\nchain verified/);
    const sum = 'cat evidence/* | cksum';
    const before = await run(sum);
    expect(await cli(`audit export ${range} --output evidence`)).toEqual(
      refused(/evidence\/audit.ndjson is there already; name another one, or move it away/),
    );
    expect(await run(sum)).toEqual(before);
    expect(await cli(`audit export ${range} --output ../evidence`)).toEqual(
      refused(/is not below the working folder/),
    );
  });
});
