import { afterEach, describe, expect, it } from 'vitest';
import type { Running } from '../../src/environments/environment.ts';
import { clock } from '../../src/faults/clock.ts';
import { fillDisk } from '../../src/faults/fill-disk.ts';
import { limit } from '../../src/faults/limit.ts';
import { replaceFile } from '../../src/faults/replace-file.ts';
import { faultConformance } from '../conformance/fault.ts';
import { engineAvailable } from './engine.ts';
import { ask, bed, containersIn, endAll, inside, restart, timed, web } from './fault-beds.ts';

afterEach(endAll);

describe.runIf(engineAvailable)('fill-disk', () => {
  const spec = { fault: 'fill-disk', target: 'web', path: '/data' } as const;
  const disk = () => bed({ web }, async (running) => (await ask(running, 'web', '/write')) === 'written');

  faultConformance({ fault: fillDisk, breaks: spec, nothing: async () => ({ ...spec, path: '/etc' }) }, disk);

  it('refuses what may be the disk of the host, and says how to give it another', async () => {
    const { running } = await disk();
    await expect(fillDisk.prepare(running, 'full', { ...spec, path: '/var' })).rejects.toThrow(
      /^full: \/var of web \(web\) is on overlay .* mounted at \/\), which may be the host's disk: .*"tmpfs"/,
    );
    await expect(fillDisk.prepare(running, 'full', { ...spec, path: '/nowhere' })).rejects.toThrow(
      'full: looking at /nowhere in web: exit code 1: no such folder',
    );
  });

  it('leaves what it is told to leave', async () => {
    const { running, serves } = await disk();
    const injection = await fillDisk.prepare(running, 'nearly', { ...spec, leave: 4 });
    await fillDisk.inject(running, injection);
    expect(await inside(running, 'web', 'df -P -k /data | tail -1')).toMatch(/ 16384 +12288 +4096 /);
    expect(await serves()).toBe(true);
  });

  it('is superseded when its container was stopped, which empties a tmpfs', async () => {
    const { running, serves } = await disk();
    const injection = await fillDisk.prepare(running, 'full', spec);
    await fillDisk.inject(running, injection);
    await running.signal({ target: 'web', scope: 'component' }, 'SIGKILL');
    expect(await fillDisk.status(running, injection)).toBe('superseded');
    await fillDisk.heal(running, injection);
    await running.start('web', 'normal');
    expect(await fillDisk.status(running, injection)).toBe('superseded');
    await expect.poll(serves, { timeout: 20_000 }).toBe(true);
  });
});

describe.runIf(engineAvailable)('limit', () => {
  const spec = { fault: 'limit', target: 'web', cpus: 0.01 } as const;
  const busy = (more = {}) =>
    bed({ web: { ...web, ...more } }, async (running) => (await ask(running, 'web', '/work')) === 'done');

  faultConformance(
    { fault: limit, breaks: spec, nothing: async () => ({ fault: 'limit', target: 'web', memory: 256 }) },
    () => busy({ cpus: 1 }),
  );

  it('gives back what had no limit at all', async () => {
    const { running } = await busy({ memory: undefined });
    const injection = await limit.prepare(running, 'poor', { ...spec, memory: 128 });
    await limit.inject(running, injection);
    expect(await containersIn(running).state('web')).toMatchObject({
      cpus: 0.01,
      memoryBytes: 128 * 2 ** 20,
    });
    await limit.heal(running, injection);
    expect(await limit.status(running, injection)).toBe('gone');
    expect(await containersIn(running).state('web')).toMatchObject({ cpus: 0, memoryBytes: 0 });
  });

  it('leaves a limit alone that the recovery has raised', async () => {
    const { running } = await busy();
    const injection = await limit.prepare(running, 'poor', { fault: 'limit', target: 'web', memory: 128 });
    await limit.inject(running, injection);
    await containersIn(running).change('web', { memoryBytes: 512 * 2 ** 20 });
    expect(await limit.status(running, injection)).toBe('superseded');
    await limit.heal(running, injection);
    expect((await containersIn(running).state('web')).memoryBytes).toBe(512 * 2 ** 20);
  });
});

describe.runIf(engineAvailable)('clock', () => {
  const spec = { fault: 'clock', target: 'timed', offset: '-1h' } as const;
  const onTime = async (running: Running) =>
    Math.abs(Number(await ask(running, 'timed', '/clock')) - Date.now()) < 60_000;
  const clocked = () => bed({ timed, web }, onTime);

  // The server follows within libfaketime's cache time: what the conformance asks at once, it has to ask again.
  faultConformance(
    { fault: slowly(clock), breaks: spec, nothing: async () => ({ ...spec, target: 'web' }) },
    clocked,
  );

  /** Injects and waits until a program that runs has looked at the file again. */
  function slowly(fault: typeof clock): typeof clock {
    return {
      ...fault,
      inject: async (running, injection) => {
        await fault.inject(running, injection);
        await expect.poll(() => onTime(running), { timeout: 20_000 }).toBe(false);
      },
    };
  }

  it('says what is missing of a component whose clock cannot be put off', async () => {
    const { running } = await clocked();
    await expect(clock.prepare(running, 'late', { ...spec, target: 'web' })).rejects.toThrow(
      'late: web (web) has no FAKETIME_FILE: give it that env in the platform file',
    );
  });

  it('puts a clock forward, and outlives a restart', async () => {
    const { running } = await clocked();
    const injection = await clock.prepare(running, 'early', { ...spec, offset: '+90s' });
    await clock.inject(running, injection);
    await restart(running, 'timed');
    await expect.poll(() => ask(running, 'timed', '/'), { timeout: 20_000 }).toBe('ok');
    expect(Number(await ask(running, 'timed', '/clock')) - Date.now()).toBeGreaterThan(80_000);
    expect(await clock.status(running, injection)).toBe('active');
  });
});

describe.runIf(engineAvailable)('replace-file', () => {
  const spec = {
    fault: 'replace-file',
    target: 'web',
    path: '/etc/served',
    text: 'bad ${secret.key}\n',
    apply: 'kill -HUP 1',
  } as const;
  const good = () => bed({ web }, async (running) => (await ask(running, 'web', '/text')) === 'good\n');

  faultConformance(
    { fault: replaceFile, breaks: spec, nothing: async () => ({ ...spec, path: '/etc/no-such' }) },
    good,
  );

  it('fills secrets that its record does not have, and keeps mode and owner', async () => {
    const { running } = await good();
    await inside(running, 'web', 'chmod 0640 /etc/served; chown node:games /etc/served');
    const injection = await replaceFile.prepare(running, 'bad', spec);
    await replaceFile.inject(running, injection);
    expect(await ask(running, 'web', '/text')).toBe(running.fill(spec.text));
    expect(running.fill(spec.text)).toMatch(/^bad .{8,}\n$/);
    expect(JSON.stringify(injection)).not.toContain(running.fill('${secret.key}'));
    const listed = 'stat -c "%a %U %G" /etc/served /etc/served.drillbook-original';
    expect(await inside(running, 'web', listed)).toBe('640 node games\n640 node games\n');
    await replaceFile.heal(running, injection);
    expect(await inside(running, 'web', 'stat -c "%a %U %G" /etc/served*')).toBe('640 node games\n');
  });

  it('leaves what the recovery has put there', async () => {
    const { running } = await good();
    const injection = await replaceFile.prepare(running, 'bad', spec);
    await replaceFile.inject(running, injection);
    await inside(running, 'web', 'echo better > /etc/served');
    expect(await replaceFile.status(running, injection)).toBe('superseded');
    await replaceFile.heal(running, injection);
    expect(await inside(running, 'web', 'cat /etc/served*')).toBe('better\n');
  });

  it('says what a failed reload wrote, and cannot know anything while its container is down', async () => {
    const { running } = await good();
    const failing = { ...spec, apply: 'echo no such signal >&2; exit 3' };
    const injection = await replaceFile.prepare(running, 'bad', failing);
    await expect(replaceFile.inject(running, injection)).rejects.toThrow(
      'bad: applying the change of /etc/served in web: exit code 3: no such signal',
    );
    await running.signal({ target: 'web', scope: 'component' }, 'SIGKILL');
    expect(await replaceFile.status(running, injection)).toBe('unknown');
    await expect(replaceFile.heal(running, injection)).rejects.toThrow('bad: web is not running');
  });
});
