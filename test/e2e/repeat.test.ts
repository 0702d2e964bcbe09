import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cli, startCli, withReports } from '../drill-process.ts';

const cwd = fileURLToPath(new URL('../sabotage/project', import.meta.url));

describe('run --repeat', () => {
  it('runs the whole set several times and tells the spread of each drill', async () => {
    await withReports(async (out) => {
      const drills = ['shop-loss/healthy', 'shop-loss/loses-writes'];
      const { exitCode, stdout } = await cli(['run', ...drills, '--repeat', '2', '--json', '--out', out], {
        cwd,
      });
      const { runs, repeats, overall } = JSON.parse(stdout);
      expect([exitCode, overall]).toEqual([1, 'fail']);
      expect(runs.map(({ name }: { name: string }) => name)).toEqual([...drills, ...drills]);
      expect(repeats).toMatchObject([
        { name: drills[0], runs: 2, verdicts: { pass: 2 }, differing: [], rpo: { runsThatLost: 0 } },
        { name: drills[1], runs: 2, verdicts: { fail: 2 }, differing: [], rpo: { chanceAtMost: null } },
      ]);
      expect(repeats[0].rto.min.ms).toBeLessThanOrEqual(repeats[0].rto.max.ms);
      expect(repeats[0].rpo.chanceAtMost).toBeCloseTo(1 - Math.sqrt(0.05));
    });
  });

  it('starts no further run after Ctrl-C, and still shows what it has', async () => {
    await withReports(async (out) => {
      const { child, ended } = startCli(
        ['run', 'shop-loss/healthy', '--repeat', '50', '--json', '--out', out],
        {
          cwd,
        },
      );
      let said = '';
      child.stderr?.on('data', (text) => {
        said += text;
      });
      while (!said.includes('run 2 of 50') && child.exitCode === null) await sleep(20);
      child.kill('SIGINT');
      const { stdout, stderr } = await ended;
      const { runs } = JSON.parse(stdout);
      expect(runs).toHaveLength(2);
      expect(runs[1].result.verdict.overall).toBe('inconclusive');
      expect(stderr).not.toContain('run 3 of 50');
    });
  });

  it.each([['0'], ['1.5'], ['many']])('refuses --repeat %s', async (times) => {
    const { exitCode, stderr } = await cli(['run', 'shop-loss/healthy', '--repeat', times], { cwd });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('--repeat takes a whole number')]);
  });

  it('refuses to keep more than one platform', async () => {
    const { exitCode, stderr } = await cli(['run', '--repeat', '2', '--keep'], { cwd });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('leave out --repeat')]);
  });
});
