import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judged, judgedBy } from '../../test/reporters/judged.ts';
import { reporters } from './index.ts';

/** What holds for every reporter, whatever it writes. */
describe.each(reporters.map((reporter) => [reporter.name, reporter] as const))(
  'reporter %s',
  (_, reporter) => {
    let directory: string;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
    });
    afterEach(async () => {
      await rm(directory, { recursive: true });
    });

    it('writes the files it names and no others', async () => {
      const named = await reporter.write(judged(), directory);
      expect((await readdir(directory)).sort()).toEqual([...named].sort());
    });

    it('writes the same again for the same run', async () => {
      const read = async () => {
        const named = await reporter.write(judged(), directory);
        return Promise.all(named.map((name) => readFile(join(directory, name), 'utf8')));
      };
      expect(await read()).toEqual(await read());
    });

    it('lets no control character through', async () => {
      const nasty = String.fromCharCode(27, 7, 0, 8);
      const findings = judged().findings.map((finding) => ({
        ...finding,
        message: `${nasty}[2J${finding.message}`,
        details: [nasty],
      }));
      for (const name of await reporter.write(judgedBy(findings), directory)) {
        expect((await readFile(join(directory, name), 'utf8')).replace(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
      }
    });

    it('writes something of a run without findings', async () => {
      for (const name of await reporter.write(judgedBy([]), directory)) {
        expect(await readFile(join(directory, name), 'utf8')).toContain('database-primary-loss');
      }
    });
  },
);

it('no two reporters write the same file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
  try {
    const named = (
      await Promise.all(reporters.map((reporter) => reporter.write(judged(), directory)))
    ).flat();
    expect(named.sort()).toEqual(['junit.xml', 'report.html', 'result.json', 'summary.md']);
  } finally {
    await rm(directory, { recursive: true });
  }
});
