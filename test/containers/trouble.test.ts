import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MarkEvent } from '../../src/timeline/events.ts';
import { cli, startCli } from '../drill-process.ts';
import { eventsOf } from '../leftovers.ts';
import { engineAvailable } from './engine.ts';
import { startEngineProxy } from './engine-proxy.ts';
import { journalIn, leftOfRuns, untilEvent } from './of-run.ts';

const cwd = join(import.meta.dirname, 'shop');

let folder: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drillbook-bad-days-'));
  out = join(folder, 'reports');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const drill = (variant = 'plain', into = out) => [
  ...['run', `shop-killed/${variant}`, '--out', into, '--today', '2026-11-22'],
];
const marks = async (): Promise<readonly MarkEvent[]> =>
  (await eventsOf(await journalIn(out))) as readonly MarkEvent[];

describe.runIf(engineAvailable)('a bad day of a run in containers', () => {
  it('is none: two runs at once do not meet on the same documented port, and nothing of them is left', async () => {
    const folders = [join(folder, 'a'), join(folder, 'b')];
    const ended = await Promise.all(folders.map((into) => cli(drill('plain', into), { cwd })));
    for (const { stdout } of ended) expect(stdout).toMatch(/runbook +pass.*cleanup +pass/s);
    for (const into of folders) expect(await leftOfRuns(into)).toEqual([]);
  });

  it.each(['environment', 'component.started', 'fault.injected', 'fault.healed'])(
    'kill -9 of drillbook after %s: heal leaves nothing',
    async (event) => {
      const { child, ended } = startCli(drill(), { cwd });
      await untilEvent(out, event);
      child.kill('SIGKILL');
      await ended;
      expect(await cli(['heal', '--out', out], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await leftOfRuns(out)).toEqual([]);
      expect(await cli(['heal', '--out', out], { cwd })).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('nothing to heal'),
      });
    },
  );

  it('Ctrl-C heals, takes everything down, and is inconclusive', async () => {
    const { child, ended } = startCli(drill(), { cwd });
    await untilEvent(out, 'fault.injected');
    expect(await leftOfRuns(out)).not.toEqual([]);
    child.kill('SIGINT');
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(2);
    expect(stderr).toContain('stopped by SIGINT');
    expect(await leftOfRuns(out)).toEqual([]);
  });

  it.each(['component.started', 'fault.injected'])(
    'an engine that is gone after %s: inconclusive, says that heal is left to do, and heal does it when it is back',
    async (event) => {
      await using engine = await startEngineProxy(join(folder, 'engine.sock'));
      const env = { DOCKER_HOST: engine.host };
      const { ended } = startCli(drill(), { cwd, env });
      await untilEvent(out, event);
      await engine.cut();
      const { exitCode, stdout, stderr } = await ended;
      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 2,
        stderr: expect.not.stringContaining('defect'),
      });
      expect(stdout).toContain('INCONCLUSIVE');
      const down = (await marks()).findLast((mark) => mark.type === 'environment.down');
      expect(down?.leftovers.join()).toMatch(/run "drillbook heal" when it answers/);
      expect(await leftOfRuns(out)).not.toEqual([]);

      const tooEarly = await cli(['heal', '--out', out], { cwd, env });
      expect(tooEarly).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('when it answers') });
      await engine.mend();
      expect(await cli(['heal', '--out', out], { cwd, env })).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await leftOfRuns(out)).toEqual([]);
    },
  );

  it('an image that cannot be built: its last lines, and nothing is left', async () => {
    const { exitCode, stdout } = await cli(drill('no-image'), { cwd });
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('broken-image could not be built'),
    });
    const error = (await marks()).find((mark) => mark.type === 'error');
    expect(error?.message).toMatch(
      /could not be built: .*exit 7.*non-zero code: 7; the engine's last lines:/s,
    );
    expect(error?.message).toContain('\nthe part is missing that this needs\n');
    expect(await leftOfRuns(out)).toEqual([]);
  });
});

describe.runIf(engineAvailable)('what is said before anything starts', () => {
  const refused = async (variant: string): Promise<string> => {
    const { exitCode, stderr } = await cli(drill(variant), { cwd });
    expect({ exitCode, marks: await marks() }).toEqual({ exitCode: 3, marks: [] });
    return stderr;
  };

  it('a port that is taken on all addresses, and by whom; a port of one address is no matter', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(7701, '0.0.0.0', done));
    try {
      expect(await refused('taken-port')).toMatch(
        /shop:7701: port 7701 is taken on all addresses by .*\(pid \d+\)/,
      );
    } finally {
      await new Promise((done) => server.close(done));
    }
    await new Promise<void>((done) => server.listen(7701, '127.0.0.1', done));
    try {
      expect(await cli(drill('taken-port'), { cwd })).toMatchObject({ exitCode: 0 });
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it('a folder to mount that is not there', async () => {
    expect(await refused('no-mount')).toMatch(
      /shop: mounts: there is no .*no-such-folder\. correct its path/,
    );
  });

  it('components that may use more memory than the engine has, with both figures', async () => {
    expect(await refused('too-much-memory')).toMatch(
      /may use 524,288 MB of memory together, and the container engine has [\d,]+ MB\. give the engine more/,
    );
  });

  it('an engine that is not there', async () => {
    await mkdir(out);
    const env = { DOCKER_HOST: `unix://${folder}/none.sock` };
    const { exitCode, stderr } = await cli(drill(), { cwd, env });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /this machine cannot run it:\n {2}no container engine answers: there is no socket/,
    );
    const listed = await cli(['list'], { cwd, env });
    expect(listed.stdout).toMatch(/^shop-killed\/plain +containers \(not here\)/m);
  });
});
