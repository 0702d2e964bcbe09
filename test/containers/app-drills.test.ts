import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { full } from '../full.ts';
import { runbooks, runShipped, type ShippedRun } from '../shipped-drill.ts';
import { engineAvailable } from './engine.ts';

const limit = { timeout: 600_000 };
const passed = { exitCode: 0, notPassed: [] };

/** What became of the questions that were asked twice: beginning of the command → outcome. */
function answers({ result }: ShippedRun): { [command: string]: unknown } {
  const asked = result.findings.filter(({ figures }) => figures?.demanded !== undefined);
  return Object.fromEntries(
    asked.map(({ message, figures }) => [
      /"([^"]*?)[/ ]*(?: -c )?"/.exec(message)?.[1] ?? '',
      figures?.outcome,
    ]),
  );
}

const noticed = (run: ShippedRun): string[] =>
  Object.entries(answers(run)).flatMap(([command, outcome]) => (outcome === 'noticed' ? [command] : []));

describe.runIf(engineAvailable)('drills of the services', limit, () => {
  it('redis-primary-loss/async: what the replica had not heard of is lost, and found', async () => {
    const run = await runShipped('redis-primary-loss/async');
    expect(run).toMatchObject(passed);
    expect(run.result.figures.lost).toBeGreaterThan(0);
    expect(run.result.findings.map(({ message }) => message).join('\n')).toMatch(
      /The superseded instance still had \d+ of them/,
    );
  });

  it('system-health-check/certificate: those who ask by https notice, the others see a healthy platform', async () => {
    const run = await runShipped('system-health-check/certificate');
    expect(run).toMatchObject(passed);
    expect(noticed(run).filter((command) => command.startsWith('curl -I'))).toHaveLength(2);
    expect(noticed(run).some((command) => command.startsWith('openssl s_client'))).toBe(true);
    expect(noticed(run).some((command) => /^(psql|redis-cli|for name)/.test(command))).toBe(false);
  });

  it('slow-database: users cross their thresholds, and are all there', async () => {
    const run = await runShipped('slow-database');
    expect(run).toMatchObject(passed);
    const load = run.result.findings.filter(({ rule }) => rule.startsWith('load'));
    expect(load.map(({ message }) => message).join('\n')).toMatch(/http_req_failed|http_req_duration/);
  });

  describe.runIf(full)('all of them', () => {
    it('redis-primary-loss/wait: nothing that a replica had confirmed is lost', async () => {
      const run = await runShipped('redis-primary-loss/wait');
      expect(run).toMatchObject(passed);
      expect(run.result.figures.lost).toBe(0);
    });

    it.each(['database', 'redis', 'external', 'dns', 'cdn', 'provider'])(
      'system-health-check/%s',
      async (variant) => {
        const run = await runShipped(`system-health-check/${variant}`);
        expect(run).toMatchObject(passed);
        expect(noticed(run).length).toBeGreaterThan(0);
        expect(noticed(run).length).toBeLessThan(Object.keys(answers(run)).length);
      },
    );

    it('redis-silent: services say so, and come back by themselves', async () => {
      expect(await runShipped('redis-silent')).toMatchObject(passed);
    });

    it('health-verification: the error rate needs its correction', async () => {
      const run = await runShipped('health-verification');
      expect(run).toMatchObject(passed);
      const commands = run.result.steps.filter(({ kind }) => kind === 'command');
      expect(commands.map(({ outcome }) => outcome)).toEqual([...Array(5).fill('as-written'), 'corrected']);
    });

    it.runIf(existsSync(runbooks.originals))(
      'system-health-check/database on the original runbook',
      async () => {
        expect(await runShipped('system-health-check/database', runbooks.originals)).toMatchObject(passed);
      },
    );

    it.runIf(existsSync(runbooks.originals))('health-verification on the original runbook', async () => {
      const run = await runShipped('health-verification', runbooks.originals);
      // It has no review date, so its correction is due.
      expect(run.notPassed).toEqual([expect.stringContaining('the runbook has no review')]);
    });
  });
});
