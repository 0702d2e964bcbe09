import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { describeToolboxes, openTestToolbox, testUid, toolboxProcesses } from '../../../test/toolbox.ts';

describeToolboxes('the end of commands', (open) => {
  it.each([
    // Whether the polite end was in time is the machine's load, not the toolbox's doing.
    ['sleeps', 'echo before; sleep 100', /SIG/],
    ['closes its output', 'echo before; exec >&- 2>&-; sleep 100', /SIG/],
    ['never reads, always prints', 'echo before; yes', /SIG/],
    ['is a loop of bash itself', 'echo before; while :; do :; done', /SIG/],
    ['left its session', 'echo before; setsid sleep 100', /SIG/],
    ['ignores SIGTERM', "echo before; trap '' TERM; sleep 100", /SIGKILL/],
    [
      'forks and ignores SIGTERM',
      'echo before; (trap "" TERM; sleep 100 & sleep 100) & sleep 100',
      /SIGKILL/,
    ],
  ])('ends a command in time that %s', async (_, command, signal) => {
    const result = await open().exec(command, 'late', 500);
    expect(result).toMatchObject({ exitCode: null, signal: expect.stringMatching(signal), timedOut: true });
    expect(result.stdout.startsWith('before\n')).toBe(true);
    expect(await open().output('echo next', 'late')).toBe('next\n');
  });

  it('ends a command when told to', async () => {
    const abort = new AbortController();
    const running = open().toolbox.exec('echo on; sleep 100', {
      session: 'abort',
      timeoutMs: 60_000,
      abort: abort.signal,
    });
    await sleep(200);
    abort.abort();
    expect(await running).toMatchObject({
      exitCode: null,
      signal: expect.stringMatching(/SIG/),
      timedOut: false,
    });
    expect(
      await open().toolbox.exec('touch ~/after', {
        session: 'abort',
        timeoutMs: 60_000,
        abort: abort.signal,
      }),
    ).toMatchObject({ timedOut: false, exitCode: null });
    expect(await open().output('ls ~')).not.toContain('after');
  });

  it('runs a program by its argv prefix', async () => {
    const { toolbox } = open();
    const [program = '', ...args] = toolbox.argv;
    const child = spawn(program, [...args, 'bash', '-c', 'pwd; id -u; echo "$1"', 'x', "it's"], {
      env: toolbox.environment,
      cwd: toolbox.cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(Buffer.concat(chunks).toString()).toBe(`${toolbox.cwd}\n${testUid}\nit's\n`);
  });

  it('leaves no process behind, and takes no more commands', async () => {
    const own = await openTestToolbox({ withoutNamespaces: !open().contained });
    const leaving = '(sleep 100 &); setsid sleep 100 & nohup sleep 100 >/dev/null 2>&1 & trap "" TERM; true';
    await own.exec(leaving);
    await own.exec('sleep 100 & disown');
    expect((await toolboxProcesses(own.runId)).length).toBeGreaterThan(3);
    await own.toolbox.close();
    expect(await toolboxProcesses(own.runId)).toEqual([]);
    await expect(own.exec('true')).rejects.toThrow('closed');
    await own.remove();
  });
});
