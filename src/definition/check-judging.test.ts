import { describe, expect, it } from 'vitest';
import { changed, errorsOf, plansOf, project } from '../../test/definition/example.ts';

const drill = 'drills/store-loss.yaml';
const withKeys = (keys: string, texts = project) =>
  changed(drill, 'objectives:\n', `${keys}\nobjectives:\n`, texts);
const criterion = (check: string) => withKeys(`criteria: [{ criterion: Back to normal, check: ${check} }]`);
const mistakes = async (keys: Parameters<typeof errorsOf>[0]) => (await errorsOf(keys)).join('\n');

describe('numbers that a criterion compares', () => {
  it.each([
    '{ probes: [lag], values-below: baseline }',
    '{ probes: [api-ready], errors-below: baseline, monitored-by: lag }',
    '{ probes: [api-ready], errors-below: baseline }',
    '{ probes: [api-ready], are: healthy }',
  ])('are those of probes that observe some: %s', async (check) => {
    expect(await errorsOf(criterion(check))).toEqual([]);
  });

  it.each([
    [
      'values of a probe without any',
      '{ probes: [lag, api-ready], values-below: baseline }',
      'drills/store-loss.yaml:26:64: the probe "api-ready" (http) observes no number; expected one with a value: kind exec or kubernetes',
    ],
    [
      'monitoring by a probe without any',
      '{ probes: [api-ready], errors-below: baseline, monitored-by: api-ready }',
      'the probe "api-ready" (http) observes no number',
    ],
    [
      'monitoring by a probe of nobody',
      '{ probes: [api-ready], errors-below: baseline, monitored-by: lgg }',
      'the platform shop has no probe "lgg"; did you mean "lag"?',
    ],
    [
      'errors of no probe',
      '{ probes: [], errors-below: baseline }',
      'drills/store-loss.yaml:26:58: expected a list whose length is at least 1',
    ],
    [
      'values of no probe',
      '{ probes: [], values-below: baseline }',
      'drills/store-loss.yaml:26:58: expected a list whose length is at least 1',
    ],
    [
      'the health of no probe',
      '{ probes: [], are: healthy }',
      'drills/store-loss.yaml:26:58: expected a list whose length is at least 1',
    ],
  ])('are not %s', async (_, check, said) => {
    expect(await mistakes(criterion(check))).toContain(said);
  });

  it.each([
    ['{ kind: postgres, role: database }', true],
    ['{ kind: postgres, role: database, query: select 1 }', false],
    ['{ kind: redis, role: api }', true],
    ['{ kind: redis, role: api, command: [XLEN, jobs] }', false],
    ['{ kind: redis, role: api, field: connected_slaves }', false],
  ])('are observed by a probe that asks for them: %s', async (spec, refused) => {
    const texts = changed(
      'platforms/shop.yaml',
      '  lag: { kind: exec, command: lag }\n',
      `  lag: { kind: exec, command: lag }\n  some: ${spec}\n`,
      criterion('{ probes: [some], values-below: baseline }'),
    );
    expect((await mistakes(texts)).includes('observes no number')).toBe(refused);
  });
});

describe('the order of restoration', () => {
  it('is planned as it is written', async () => {
    const [plan] = await plansOf(withKeys('restoration-order: [lag, api-ready]'));
    expect(plan?.restorationOrder).toEqual(['lag', 'api-ready']);
  });

  it.each([
    [
      'one probe twice',
      '[lag, api-ready, lag]',
      'drills/store-loss.yaml:26:37: "lag" stands in the order twice',
    ],
    ['one probe alone', '[lag]', 'drills/store-loss.yaml:26:20: expected a list whose length is at least 2'],
    ['a probe of nobody', '[lag, api-redy]', 'has no probe "api-redy"; did you mean "api-ready"?'],
  ])('cannot have %s', async (_, order, said) => {
    expect(await mistakes(withKeys(`restoration-order: ${order}`))).toContain(said);
  });
});
