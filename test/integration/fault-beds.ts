import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { expect } from 'vitest';
import type { Platform } from '../../src/definition/platform.ts';
import type { Environment, Running } from '../../src/environments/environment.ts';
import { unprivilegedAccount } from '../../src/environments/local/account.ts';
import { createLocalEnvironment } from '../../src/environments/local/index.ts';
import { postgresqlBinaries } from '../../src/environments/local/postgresql/binaries.ts';
import type { FaultBed } from '../conformance/fault.ts';

const server =
  "require('node:http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT, process.env.HOST)";
const web = {
  command: ['${node}', '-e', server],
  env: { HOST: '${host}', PORT: '${port}' },
  port: 7200,
  ready: { http: '/' },
};
/** Serves by a child of its own, which it starts again whenever that ends. */
export const parent = {
  ...web,
  command: [
    '${node}',
    '-e',
    `const start = () => require('node:child_process').spawn(process.execPath, ['-e', process.argv[1], 'child-of-' + 'web']).on('exit', start);
    start();`,
    server,
  ],
};
/** Serves until its door for faults, or whoever asks `/stop`, says otherwise. */
const doorServer = `
let faults = new Set(), stoppedUntil = 0;
require('node:http').createServer(async (asked, answer) => {
  const [, , , id] = asked.url.split('/');
  let body = '';
  for await (const chunk of asked) body += chunk;
  if (asked.url === '/stop') { stoppedUntil = Date.now() + 300; return answer.end(); }
  if (!asked.url.startsWith('/admin/faults/')) {
    answer.statusCode = asked.url !== '/' ? 404 : faults.size > 0 || Date.now() < stoppedUntil ? 503 : 200;
    return answer.end('served');
  }
  if (asked.method === 'PUT' && JSON.parse(body).kind !== 'down') {
    answer.statusCode = 400;
    return answer.end(JSON.stringify({ error: 'no kind "' + JSON.parse(body).kind + '": there is down' }));
  }
  if (asked.method === 'PUT') faults.add(id);
  if (asked.method === 'DELETE') faults.delete(id);
  answer.end(JSON.stringify({ state: faults.has(id) ? 'active' : 'gone' }));
}).listen(process.env.PORT, process.env.HOST)`;
export const doorWeb = { ...web, command: ['${node}', '-e', doorServer] };
/** Keeps the web from serving for as long as it runs; ready once it has asked for it. */
export const stopper = {
  command: [
    '${node}',
    '-e',
    `const ask = () => fetch('http://\${web}:\${web.port}/stop').then(() => setTimeout(ask, 50));
    ask().then(() => require('node:http').createServer((_, answer) => answer.end()).listen(process.env.PORT, process.env.HOST))`,
  ],
  port: 7201,
  ready: { http: '/' },
  restart: 'on-failure' as const,
  replicas: 0,
};
export const stubborn = {
  command: ['${node}', '-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"],
  replicas: 0,
};
export const database = { postgresql: { members: ['db-1', 'db-2'] } };
const platform: Platform = {
  platform: 'bed',
  environment: 'local',
  baseDir: tmpdir(),
  components: { web, database },
  roles: { web: 'web', 'database.primary': 'database.primary' },
};

const ended: (() => Promise<unknown>)[] = [];
/** Takes down what a test brought up; proves that nothing of it is left. */
export async function endAll(): Promise<void> {
  for (const end of ended.splice(0).reverse()) await end();
}

export async function up(
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

export async function webBed(components: Platform['components'] = { web }): Promise<FaultBed> {
  const { environment, running } = await up(components);
  const { host, port } = await running.address('web');
  const serves = () =>
    fetch(`http://${host}:${port}/`, { signal: AbortSignal.timeout(700) }).then(
      ({ ok }) => ok,
      () => false,
    );
  return { environment, running, serves };
}

/** Served is who can log in. */
export async function databaseBed(): Promise<FaultBed> {
  const { environment, running } = await up({ database });
  const { host, port, database: login } = await running.address('database.primary');
  const serves = async () => {
    const client = new Client({ ...login, host, port, connectionTimeoutMillis: 700 });
    client.on('error', () => undefined);
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  };
  return { environment, running, serves };
}

/** As a runbook's tool would, past everything that drillbook knows. */
export async function promote(running: Running, member: string): Promise<void> {
  const account = await unprivilegedAccount();
  const program = join(await postgresqlBinaries(), 'pg_ctl');
  const args = ['promote', '--wait', '-D', join(running.record.runDir, 'data', member)];
  await promisify(execFile)(program, args, {
    ...(account !== null && { uid: account.uid, gid: account.gid }),
  });
}
