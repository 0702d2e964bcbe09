import { afterEach, describe, expect, it } from 'vitest';
import type { Running } from '../../src/environments/environment.ts';
import { kill } from '../../src/faults/kill.ts';
import { pause } from '../../src/faults/pause.ts';
import { faultConformance } from '../conformance/fault.ts';
import { database, endAll, parent, promote, up, webBed } from './fault-beds.ts';

afterEach(endAll);

describe('kill', () => {
  const spec = { fault: 'kill', target: 'web', restart: 'held' } as const;

  const nothing = async (running: Running) => {
    await running.signal({ target: 'web', scope: 'component' }, 'SIGKILL');
    return spec;
  };
  faultConformance({ fault: kill, breaks: spec, nothing }, webBed);

  it('never starts a primary that recovery has superseded', async () => {
    const { running } = await up({ database: database });
    const injection = await kill.prepare(running, 'gone', { ...spec, target: 'database.primary' });
    await kill.inject(running, injection);
    await promote(running, 'db-2');
    await kill.heal(running, injection);
    expect(await kill.status(running, injection)).toBe('superseded');
    expect(await running.signal({ target: 'db-1', scope: 'component' }, null)).toEqual([]);
  });

  it('its healthy twin: starts a primary that nothing has superseded', async () => {
    const { running } = await up({ database: database });
    const injection = await kill.prepare(running, 'gone', { ...spec, target: 'database.primary' });
    await kill.inject(running, injection);
    await kill.heal(running, injection);
    expect(await kill.status(running, injection)).toBe('gone');
    expect((await running.address('database.primary')).instance).toBe('db-1');
  });
});

describe('kill of named processes', () => {
  const spec = { fault: 'kill', target: 'web', processes: 'child-of-web', restart: 'allowed' } as const;

  it('leaves their parent alone, and is gone when that has restarted them', async () => {
    const { running, serves } = await webBed({ web: parent });
    const injection = await kill.prepare(running, 'killed', spec);
    const [main] = await running.signal({ target: 'web', scope: 'leader' }, null);
    expect(injection.processes).toHaveLength(1);
    expect(injection.processes[0]?.pid).not.toBe(main?.pid);
    expect(await kill.status(running, injection)).toBe('gone');
    await running.signal({ target: 'web', scope: 'leader' }, 'SIGSTOP');
    await kill.inject(running, injection);
    expect(await kill.status(running, injection)).toBe('active');
    await running.signal({ target: 'web', scope: 'leader' }, 'SIGCONT');
    await expect.poll(() => kill.status(running, injection), { timeout: 20_000 }).toBe('gone');
    await expect.poll(serves, { timeout: 20_000 }).toBe(true);
    expect(await running.signal({ target: 'web', scope: 'leader' }, null)).toEqual([main]);
  });

  it('can be injected and healed twice, also by another process', async () => {
    const { environment, running, serves } = await webBed({ web: parent });
    const injection = await kill.prepare(running, 'killed', spec);
    await kill.inject(running, injection);
    await kill.inject(running, injection);
    const other = await environment.attach(JSON.parse(JSON.stringify(running.record)));
    await kill.heal(other, JSON.parse(JSON.stringify(injection)));
    await kill.heal(running, injection);
    await expect.poll(serves, { timeout: 20_000 }).toBe(true);
    expect(await kill.status(other, injection)).toBe('gone');
  });

  it('refuses a text that no process has', async () => {
    const { running } = await webBed({ web: parent });
    await expect(kill.prepare(running, 'killed', { ...spec, processes: 'no such title' })).rejects.toThrow(
      'killed: nothing to kill, web (web) has no process whose title contains "no such title"',
    );
  });
});

describe('pause', () => {
  const spec = { fault: 'pause', target: 'web' } as const;

  faultConformance(
    { fault: pause, breaks: spec, nothing: async () => ({ ...spec, processes: 'no such title' }) },
    webBed,
  );

  it('has nothing left to release when what it paused was killed', async () => {
    const { running } = await webBed();
    const injection = await pause.prepare(running, 'hung', spec);
    await pause.inject(running, injection);
    await running.signal({ target: 'web', scope: 'component' }, 'SIGKILL');
    await expect.poll(() => pause.status(running, injection)).toBe('superseded');
  });
});
