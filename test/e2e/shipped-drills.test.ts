import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resultSchema } from '../../src/reporters/result.ts';
import { cli, withReports } from '../drill-process.ts';
import { leftoversOf, recordOf } from '../leftovers.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ours = join(root, 'fixtures/runbooks');
/** The users' own documents, where they are beside the checkout. */
const originals = join(root, '../shared/runbooks');

async function drill(name: string, runbooks: string) {
  return withReports(async (out) => {
    const args = ['run', name, '--runbooks', runbooks, '--out', out, '--today', '2026-11-22', '--json'];
    const { exitCode, stdout, stderr } = await cli(args, { cwd: root });
    const { runs } = JSON.parse(stdout) as { runs: { directory: string }[] };
    const [run] = runs;
    if (run === undefined) throw new Error(`nothing ran: ${stderr}`);
    const result = resultSchema.parse(JSON.parse(await readFile(join(run.directory, 'result.json'), 'utf8')));
    const record = await recordOf(join(run.directory, 'journal.ndjson'));
    expect(record === null ? ['no record'] : await leftoversOf(record)).toEqual([]);
    const notPassed = result.findings.filter(({ status }) => status !== 'pass').map(({ message }) => message);
    return { exitCode, result, notPassed };
  });
}

describe.each([
  ['our runbooks', ours],
  ['the originals', originals],
])('on %s', (_, runbooks) => {
  const there = existsSync(runbooks);

  it.runIf(there)(
    'database-primary-loss/async: recovered, and the writes that were lost are found',
    async () => {
      const { exitCode, result, notPassed } = await drill('database-primary-loss/async', runbooks);
      expect({ exitCode, notPassed }).toEqual({ exitCode: 0, notPassed: [] });
      const { rtoLowerMs, rtoUpperMs, lost, rpoMs } = result.figures;
      expect(rtoUpperMs).toBeGreaterThan(rtoLowerMs ?? Number.POSITIVE_INFINITY);
      expect(lost).toBeGreaterThan(0);
      expect(rpoMs).toBeGreaterThan(0);
      const promote = result.steps.find(({ text }) => text.startsWith('aws rds promote-read-replica'));
      expect(promote?.attempts[0]).toMatchObject({
        attempt: 'as-written',
        exitCode: 0,
        checks: [{ ok: true }],
      });
    },
  );

  it.runIf(there)('database-primary-loss/sync: recovered, and nothing was lost', async () => {
    const { exitCode, result, notPassed } = await drill('database-primary-loss/sync', runbooks);
    expect({ exitCode, notPassed }).toEqual({ exitCode: 0, notPassed: [] });
    expect(result.figures).toMatchObject({ lost: 0, rpoMs: 0 });
    expect(result.figures.acked).toBeGreaterThan(500);
  });

  it.runIf(there)('mcp-server-crash: recovered by the runbook, its kubectl not proved', async () => {
    const { exitCode, result, notPassed } = await drill('mcp-server-crash', runbooks);
    expect({ exitCode, notPassed }).toEqual({ exitCode: 0, notPassed: [] });
    const scale = result.steps.find(({ text }) => text.startsWith('kubectl scale deployment mcp-aws'));
    expect(scale).toMatchObject({ outcome: 'not-proved', attempts: [{ standIns: ['kubectl'] }] });
  });
});
