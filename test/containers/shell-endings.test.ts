import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../src/environments/environment.ts';
import { engineAvailable } from './engine.ts';
import { openTestShells, type TestShells } from './shells.ts';

describe.runIf(engineAvailable)('the end of commands in a container', () => {
  let current: TestShells;
  beforeAll(async () => {
    current = await openTestShells();
  });
  afterAll(() => current?.remove());

  it.each([
    // Whether the polite end was in time is the machine's load, not the shell's doing.
    ['sleeps', 'sleep 4711', /SIG/],
    ['closes its output', 'exec >&- 2>&-; sleep 4711', /SIG/],
    ['never reads, always prints', 'sleep 4711 & yes', /SIG/],
    ['is a loop of bash itself', 'sleep 4711 & while :; do :; done', /SIG/],
    ['left its session', 'setsid sleep 4711', /SIG/],
    ['became another user', 'setpriv --reuid 1000 --clear-groups sleep 4711', /SIG/],
    ['ignores SIGTERM', "trap '' TERM; sleep 4711", /SIGKILL/],
    ['forks and ignores SIGTERM', '(trap "" TERM; sleep 4711 & sleep 4711) & sleep 4711', /SIGKILL/],
  ])('comes in time when it %s', async (_, command, signal) => {
    const result = await current.exec(`echo before; ${command}`, 'late', 1500);
    expect(result).toMatchObject({ exitCode: null, signal: expect.stringMatching(signal), timedOut: true });
    expect(result.stdout.startsWith('before\n')).toBe(true);
    expect(await current.processes('4711')).toEqual([]);
    expect(await current.output('echo next', 'late')).toBe('next\n');
  });

  it('comes when told to', async () => {
    await current.exec('true', 'abort');
    const abort = new AbortController();
    const options = { session: 'abort', timeoutMs: 60_000, abort: abort.signal };
    const running = current.shells.exec('echo on; sleep 4712', options);
    while ((await current.processes('4712')).length === 0) await sleep(50);
    abort.abort();
    expect(await running).toMatchObject({
      exitCode: null,
      signal: expect.stringMatching(/SIG/),
      timedOut: false,
      stdout: 'on\n',
    });
    expect(await current.shells.exec('touch /after', options)).toMatchObject({
      timedOut: false,
      exitCode: null,
    });
    expect(await current.output('ls /')).not.toContain('after');
    expect(await current.processes('4712')).toEqual([]);
  });

  it('leaves no process behind, and takes no more commands', async () => {
    const own = await openTestShells();
    try {
      await own.exec('(sleep 4713 &); setsid sleep 4713 & nohup sleep 4713 >/dev/null 2>&1 & trap "" TERM');
      await own.exec('sleep 4713 & disown; exit 3');
      expect(await own.processes('sleep 4713')).toHaveLength(4);
      await own.shells.close();
      expect(await own.processes('4713')).toEqual([]);
      expect(await own.processes('bash')).toEqual([]);
      await expect(own.exec('true')).rejects.toThrow('closed');
    } finally {
      await own.remove();
    }
  });

  it.each([
    ['killed', (own: TestShells) => own.container.kill(), 'is not running'],
    ['removed', (own: TestShells) => own.container.remove({ force: true }), 'no such container'],
  ])('comes when the container is %s under way', async (_, end, why) => {
    const own = await openTestShells();
    try {
      await own.exec('true', 'a');
      const running = own.exec('echo on; sleep 4714', 'a', 60_000);
      while ((await own.processes('4714')).length === 0) await sleep(50);
      await end(own);
      expect(await running).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: false });
      await expect(own.exec('true', 'a')).rejects.toThrow(EnvironmentError);
      await expect(own.exec('true', 'b')).rejects.toThrow(why);
    } finally {
      await own.remove();
    }
  });

  it('has a result in time when the container is paused, and ends when that goes on', async () => {
    const own = await openTestShells();
    try {
      await own.exec('true', 'a');
      await own.exec('true', 'idle');
      const running = own.exec('echo on; sleep 4715; touch /went-on', 'a', 3000);
      while ((await own.processes('4715')).length === 0) await sleep(20);
      await own.container.pause();
      const started = performance.now();
      expect(await running).toMatchObject({ exitCode: null, signal: null, timedOut: true, stdout: 'on\n' });
      expect(performance.now() - started).toBeLessThan(8000);
      await expect(own.exec('ls', 'idle', 1000)).rejects.toThrow('paused');
      await expect(own.exec('true', 'b', 1000)).rejects.toThrow('paused');
      await own.container.unpause();
      const deadline = performance.now() + 10_000;
      while ((await own.processes('4715')).length > 0 && performance.now() < deadline) await sleep(100);
      expect(await own.processes('4715')).toEqual([]);
      expect(await own.output('ls /', 'a')).not.toContain('went-on');
      expect(await own.output('echo on', 'idle')).toBe('on\n');
    } finally {
      await own.container.unpause().catch(() => {});
      await own.remove();
    }
  });

  it('comes when drillbook is killed', async () => {
    const own = await openTestShells();
    try {
      const script = `
        const [shells, dockerode, containerId] = process.argv.slice(1);
        const [{ openShells }, { default: Dockerode }] = [await import(shells), await import(dockerode)];
        const options = { docker: new Dockerode(), containerId, env: {}, secrets: [], tools: {} };
        await openShells(options).exec('(trap "" TERM; setsid sleep 4716 &); sleep 4716', { session: 'a', timeoutMs: 60000 });`;
      const modules = ['../../src/environments/containers/shells.ts', 'dockerode'].map((name) =>
        import.meta.resolve(name),
      );
      const child = spawn(
        process.execPath,
        ['--no-warnings', '--input-type=module', '-e', script, ...modules, own.container.id],
        { stdio: 'inherit' },
      );
      while ((await own.processes('sleep 4716')).length < 2 && child.exitCode === null) await sleep(50);
      child.kill('SIGKILL');
      const deadline = performance.now() + 20_000;
      while ((await own.processes('4716')).length > 0 && performance.now() < deadline) await sleep(100);
      expect(await own.processes('4716')).toEqual([]);
      expect(await own.processes('bash')).toEqual([]);
    } finally {
      await own.remove();
    }
  });

  it('is told of a container that has no bash', async () => {
    const own = await openTestShells();
    try {
      await own.exec('rm /bin/bash');
      expect(await own.exec('echo on', randomUUID())).toMatchObject({
        exitCode: null,
        notRun: { why: 'tool-missing', reason: expect.stringContaining('bash is not in the container') },
      });
    } finally {
      await own.remove();
    }
  });
});
