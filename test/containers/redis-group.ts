import type { LedgerSpec, ProbeSpec } from '../../src/definition/observing.ts';
import type { Address, RedisLogin } from '../../src/environments/environment.ts';
import type { LedgerTarget } from '../../src/ledgers/ledger.ts';
import type { ProbeTarget } from '../../src/probes/probe.ts';
import { following, startRedisGroup, type TestRedis, type TestRedisGroup } from './redis-server.ts';

export type RedisLedger = Partial<Extract<LedgerSpec, { kind: 'redis' }>>;
export type RedisProbe = Partial<Extract<ProbeSpec, { kind: 'redis' }>>;

export const redisLedger = (address: Address, more: RedisLedger = {}): LedgerTarget => ({
  ...{ name: 'orders', spec: { kind: 'redis', role: 'cache', ...more }, address, hosts: {} },
});

export const redisProbe = (address: Address, more: RedisProbe = {}): ProbeTarget => ({
  ...{ name: 'cache', spec: { kind: 'redis', role: 'cache', ...more }, address, hosts: {} },
});

/** The login of a role that means whichever of these servers is the primary. */
export const together = (...servers: readonly TestRedis[]): RedisLogin => ({
  members: servers.map(({ name, host, port }) => ({ instance: name, host, port })),
  followsPrimary: true,
});

export interface Pair extends AsyncDisposable {
  readonly group: TestRedisGroup;
  readonly primary: TestRedis;
  readonly replica: TestRedis;
  /** An address that means the primary; in the list of members it stands behind its replica. */
  readonly address: Address;
}

/** A primary and a replica that follows it. */
export async function startPair(): Promise<Pair> {
  const group = await startRedisGroup();
  const primary = await group.start('redis-primary');
  const replica = await group.start('redis-replica', ['--replicaof', 'redis-primary', '6379']);
  await following(replica);
  const address = primary.address(together(replica, primary));
  return { group, primary, replica, address, [Symbol.asyncDispose]: group.stop };
}
