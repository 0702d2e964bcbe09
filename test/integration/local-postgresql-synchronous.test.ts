import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { asAdministrator, marks, pair, query } from './postgresql-pair.ts';

describe('a synchronous pair', () => {
  const found = pair('sync', { port: 48_433, synchronous: true });

  it('acknowledges nothing that its replica does not have', async () => {
    const { running } = found;
    const primary = await running.address('database.primary');
    await query(primary, 'create table marks (i int); insert into marks values (1)');
    await running.signal({ target: 'database.replica', scope: 'component' }, 'SIGSTOP');
    let acknowledged = false;
    const write = query(primary, 'insert into marks values (2)').then(() => {
      acknowledged = true;
    });
    await sleep(500);
    expect(acknowledged).toBe(false);
    await running.signal({ target: 'db-replica-1', scope: 'component' }, 'SIGCONT');
    await write;
  });

  it('writes without standbys after a promotion, and waits for them again after the rejoin', async () => {
    const { running } = found;
    await running.signal({ target: 'database.primary', scope: 'component' }, 'SIGKILL');
    await asAdministrator(running, 'db-replica-1', 'select pg_promote()');
    const primary = await running.address('database.primary');
    await query(primary, 'insert into marks values (3)');
    await running.start('db-primary', 'rejoin');
    expect(await query(primary, 'select application_name, sync_state from pg_stat_replication')).toEqual([
      ['db-primary', 'quorum'],
    ]);
    expect(await query(await running.address('db-primary'), marks)).toEqual([[1], [2], [3]]);
  });
});
