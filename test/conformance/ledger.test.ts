import { Client } from 'pg';
import type { LedgerSpec } from '../../src/definition/observing.ts';
import type { Address } from '../../src/environments/environment.ts';
import { createLedger } from '../../src/ledgers/index.ts';
import type { LedgerTarget } from '../../src/ledgers/ledger.ts';
import { startDns } from './dns-server.ts';
import { nowhere, startHttp } from './http-server.ts';
import { type LedgerSubject, ledgerConformance } from './ledger.ts';
import { startPostgres } from './postgres-server.ts';

const target = (spec: LedgerSpec, address: Address): LedgerTarget => ({
  name: 'orders',
  spec,
  address,
  hosts: {},
});

async function httpSubject(json: boolean): Promise<LedgerSubject> {
  const stored = ['seeded-by-the-api'];
  const server = await startHttp((request, response) => {
    const [, collection, id] = request.url?.split('/') ?? [];
    if (collection === 'hung') return;
    if (request.method === 'PUT' && id !== undefined) stored.push(id);
    response.end(request.method === 'GET' ? (json ? JSON.stringify(stored) : stored.join('\n')) : '');
  });
  const spec = (collection: string): LedgerSpec => ({
    kind: 'http',
    role: 'api',
    write: `PUT /${collection}/{id}`,
    list: `GET /${collection}`,
  });
  return {
    target: target(spec('orders'), server.address),
    unreachable: target(spec('orders'), await nowhere()),
    hung: target(spec('hung'), server.address),
    stop: server.stop,
  };
}

/** The same API behind a name that only this DNS server knows. */
async function namedSubject(): Promise<LedgerSubject> {
  const behind = await httpSubject(true);
  const dns = await startDns(() => ({ addresses: ['127.0.0.1'], ttlSeconds: 60 }));
  const named = (it: LedgerTarget): LedgerTarget => ({ ...it, dns: dns.question('api.example') });
  return {
    target: named(behind.target),
    unreachable: named(behind.unreachable),
    hung: named(behind.hung),
    async stop() {
      await Promise.all([behind.stop(), dns.stop()]);
    },
  };
}

/** A queue whose worker does a job a little after it was taken. */
async function queueSubject(): Promise<LedgerSubject> {
  const done: string[] = [];
  let pending = 0;
  const server = await startHttp((request, response) => {
    const [, collection, id] = request.url?.split('/') ?? [];
    if (collection === 'hung') return;
    if (request.method === 'POST' && id !== undefined) {
      pending++;
      setTimeout(() => {
        done.push(id);
        pending--;
      }, 100);
      response.writeHead(202).end();
    } else response.end(id === 'pending' ? `${pending}\n` : done.join('\n'));
  });
  const spec = (collection: string): LedgerSpec => ({
    kind: 'queue',
    role: 'api',
    write: `POST /${collection}/{id}`,
    list: `GET /${collection}/done`,
    pending: `GET /${collection}/pending`,
    delivery: 'at-least-once',
    'drain-within': 2000,
  });
  return {
    target: target(spec('jobs'), server.address),
    unreachable: target(spec('jobs'), await nowhere()),
    hung: target(spec('hung'), server.address),
    stop: server.stop,
  };
}

/** The hung one is a database of its own whose ledger table somebody holds a lock on. */
async function postgresSubject(): Promise<LedgerSubject> {
  const server = await startPostgres();
  const spec: LedgerSpec = { kind: 'postgres', role: 'database' };
  const address = server.address();
  const gone = await nowhere();
  const members = [{ instance: 'db', host: gone.host, port: gone.port }];
  await sql(address, 'CREATE DATABASE hung').then((client) => client.end());
  const hung: Address = { ...address, database: { ...address.database, database: 'hung' } };
  const ledger = createLedger(target(spec, hung));
  await ledger.setUp();
  const lock = await sql(hung, 'BEGIN; LOCK TABLE drillbook_ledger');
  return {
    target: target(spec, address),
    unreachable: target(spec, { ...server.address(members), host: gone.host, port: gone.port }),
    hung: target(spec, hung),
    async stop() {
      await lock.end();
      await server.stop();
    },
  };
}

async function sql({ host, port, database: login }: Address, text: string): Promise<Client> {
  const client = new Client({
    host,
    port,
    user: login?.user,
    password: login?.password,
    database: login?.database,
  });
  client.on('error', () => {});
  await client.connect();
  await client.query(text);
  return client;
}

ledgerConformance('http, JSON list', () => httpSubject(true));
ledgerConformance('http, list of lines', () => httpSubject(false));
ledgerConformance('http, by a name of DNS', namedSubject);
ledgerConformance('queue', queueSubject);
ledgerConformance('postgres', postgresSubject);
