import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineAvailable } from './engine.ts';
import { type RestoreBed, startRestoreBed, until } from './restore-bed.ts';

/** Two of its restores, with all members lost in between: with DRILLBOOK_FULL=1 only. */
const full = process.env.DRILLBOOK_FULL === '1';
const toProduction = ['--target', 'production'];

interface Written {
  readonly id: number;
  /** Where the WAL was before it, and after its acknowledgement. */
  readonly before: string;
  readonly after: string;
  readonly acknowledged: number;
}

describe.runIf(engineAvailable && full)('a database with backups in a repository', () => {
  let bed: RestoreBed;
  let backup: string;
  beforeAll(async () => {
    bed = await startRestoreBed();
    await bed.ask('db-primary', 'create table marks (id int primary key, good bool not null default true)');
  }, 600_000);
  afterAll(() => bed?.stop(), 60_000);

  const marks = (member: string) =>
    bed.ask(member, "select string_agg(id || ':' || good, ' ' order by id) from marks");
  const segment = () =>
    bed.ask('db-primary', 'select substr(pg_walfile_name(pg_current_wal_insert_lsn()), 9)');

  async function write(id: number): Promise<Written> {
    const before = await segment();
    await bed.ask('db-primary', `insert into marks values (${id})`);
    const acknowledged = performance.now();
    return { id, before, after: await segment(), acknowledged };
  }

  /** Segments of WAL of the newest time line that are in the repository. */
  async function archived(): Promise<string> {
    const [stanza] = JSON.parse(
      await bed.exec(
        'backup-repository',
        'runuser',
        '-u',
        'postgres',
        '--',
        'pgbackrest',
        'info',
        '--output=json',
      ),
    ) as readonly [{ readonly archive: readonly { readonly max: string }[] }];
    return stanza.archive.at(-1)?.max.slice(8) ?? '';
  }

  /** Not by time: a segment in which nothing was written is never sent. */
  async function allArchived(): Promise<void> {
    const last = await bed.ask('db-primary', 'select substr(pg_walfile_name(pg_switch_wal()), 9)');
    await until(async () => (await archived()) >= last);
  }

  it('lists its backups', async () => {
    const { exitCode, stdout, stderr } = await bed.restoreManager('list');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^\d{8}-\d{6}F {2}full {2}ended \S+Z {2}\d+ MB\n$/);
    backup = stdout.split(' ')[0] ?? '';
  });

  it('is not touched for a backup that is not there, another target, or a time that the backup does not reach', async () => {
    const since = await bed.ask('db-primary', 'select pg_postmaster_start_time()');
    const refused = async (...args: readonly string[]) => {
      const { exitCode, stdout, stderr } = await bed.restoreManager('restore', ...args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain('Nothing was touched.');
      return stderr;
    };
    expect(await refused('--backup-id', '20200101-000000F', ...toProduction)).toContain(
      `there are: ${backup}`,
    );
    expect(await refused('--backup-id', backup, '--target', 'staging')).toContain(
      'the only one is "production"',
    );
    expect(await refused('--backup-id', backup, ...toProduction, '--time', '2020-01-01T00:00:00Z')).toContain(
      'restore an older one',
    );
    await bed.kill('backup-repository');
    expect(await refused('--backup-id', backup, ...toProduction)).toContain('repository does not answer');
    await bed.start('backup-repository');
    expect(await bed.ask('db-primary', 'select pg_postmaster_start_time()')).toBe(since);
  }, 120_000);

  it('comes back after the loss of all members with exactly the segments that were archived', async () => {
    const written: Written[] = [];
    const atFirst = await archived();
    for (let id = 1; (await archived()) <= atFirst || id < 20; id++) written.push(await write(id));
    // A segment is never archived before a later one is written to: the last of these rows are lost.
    written.push(await write(written.length + 1));
    const fault = performance.now();
    await bed.kill('db-primary', 'db-replica-1');
    const upTo = await archived();

    const { exitCode, stdout, stderr } = await bed.restoreManager(
      'restore',
      '--backup-id',
      backup,
      ...toProduction,
    );
    console.log(stdout); // what a restore took, and what was lost, on this machine
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const present = new Set((await marks('db-primary')).split(' ').map((mark) => Number(mark.split(':')[0])));
    const lost = written.filter(({ id }) => !present.has(id));
    console.log(
      `lost ${lost.length} of ${written.length} rows, ${(fault - (lost[0]?.acknowledged ?? fault)).toFixed(0)} ms`,
    );
    expect(written.filter(({ after }) => after <= upTo).length).toBeGreaterThan(0);
    expect(written.filter(({ id, after }) => after <= upTo && !present.has(id))).toEqual([]);
    expect(written.filter(({ id, before }) => before > upTo && present.has(id))).toEqual([]);
    expect(await marks('db-replica-1')).toBe(await marks('db-primary'));
  }, 280_000);

  it('is put back to the time before a bad change', async () => {
    await bed.ask('db-primary', 'insert into marks values (1000)');
    const before = await marks('db-primary');
    const time = await bed.ask(
      'db-primary',
      'select to_char(now() at time zone \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')',
    );
    await bed.ask('db-primary', 'update marks set good = false; insert into marks values (1001)');
    expect(await marks('db-primary')).not.toBe(before);
    await allArchived();

    const { exitCode, stdout, stderr } = await bed.restoreManager(
      ...['restore', '--backup-id', backup, ...toProduction, '--time', time],
    );
    console.log(stdout);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(await marks('db-primary')).toBe(before);
    await bed.ask('db-primary', 'insert into marks values (1002)');
    await until(async () => (await marks('db-replica-1')) === (await marks('db-primary')));
  }, 280_000);

  it('is put back to the end of the archive when that is before the time', async () => {
    const before = await marks('db-primary');
    await allArchived();
    const time = new Date().toISOString();
    await bed.kill('db-primary', 'db-replica-1');
    const { exitCode, stdout, stderr } = await bed.restoreManager(
      ...['restore', '--backup-id', backup, ...toProduction, '--time', time],
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('; the archive ends before that, so to its end\n');
    expect(await marks('db-primary')).toBe(before);
  }, 280_000);
});
