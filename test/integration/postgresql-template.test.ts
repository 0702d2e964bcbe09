import { describe, expect, it } from 'vitest';
import type { Running } from '../../src/environments/environment.ts';
import { asAdministrator, eventually, pair } from './postgresql-pair.ts';

/** What amcheck finds in tables, and which pages their visibility maps call visible or frozen and are not. */
async function damageIn(running: Running, instance: string): Promise<readonly (readonly unknown[])[]> {
  return asAdministrator(
    running,
    instance,
    `select c.oid::regclass::text, found.* from pg_class c, lateral (
      select msg from verify_heapam(c.oid)
      union all select 'not visible to all: ' || t_ctid from pg_check_visible(c.oid) t_ctid
      union all select 'not frozen: ' || t_ctid from pg_check_frozen(c.oid) t_ctid) found
    where c.relkind in ('r', 't', 'm')`,
  );
}

describe('the template that clusters begin as', () => {
  const found = pair('template', { port: 48_435 });

  // It has no free space and visibility maps (see template.ts): a server must not miss them.
  it('is sound, before and after all of it is vacuumed', async () => {
    const { running } = found;
    const ask = (text: string) => asAdministrator(running, 'db-primary', text);
    await ask('create extension amcheck');
    await ask('create extension pg_visibility');
    expect(await damageIn(running, 'db-primary')).toEqual([]);
    await ask('vacuum (freeze, analyze)');
    expect(await damageIn(running, 'db-primary')).toEqual([]);
    await ask('vacuum full');
    expect(await damageIn(running, 'db-primary')).toEqual([]);
  });

  it('is sound on the standby that was copied from it', async () => {
    const { running } = found;
    const [row] = await asAdministrator(running, 'db-primary', 'select pg_current_wal_lsn()::text');
    await eventually(
      () => asAdministrator(running, 'db-replica-1', `select pg_last_wal_replay_lsn() >= '${row?.[0]}'`),
      ([replayed]) => replayed?.[0] === true,
    );
    expect(await damageIn(running, 'db-replica-1')).toEqual([]);
  });
});
