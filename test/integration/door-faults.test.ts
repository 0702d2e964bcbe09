import { afterEach, describe, expect, it } from 'vitest';
import type { Running } from '../../src/environments/environment.ts';
import { request } from '../../src/faults/request.ts';
import { sql } from '../../src/faults/sql.ts';
import { start } from '../../src/faults/start.ts';
import { faultConformance } from '../conformance/fault.ts';
import {
  database,
  databaseBed,
  doorWeb,
  endAll,
  promote,
  stopper,
  stubborn,
  up,
  webBed,
} from './fault-beds.ts';

afterEach(endAll);

describe('request', () => {
  const spec = {
    fault: 'request',
    target: 'web',
    path: '/admin/faults/down',
    body: { kind: 'down' },
  } as const;

  faultConformance(
    { fault: request, breaks: spec, nothing: async () => ({ ...spec, path: '/no-such-door' }) },
    () => webBed({ web: doorWeb }),
  );

  it('says who answered what when the door refuses', async () => {
    const { running } = await webBed({ web: doorWeb });
    const refused = await request.prepare(running, 'odd', { ...spec, body: { kind: 'odd' } });
    await expect(request.inject(running, refused)).rejects.toThrow(
      /^odd: PUT http:\/\/web:7200\/admin\/faults\/down \(web\) answered 400: .*no kind .*odd/,
    );
  });

  it('cannot tell its status while nothing answers, and says so when it heals', async () => {
    const { running } = await webBed({ web: doorWeb });
    const injection = await request.prepare(running, 'broken', spec);
    await running.signal({ target: 'web', scope: 'component' }, 'SIGKILL');
    expect(await request.status(running, injection)).toBe('unknown');
    await expect(request.heal(running, injection)).rejects.toThrow(/^broken: DELETE .* ECONNREFUSED/);
  });
});

describe('start', () => {
  const spec = { fault: 'start', target: 'stopper' } as const;
  const bed = () => webBed({ web: doorWeb, stopper });

  faultConformance(
    {
      fault: start,
      breaks: spec,
      nothing: async (running) => {
        await running.start('stopper', 'normal');
        return spec;
      },
    },
    bed,
  );

  it('starts as many as asked, and ends all of them, also those that take no SIGTERM', async () => {
    const { running } = await webBed({ web: doorWeb, stubborn });
    const injection = await start.prepare(running, 'jobs', {
      fault: 'start',
      target: 'stubborn',
      replicas: 3,
    });
    await start.inject(running, injection);
    const started = await running.signal({ target: 'stubborn', scope: 'component' }, null);
    expect(started.map(({ instance }) => instance).toSorted()).toEqual([
      'stubborn',
      'stubborn-2',
      'stubborn-3',
    ]);
    await start.heal(running, injection);
    expect(await start.status(running, injection)).toBe('gone');
  });

  it('says what a job wrote that ended before it was ready', async () => {
    const failing = {
      command: ['${node}', '-e', 'console.error("no table"); process.exit(3)'],
      ready: { http: '/' },
      port: 7201,
      replicas: 0,
    };
    const { running } = await webBed({ web: doorWeb, failing });
    const injection = await start.prepare(running, 'job', { fault: 'start', target: 'failing' });
    await expect(start.inject(running, injection)).rejects.toThrow(/exit code 3.*no table/s);
    expect(await start.status(running, injection)).toBe('gone');
  });
});

describe('sql', () => {
  const spec = {
    fault: 'sql',
    target: 'database.primary',
    inject: 'alter role app connection limit 0',
    heal: 'alter role app connection limit -1',
    active: "select rolconnlimit = 0 from pg_roles where rolname = 'app'",
  } as const;

  const nothing = async (running: Running) => {
    await running.signal({ target: 'db-1', scope: 'component' }, 'SIGKILL');
    return spec;
  };
  faultConformance({ fault: sql, breaks: spec, nothing }, databaseBed);

  it('stays with the instance that it was prepared for, when the role moves', async () => {
    const { running } = await up({ database });
    const paused = {
      fault: 'sql',
      target: 'database.replica',
      inject: 'select pg_wal_replay_pause()',
      heal: 'select pg_wal_replay_resume() where pg_is_in_recovery()',
      active: 'select pg_is_wal_replay_paused() where pg_is_in_recovery()',
    } as const;
    const injection = await sql.prepare(running, 'paused', paused);
    await sql.inject(running, injection);
    expect(injection.instance).toBe('db-2');
    expect(await sql.status(running, injection)).toBe('active');
    await promote(running, 'db-2');
    expect(await sql.status(running, injection)).toBe('gone');
    await sql.heal(running, injection);
  });

  it('has no way back without "heal", gives the server\'s message, and keeps its login to itself', async () => {
    const { running } = await up({ database });
    const bad = {
      fault: 'sql',
      target: 'database',
      inject: 'create table t as select 1 as c; update t set c = 2',
    } as const;
    const injection = await sql.prepare(running, 'bad', bad);
    const { administrator } = await running.address('database.primary');
    expect(JSON.stringify(injection)).not.toContain(administrator?.password);
    await sql.inject(running, injection);
    await sql.heal(running, injection);
    expect(await sql.status(running, injection)).toBe('superseded');
    await expect(sql.inject(running, injection)).rejects.toThrow(
      'bad: "inject" on db-1: relation "t" already exists (42P07)',
    );
  });

  it('refuses what is no database', async () => {
    const { running } = await webBed();
    await expect(sql.prepare(running, 'none', { ...spec, target: 'web' })).rejects.toThrow(
      'web (web) is no database',
    );
  });
});
