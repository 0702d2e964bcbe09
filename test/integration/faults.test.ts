import { afterEach, describe, expect, it } from 'vitest';
import type { Running } from '../../src/environments/environment.ts';
import { kill } from '../../src/faults/kill.ts';
import { pause } from '../../src/faults/pause.ts';
import { faultConformance } from '../conformance/fault.ts';
import { database, endAll, promote, up, webBed } from './fault-beds.ts';

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
