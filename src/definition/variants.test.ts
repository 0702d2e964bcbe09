import { describe, expect, it } from 'vitest';
import { changed, errorsOf, plansOf, project } from '../../test/definition/example.ts';

const drill = 'drills/store-loss.yaml';

describe('variants', () => {
  it('are plans of their own, patched and filtered by `only`', async () => {
    const [late, strict] = await plansOf(project);
    expect([late?.variant, strict?.variant]).toEqual(['late', 'strict']);
    expect(late?.stages.map(({ kind }) => kind)).toEqual([
      'inject',
      'inject',
      'procedure',
      'until',
      'heal',
      'rejoin',
    ]);
    expect(strict?.stages.map(({ kind }) => kind)).toEqual([
      'inject',
      'procedure',
      'until',
      'heal',
      'rejoin',
    ]);
    expect(late?.objectives.rto).toMatchObject({ targetMs: 60_000 });
    expect(strict?.objectives.rto).toMatchObject({ from: 'killed', targetMs: 10_000 });
    expect(late?.platform.components.store).not.toMatchObject({ postgresql: { synchronous: true } });
    expect(strict?.platform.components.store).toMatchObject({
      postgresql: { synchronous: true, members: ['db-1', 'db-2'] },
    });
  });

  it('are run one by one by name', async () => {
    expect((await plansOf(project, {}, 'store-loss/strict')).map(({ variant }) => variant)).toEqual([
      'strict',
    ]);
  });

  it.each([
    [
      'strct',
      'drills/store-loss.yaml:30:1: the drill store-loss has no variant "strct"; it has late, strict; did you mean "strict"?',
    ],
    ['', 'drills/store-loss.yaml:30:1: the drill store-loss has no variant ""; it has late, strict'],
  ])('are known by name: not "%s"', async (variant, message) =>
    expect(await errorsOf(project, `store-loss/${variant}`)).toEqual([message]),
  );

  it.each([
    [
      'target: 10s',
      'target: 10',
      ['drills/store-loss.yaml:33:34: expected a duration such as 90s, 5m or 1h 30m, found the number 10'],
    ],
    [
      'target: 10s',
      'tarket: 10s',
      ['drills/store-loss.yaml:33:26: there is no key "tarket" here; did you mean "target"?'],
    ],
    [
      'synchronous: true',
      'synchronous: 1',
      ['drills/store-loss.yaml:34:65: expected true or false, found the number 1'],
    ],
    [
      'rto: { target: 10s }',
      'rto: { until: rcovered }',
      ['drills/store-loss.yaml:33:33: the drill has no mark "rcovered"; did you mean "recovered"?'],
    ],
  ])('are wrong where they stand: %s → %s', async (from, to, said) => {
    expect(await errorsOf(changed(drill, from, to), 'store-loss/strict')).toEqual(said);
  });

  it('may remove what the drill has, but not what it needs', async () => {
    expect(
      (await plansOf(changed(drill, 'rto: { target: 10s }', 'rpo: null'), {}, 'store-loss/strict'))[0]
        ?.objectives,
    ).not.toHaveProperty('rpo');
    expect(
      await errorsOf(changed(drill, '  strict:\n', '  strict:\n    recovered: null\n'), 'store-loss/strict'),
    ).toEqual([
      'drills/store-loss.yaml:33:5: "recovered" is missing; expected a mapping with "probes" and "hold"',
    ]);
  });

  it.each(['drill', 'variants'])('cannot change %s', async (key) => {
    expect(
      await errorsOf(changed(drill, '  strict:\n', `  strict:\n    ${key}: x\n`), 'store-loss/strict'),
    ).toEqual([`drills/store-loss.yaml:33:5: a variant cannot change "${key}" of its drill`]);
  });

  it('may be of another scenario', async () => {
    const other = changed(drill, '  late: {}', '  late: { scenario: other }');
    expect(await errorsOf(other, 'store-loss/late')).toEqual([
      'drills/store-loss.yaml:31:21: there is no scenario "other"; there are store-loss',
    ]);
  });
});
