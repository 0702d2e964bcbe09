import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EnvironmentRecord } from '../../src/environments/environment.ts';
import { createLocalEnvironment } from '../../src/environments/local/index.ts';
import { processFinder } from '../../src/environments/local/run-processes.ts';

const script = resolve('test/integration/local-run.ts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Lines that the other process prints, awaited one by one. */
function startRun(runId: string, port: number): { readonly child: ChildProcess; line(): Promise<string> } {
  const child = spawn(process.execPath, ['--no-warnings', script, runId, folder, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}

async function expectNothingLeft(record: EnvironmentRecord): Promise<void> {
  expect(await createLocalEnvironment().down(record)).toEqual([]);
  expect(processFinder(record).all()).toEqual([]);
  expect(existsSync(record.runDir)).toBe(false);
}

describe('after kill -9 of the process that made it', () => {
  it('a platform that was up, one of its databases killed and one stopped, is removed from the record', async () => {
    const { child, line } = startRun(`crash-${process.pid}`, 48_532);
    const record = JSON.parse(await line()) as EnvironmentRecord;
    expect(await line()).toContain('up');
    await killed(child);
    const running = await createLocalEnvironment().attach(record);
    expect((await running.address('database.primary')).instance).toBe('db-primary');
    await running.signal({ target: 'database.primary', scope: 'component', hold: true }, 'SIGKILL');
    await running.signal({ target: 'db-replica-1', scope: 'component' }, 'SIGSTOP');
    expect(processFinder(record).all().length).toBeGreaterThan(0);
    await expectNothingLeft(record);
  });

  it.each([0, 100, 400, 900, 1500])(
    'a platform that was still being made is, too (%i ms after its record)',
    async (afterMs) => {
      const { child, line } = startRun(`crash-${process.pid}-${afterMs}`, 48_533);
      const record = JSON.parse(await line()) as EnvironmentRecord;
      await sleep(afterMs);
      await killed(child);
      await expectNothingLeft(record);
    },
  );
});

describe.runIf(process.getuid?.() === 0 && process.platform === 'linux')('as an ordinary user', () => {
  it('brings a pair up and takes it down again', async () => {
    await chmod(folder, 0o777);
    const user = ['--reuid=65534', '--regid=65534', '--clear-groups'];
    const command = [
      process.execPath,
      '--no-warnings',
      script,
      `ordinary-${process.pid}`,
      folder,
      '48534',
      'down',
    ];
    const child = spawn('setpriv', [...user, ...command], {
      env: { PATH: process.env.PATH, XDG_CACHE_HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(errors).toBe('');
    expect(output.split('\n').slice(1)).toEqual([
      'up says that it is not in recovery, on time line 1',
      'left []',
      '',
    ]);
  });
});
