import { describe, expect, it } from 'vitest';
import { changed, errorsOf, plansOf, project } from '../../test/definition/example.ts';

const drill = 'drills/store-loss.yaml';
const awaited = '  - until: recovered\n    within: 30s\n';
const withStage = (stage: string) => changed(drill, awaited, `${stage}\n${awaited}`);
const until = '  - until: { probe: api-ready, is: failing, for: 1s }\n    within: 10s';

describe('a mark that an until stage makes', () => {
  it('is known to objectives, with what proves it', async () => {
    const texts = changed(
      drill,
      'objectives:\n',
      'objectives:\n  contain: { from: killed, until: contained, target: 15m }\n',
      withStage(
        `${until}\n    as: contained\n    proved-by: { healthy-within: 1s, before: procedure.promote.start }`,
      ),
    );
    const [plan] = await plansOf(texts);
    expect(plan?.stages.find((stage) => stage.kind === 'until')).toEqual({
      kind: 'until',
      condition: { probe: 'api-ready', is: 'failing', for: 1000 },
      withinMs: 10_000,
      as: 'contained',
      provedBy: { healthyWithinMs: 1000, before: 'procedure.promote.start' },
    });
    expect(plan?.objectives.contain).toMatchObject({ until: 'contained' });
  });

  it('may stand for several conditions at the same time', async () => {
    const list = '[{ probe: api-ready, is: failing }, { probe: lag, above: 3 }]';
    const [plan] = await plansOf(withStage(`  - until: ${list}\n    within: 10s`));
    expect(plan?.stages.find((stage) => stage.kind === 'until')).toMatchObject({
      condition: [{ probe: 'api-ready' }, { probe: 'lag' }],
    });
  });

  it.each([
    [
      'a name every drill has',
      `${until}\n    as: healed`,
      'drills/store-loss.yaml:24:9: a mark cannot be named "healed": every drill has a mark of that name; those taken are',
    ],
    [
      "a fault's name",
      `${until}\n    as: killed`,
      'a mark cannot be named "killed": a fault of this drill has that name',
    ],
    ["a procedure's beginning", `${until}\n    as: procedure.x`, 'marks of procedures begin so'],
    [
      'one name twice',
      `${until}\n    as: closed\n${until}\n    as: closed`,
      'drills/store-loss.yaml:27:9: a mark cannot be named "closed": another stage makes one of that name',
    ],
    [
      'a second name of recovery',
      '  - until: recovered\n    within: 10s\n    as: back',
      'drills/store-loss.yaml:24:5: "as" is for conditions; recovery is the mark "recovered" of every drill',
    ],
    [
      'a probe of nobody in a list',
      '  - until: [{ probe: api-redy, is: failing }]\n    within: 10s',
      'drills/store-loss.yaml:22:22: the platform shop has no probe "api-redy"; did you mean "api-ready"?',
    ],
    [
      'a proof before no mark',
      `${until}\n    proved-by: { healthy-within: 1s, before: procedure.promot.start }`,
      'the drill has no mark "procedure.promot.start"; did you mean "procedure.promote.start"?',
    ],
    [
      'a proof of what is no failure',
      '  - until: { probe: lag, above: 3 }\n    within: 10s\n    proved-by: { healthy-within: 1s, before: killed }',
      'only conditions "is: failing" can be proved by probes that were healthy before, and that on "lag" is another',
    ],
  ])('cannot have %s', async (_, stage, said) => {
    expect((await errorsOf(withStage(stage))).join('\n')).toContain(said);
  });

  it('is not known to objectives where no stage makes it', async () => {
    const texts = changed(drill, 'until: recovered, target: 1m', 'until: contained, target: 1m');
    expect((await errorsOf(texts)).join('\n')).toContain('the drill has no mark "contained"');
    expect(await errorsOf(project)).toEqual([]);
  });
});
