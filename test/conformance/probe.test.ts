import { Client } from 'pg';
import { expect, it } from 'vitest';
import type { ProbeSpec } from '../../src/definition/observing.ts';
import { makeCertificates } from '../../src/environments/containers/certificates.ts';
import type { Address, DatabaseLogin } from '../../src/environments/environment.ts';
import { createProbe } from '../../src/probes/index.ts';
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

const certificates = async (days?: number) =>
  makeCertificates({ api: { names: ['api'], ...(days !== undefined && { days }) } }, new Date());

/** A server with a certificate; broken where that has run out, or nobody whom the probe trusts has signed it. */
async function tlsSubject(connection: Connection, broken: 'expired' | 'unknown CA'): Promise<ProbeSubject> {
  const [good, other] = await Promise.all([certificates(), certificates(broken === 'expired' ? -1 : 30)]);
  const server = await startHttp(
    (request, response) => request.url !== '/hung' && response.end('as asked'),
    '127.0.0.1',
    good.certificates.api,
  );
  const bad = await startHttp((_, response) => response.end('as asked'), '127.0.0.1', other.certificates.api);
  const ask = (address: Address, path: string, ca: string): ProbeTarget => ({
    ...target({ kind: 'http', role: 'api', path, connection, tls: true }, address),
    tls: { ca },
  });
  return {
    healthy: ask(server.address, '/healthy', good.ca),
    broken: ask(bad.address, '/healthy', broken === 'expired' ? other.ca : good.ca),
    hung: ask(server.address, '/hung', good.ca),
    async stop() {
      await Promise.all([server.stop(), bad.stop()]);
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
probeConformance('http over TLS, fresh', () => tlsSubject('fresh', 'expired'));
probeConformance('http over TLS, pooled', () => tlsSubject('pooled', 'unknown CA'));
probeConformance('postgres, fresh', () => writeSubject('fresh'));
probeConformance('postgres, pooled', () => writeSubject('pooled'));
probeConformance('postgres, query', querySubject);
probeConformance('exec', execSubject);

it.each([
  ['expired', 'CERT_HAS_EXPIRED'],
  ['unknown CA', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
] as const)('http over TLS says what is wrong with a certificate: %s', async (broken, detail) => {
  const subject = await tlsSubject('fresh', broken);
  const probe = createProbe(subject.broken);
  expect(await probe.observe(0, AbortSignal.timeout(20_000))).toEqual({ ok: false, detail });
  await Promise.all([probe.close(), subject.stop()]);
});
