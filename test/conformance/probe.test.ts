import { Client } from 'pg';
import type { ProbeSpec } from '../../src/definition/observing.ts';
import type { Address, DatabaseLogin } from '../../src/environments/environment.ts';
import type { ProbeTarget } from '../../src/probes/probe.ts';
import { startDns } from './dns-server.ts';
import { startHttp } from './http-server.ts';
import { startPostgres } from './postgres-server.ts';
import { type ProbeSubject, probeConformance } from './probe.ts';

type Connection = 'fresh' | 'pooled';

const target = (spec: ProbeSpec, address: Address | null): ProbeTarget => ({
  name: 'subject',
  spec,
  address,
  hosts: {},
});

async function httpSubject(connection: Connection): Promise<ProbeSubject> {
  const server = await startHttp((request, response) => {
    if (request.url === '/hung') return;
    response.statusCode = request.url === '/healthy' ? 200 : 503;
    response.end('as asked');
  });
  const at = (path: string) => target({ kind: 'http', role: 'api', path, connection }, server.address);
  return { healthy: at('/healthy'), broken: at('/broken'), hung: at('/hung'), stop: server.stop };
}

/** The same servers behind a name that only this DNS server knows. */
async function namedSubject(connection: Connection): Promise<ProbeSubject> {
  const behind = await httpSubject(connection);
  const dns = await startDns((name) =>
    name === 'api.example' ? { addresses: ['127.0.0.1'], ttlSeconds: 60 } : 'NXDOMAIN',
  );
  const named = (it: ProbeTarget, name: string): ProbeTarget => ({ ...it, dns: dns.question(name) });
  return {
    healthy: named(behind.healthy, 'api.example'),
    broken: named(behind.healthy, 'gone.example'),
    hung: named(behind.hung, 'api.example'),
    async stop() {
      await Promise.all([behind.stop(), dns.stop()]);
    },
  };
}

async function writeSubject(connection: Connection): Promise<ProbeSubject> {
  const server = await startPostgres();
  const at = (address: Address) => target({ kind: 'postgres', role: 'database', connection }, address);
  const address = server.address();
  const withLogin = (change: Partial<DatabaseLogin>) =>
    at({ ...address, database: { ...address.database, ...change } });
  await runSql(server.address(), 'postgres', 'CREATE DATABASE hung');
  const lock = await runSql(
    server.address(),
    'hung',
    'CREATE TABLE drillbook_probe (probe text, part int, slot bigint, PRIMARY KEY (probe, part))',
    true,
  );
  await lock.query('BEGIN; LOCK TABLE drillbook_probe');
  return {
    healthy: at(server.address()),
    broken: withLogin({ password: 'wrong' }),
    hung: withLogin({ database: 'hung' }),
    async stop() {
      await lock.end();
      await server.stop();
    },
  };
}

async function querySubject(): Promise<ProbeSubject> {
  const server = await startPostgres();
  const at = (query: string) => target({ kind: 'postgres', role: 'database', query }, server.address());
  return {
    healthy: at('SELECT 1'),
    broken: at('SELECT 1/0'),
    hung: at('SELECT pg_sleep(600)'),
    stop: server.stop,
  };
}

async function execSubject(): Promise<ProbeSubject> {
  const exec = { argv: ['env'], env: { PATH: '/usr/bin:/bin' }, cwd: '/' };
  const at = (command: string) => ({ ...target({ kind: 'exec', command }, null), exec });
  return { healthy: at('echo 1'), broken: at('exit 3'), hung: at('sleep 600'), stop: async () => {} };
}

async function runSql(address: Address, database: string, sql: string, keep = false): Promise<Client> {
  const { user, password } = address.database ?? {};
  const client = new Client({ host: address.host, port: address.port, user, password, database });
  client.on('error', () => {});
  await client.connect();
  await client.query(sql);
  if (!keep) await client.end();
  return client;
}

probeConformance('http, fresh', () => httpSubject('fresh'));
probeConformance('http, pooled', () => httpSubject('pooled'));
probeConformance('http, fresh, by a name of DNS', () => namedSubject('fresh'));
probeConformance('http, pooled, by a name of DNS', () => namedSubject('pooled'));
probeConformance('postgres, fresh', () => writeSubject('fresh'));
probeConformance('postgres, pooled', () => writeSubject('pooled'));
probeConformance('postgres, query', querySubject);
probeConformance('exec', execSubject);
