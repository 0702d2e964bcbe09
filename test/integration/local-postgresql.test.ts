import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Address, SupersededError } from '../../src/environments/environment.ts';
import { createLocalEnvironment } from '../../src/environments/local/index.ts';
import { recordedRun } from '../conformance/recorded-site.ts';
import { pairPlatform } from './local-platforms.ts';
import { asAdministrator, eventually, marks, pair, query } from './postgresql-pair.ts';

describe('an asynchronous pair', () => {
  const found = pair('async', { port: 48_432 });

  it('resolves its roles by asking the members', async () => {
    const { running } = found;
    expect(await running.address('database.primary')).toMatchObject({ instance: 'db-primary', port: 48_432 });
    expect((await running.address('database.primary')).why).toContain('time line 1');
    expect(await running.address('database.replica')).toMatchObject({
      instance: 'db-replica-1',
      why: 'streams from the primary',
    });
    expect(await running.address('db-replica')).toMatchObject({ instance: 'db-replica-1' });
  });

  it('replicates what is written, and lets nobody in without a password', async () => {
    const primary = await found.running.address('database.primary');
    await query(primary, 'create table marks (i int); insert into marks values (1)');
    const replica = await found.running.address('database.replica');
    await eventually(
      () => query(replica, `select to_regclass('marks')`),
      (rows) => rows[0]?.[0] !== null,
    );
    expect(
      await eventually(
        () => query(replica, marks),
        (rows) => rows.length > 0,
      ),
    ).toEqual([[1]]);
    const stranger = { ...primary, database: { ...primary.database, password: 'guess' } } as Address;
    await expect(query(stranger, 'select 1')).rejects.toThrow('password authentication failed');
  });

  it('archives WAL for point-in-time recovery', async () => {
    const archive = join(found.running.record.runDir, 'archive', 'state-store');
    await asAdministrator(found.running, 'db-primary', 'select pg_switch_wal()');
    const segments = await eventually(
      () => readdir(archive),
      (names) => names.some((name) => /^[0-9A-F]{24}$/.test(name)),
    );
    expect(segments).toContain('000000010000000000000001');
  });

  it('pauses only the processes with a title', async () => {
    const { running } = found;
    const walsender = { target: 'database.primary', scope: { match: 'walsender' } } as const;
    const paused = await running.signal(walsender, 'SIGSTOP');
    expect(paused).toHaveLength(1);
    expect((await running.signal(walsender, null)).map(({ state }) => state)).toEqual(['stopped']);
    await query(await running.address('database.primary'), 'insert into marks values (2)');
    await sleep(300);
    expect(await query(await running.address('db-replica-1'), marks)).toEqual([[1]]);
    await running.signal(walsender, 'SIGCONT');
    const replica = await running.address('db-replica-1');
    expect(
      await eventually(
        () => query(replica, marks),
        (rows) => rows.length > 1,
      ),
    ).toEqual([[1], [2]]);
  });

  it('kills the leader alone, and starts it again as the primary that it still is', async () => {
    const { running } = found;
    const [leader, ...more] = await running.signal({ target: 'database.primary', scope: 'leader' }, null);
    expect(more).toEqual([]);
    expect(leader?.title).toContain('/postgres ');
    await running.signal({ target: 'database.primary', scope: 'leader' }, 'SIGKILL');
    await eventually(
      () => running.signal({ target: 'db-primary', scope: 'component' }, null),
      (left) => left.length === 0,
    );
    expect((await running.address('database.primary')).why).toContain(
      'no member answers as primary; db-primary was the last one known',
    );
    await running.start('db-primary', 'normal');
    expect((await running.address('database.primary')).why).toContain('not in recovery');
  });

  it('finds the promoted replica, and will not make a second primary of the old one', async () => {
    const { running } = found;
    await query(await running.address('database.primary'), 'insert into marks values (3)');
    await running.signal({ target: 'database.replica', scope: { match: 'walreceiver' } }, 'SIGSTOP');
    await query(await running.address('database.primary'), 'insert into marks values (4)');
    const killed = await running.signal(
      { target: 'database.primary', scope: 'component', hold: true },
      'SIGKILL',
    );
    expect(killed.length).toBeGreaterThan(5);
    await running.signal({ target: 'db-replica-1', scope: { match: 'walreceiver' } }, 'SIGCONT');
    await asAdministrator(running, 'db-replica-1', 'select pg_promote()');
    expect(await running.address('database.primary')).toMatchObject({ instance: 'db-replica-1' });
    expect((await running.address('database.primary')).why).toContain('time line 2');
    await expect(running.start('db-primary', 'rejoin')).rejects.toThrow('holds it');
    await running.signal({ target: 'db-primary', scope: 'component', release: true }, null);
    await expect(running.start('db-primary', 'normal')).rejects.toThrow(SupersededError);
    await asAdministrator(running, 'db-replica-1', 'checkpoint');
    await running.signal({ target: 'db-replica-1', scope: 'component' }, 'SIGKILL');
    await expect(running.start('db-primary', 'normal')).rejects.toThrow(SupersededError);
    await running.start('db-replica-1', 'normal');
  });

  it('lets the old primary be read for evidence, by drillbook alone', async () => {
    const { running } = found;
    const [client] = [await running.address('db-primary')];
    await running.start('db-primary', 'isolated');
    const evidence = await running.address('db-primary');
    expect(evidence.host.startsWith(running.record.runDir)).toBe(true);
    expect(await query(evidence, marks)).toEqual([[1], [2], [3], [4]]);
    await expect(query(evidence, 'insert into marks values (9)')).rejects.toThrow('read-only');
    await expect(query(client, 'select 1')).rejects.toThrow('ECONNREFUSED');
    expect(await running.address('database.primary')).toMatchObject({ instance: 'db-replica-1' });
    await running.start('db-primary', 'stop');
    expect(await running.signal({ target: 'db-primary', scope: 'component' }, null)).toEqual([]);
  });

  it('returns the old primary at its own address with its own rows, which nobody can change', async () => {
    const { running } = found;
    await running.start('db-primary', 'isolated');
    await running.start('db-primary', 'returned');
    const returned = await running.address('db-primary');
    expect(returned.host).toBe(running.hosts['db-primary']);
    expect(await query(returned, marks)).toEqual([[1], [2], [3], [4]]);
    expect(await query(returned, 'select pg_is_in_recovery()')).toEqual([[true]]);
    await expect(
      query(returned, 'set default_transaction_read_only = off; insert into marks values (9)'),
    ).rejects.toThrow(/recovery|read-only/);
    expect(await running.address('database.primary')).toMatchObject({ instance: 'db-replica-1' });
    await expect(running.start('db-replica-1', 'returned')).rejects.toThrow('no other member');
    const [before] = await running.signal({ target: 'db-primary', scope: 'leader' }, null);
    await running.start('db-primary', 'returned');
    expect((await running.signal({ target: 'db-primary', scope: 'leader' }, null))[0]?.pid).toBe(before?.pid);
  });

  it('brings the old primary back as a standby of the new one', async () => {
    const { running } = found;
    await query(await running.address('database.primary'), 'insert into marks values (5)');
    await running.start('db-primary', 'rejoin');
    expect(await running.address('database.replica')).toMatchObject({
      instance: 'db-primary',
      why: 'streams from the primary',
    });
    const there = await query(await running.address('database.primary'), marks);
    expect(there).toContainEqual([5]);
    expect(await query(await running.address('db-primary'), marks)).toEqual(there);
    const [before] = await running.signal({ target: 'db-primary', scope: 'leader' }, null);
    await running.start('db-primary', 'rejoin');
    expect((await running.signal({ target: 'db-primary', scope: 'leader' }, null))[0]?.pid).toBe(before?.pid);
    await expect(running.start('db-replica-1', 'rejoin')).rejects.toThrow('is the primary');
  });

  it('rebuilds a standby that streams and no longer replays, and reads it as it is before', async () => {
    const { running } = found;
    await asAdministrator(running, 'db-primary', 'select pg_wal_replay_pause()');
    await query(await running.address('database.primary'), 'insert into marks values (6)');
    await running.start('db-primary', 'isolated');
    expect(await query(await running.address('db-primary'), marks)).not.toContainEqual([6]);
    await running.start('db-primary', 'rejoin');
    expect(await query(await running.address('db-primary'), marks)).toContainEqual([6]);
  });

  it('keeps the fork of the old time line out of the archive', async () => {
    const archive = await readdir(join(found.running.record.runDir, 'archive', 'state-store'));
    expect(archive).toContain('00000002.history');
  });
});

describe('the run folder', () => {
  it('is gone with everything in it', async () => {
    const environment = createLocalEnvironment();
    const reportDir = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
    const site = recordedRun(`postgresql-folder-${process.pid}`, reportDir);
    await environment.up(pairPlatform({ port: 48_434 }), site);
    expect(existsSync(site.record().runDir)).toBe(true);
    expect(await environment.down(site.record())).toEqual([]);
    expect(existsSync(site.record().runDir)).toBe(false);
    const log = await readFile(join(reportDir, 'logs', 'db-primary.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    await rm(reportDir, { recursive: true, force: true });
  });
});
