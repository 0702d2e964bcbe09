import { describe } from 'vitest';
import type { Address } from '../../src/environments/environment.ts';
import { nowhere } from '../conformance/http-server.ts';
import { type LedgerSubject, ledgerConformance } from '../conformance/ledger.ts';
import { type ProbeSubject, probeConformance } from '../conformance/probe.ts';
import { engineAvailable } from './engine.ts';
import { type RedisProbe, redisLedger, redisProbe, startPair, together } from './redis-group.ts';
import { startRedisGroup } from './redis-server.ts';

const password = 'for-tests-only';
const forever = 3_600_000;

async function ledgerSubject(): Promise<LedgerSubject> {
  const group = await startRedisGroup();
  const server = await group.start('redis', ['--requirepass', password], password);
  const hung = await group.start('hung');
  await hung.ask('CLIENT', 'PAUSE', forever, 'WRITE');
  return {
    target: redisLedger(server.address()),
    unreachable: redisLedger({ ...server.address(), ...place(await nowhere()) }),
    hung: redisLedger(hung.address()),
    stop: group.stop,
  };
}

/** The role means the primary, which stands behind its replica in the list of members. */
async function followingSubject(): Promise<LedgerSubject> {
  const { group, primary, replica } = await startPair();
  const hung = await group.start('hung');
  await hung.ask('CLIENT', 'PAUSE', forever, 'WRITE');
  const gone = await nowhere();
  const members = [{ ...place(gone), instance: 'gone' }];
  return {
    target: redisLedger(primary.address(together(replica, primary))),
    unreachable: redisLedger({ ...primary.address({ members, followsPrimary: true }), ...place(gone) }),
    hung: redisLedger(hung.address({ followsPrimary: true })),
    stop: group.stop,
  };
}

const place = ({ host, port }: Address) => ({ host, port });
/** Broken is a wrong password, or an answer that is an error; the hung server holds every command. */
async function probeSubject(spec: RedisProbe, broken: RedisProbe = spec): Promise<ProbeSubject> {
  const group = await startRedisGroup();
  const server = await group.start('redis', ['--requirepass', password], password);
  const hung = await group.start('hung');
  await hung.ask('CLIENT', 'PAUSE', forever, 'ALL');
  return {
    healthy: redisProbe(server.address(), spec),
    broken: redisProbe(server.address(broken === spec ? { password: 'wrong' } : {}), broken),
    hung: redisProbe(hung.address(), spec),
    stop: group.stop,
  };
}

describe.runIf(engineAvailable)('the seams on Redis', () => {
  ledgerConformance('redis', ledgerSubject);
  ledgerConformance('redis, whichever is the primary', followingSubject);
  probeConformance('redis, fresh', () => probeSubject({ connection: 'fresh' }));
  probeConformance('redis, pooled', () => probeSubject({ connection: 'pooled' }));
  probeConformance('redis, command', () => probeSubject({ command: ['PING'] }, { command: ['NONSENSE'] }));
  probeConformance('redis, field', () =>
    probeSubject({ field: 'connected_slaves' }, { field: 'slave0.lag' }),
  );
});
