import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judged, judgedBy } from '../../test/reporters/judged.ts';
import { json, resultOf } from './json.ts';
import { resultJsonSchema, resultSchema } from './result.ts';

describe('result.json', () => {
  it('is what its schema says, read back from the file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
    try {
      expect(await json.write(judged(), directory)).toEqual(['result.json']);
      const read: unknown = JSON.parse(await readFile(join(directory, 'result.json'), 'utf8'));
      expect(resultSchema.parse(read)).toEqual(resultOf(judged()));
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('carries the verdict, the figures and what became of each objective', () => {
    const result = resultOf(judged());
    expect(result.verdict).toMatchObject({ overall: 'fail', exitCode: 1 });
    expect(result.figures).toMatchObject({ rtoLowerMs: 2296, rtoUpperMs: 2354, lost: 3, rpoMs: 58 });
    expect(result.objectives.map(({ name, status }) => [name, status])).toEqual([
      ['rto', 'pass'],
      ['gate', 'pass'],
      ['rpo', 'fail'],
      ['availability', 'pass'],
    ]);
    expect(result.run).toMatchObject({ complete: true, torn: false, durationMs: 17_000 });
  });

  it('says null, not 0, where nothing was measured', () => {
    const { figures } = resultOf(judgedBy([]));
    expect(new Set(Object.values(figures))).toEqual(new Set([null]));
  });

  it('publishes its schema as it is', async () => {
    await expect(`${JSON.stringify(resultJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../schema/result.schema.json',
    );
  });
});
