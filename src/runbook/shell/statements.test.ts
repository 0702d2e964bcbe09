import { describe, expect, it } from 'vitest';
import { isStatement, splitPromql, splitSql } from './statements.ts';

const lines = (text: string) => text.split('\n').map((line, i) => ({ text: line, line: i + 1 }));

describe('splitSql', () => {
  it('splits at semicolons outside quotations and comments', () => {
    const sql =
      "-- who waits\nSELECT ';',\n  2;\nDO $$ BEGIN x; END $$;\n/* a;\n b */ SELECT 3; -- c;\nSELECT 4";
    expect(splitSql(lines(sql)).map(({ text, comment }) => [text, comment])).toEqual([
      ["SELECT ';',\n  2;", 'who waits'],
      ['DO $$ BEGIN x; END $$;', null],
      ['/* a;\n b */ SELECT 3; -- c;', null],
      ['SELECT 4', null],
    ]);
  });

  it("takes psql's own commands line by line", () => {
    expect(splitSql(lines('\\x\nSELECT 1;')).map(({ text }) => text)).toEqual(['\\x', 'SELECT 1;']);
  });
});

describe('splitPromql', () => {
  it('joins lines while brackets are open or an operator is', () => {
    const promql = '# errors\nsum by (job) (\n  rate(x{a="("}[5m])\n)\n/\nsum(y)\nup == 0\n\nabsent(up)';
    expect(splitPromql(lines(promql)).map(({ text, comment }) => [text, comment])).toEqual([
      ['sum by (job) (\n  rate(x{a="("}[5m])\n)\n/\nsum(y)', 'errors'],
      ['up == 0', null],
      ['absent(up)', null],
    ]);
  });
});

it('knows a statement in a line by its end', () => {
  expect(isStatement('SELECT pg_is_in_recovery();')).toBe(true);
  expect(isStatement('Select the region')).toBe(false);
});
