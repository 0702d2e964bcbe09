import { describe, expect, it } from 'vitest';
import { changed, errorsOf, plansOf, project, runbook, type Texts } from '../../test/definition/example.ts';
import { describePlan } from './describe-plan.ts';

const drill = 'drills/store-loss.yaml';
/** Three lines more, from line 33 of the runbook on. */
const told = '\n## Updates\n\n- Tell the teams every 15 minutes\n- Nothing that was stored is lost\n';
const texts: Texts = { ...project, 'runbooks/store.md': `${runbook}${told}` };
/** The drill with keys of its own before `objectives:`, on line 26. */
const withKeys = (keys: string, from = texts) =>
  changed(drill, 'objectives:\n', `${keys}\nobjectives:\n`, from);
const withoutRunbook = (keys: string) => {
  const stages = /stages:\n[\s\S]*?(?=objectives:)/;
  const text = `${texts[drill]}`
    .replace('runbook: store.md\n', '')
    .replace(stages, 'stages:\n  - inject: killed\n  - { until: recovered, within: 30s }\n');
  return withKeys(keys, { ...texts, [drill]: text });
};
const mistakes = async (keys: string) => (await errorsOf(withKeys(keys))).join('\n');

const rollback = '{ section: Rollback, not-applicable: the store lives }';
const look = '{ section: Promote, manual: { phase: 1, step: 1 }, left-to-people: it takes eyes }';
const covering = (...apart: readonly string[]) =>
  withKeys(`coverage: { commands-at-least: 0.29, apart: [${apart.join(', ')}] }`);

describe('coverage', () => {
  it('accounts for every step: those procedures name, and those set apart', async () => {
    const [plan] = await plansOf(covering(rollback, look));
    expect(plan?.coverage?.commandsAtLeast).toBe(0.29);
    const steps = plan?.coverage?.sections.flatMap((section) => section.steps) ?? [];
    expect(steps.map(({ text, apart }) => [text, apart?.kind ?? null])).toEqual([
      ['Check the store', 'people'],
      ['Tell the others', null],
      ['dbctl promote --node <node-id> --region eu', null],
      ['dbctl drop --node old', null],
      ['dbctl rollback', 'not-applicable'],
    ]);
    if (plan === undefined) return;
    const text = describePlan(plan);
    expect(text).toContain('5 steps, 3 commands, at least 29 % of them executed');
    expect(text).toContain('dbctl rollback: not applicable (the store lives)');
  });

  it('names the line of the runbook that nobody accounts for', async () => {
    expect(await errorsOf(covering(look))).toEqual([
      'drills/store-loss.yaml:26:11: runbooks/store.md:19 "dbctl rollback" is not accounted for, and this drill covers the whole runbook: a procedure runs it or leaves it out, or "coverage" sets it apart as not applicable',
    ]);
  });

  it('wants a reason for a manual step that a procedure merely asks for', async () => {
    expect((await errorsOf(covering(rollback))).join('\n')).toContain(
      'runbooks/store.md:7 "Check the store" is not accounted for, and this drill covers the whole runbook: a procedure takes it ("manual"), or "coverage" sets it apart with a reason',
    );
  });

  it('takes what is said of a section for the rest of it, and what is said of a step for that step', async () => {
    const section = '{ section: Promote, left-to-people: it takes eyes }';
    const step = '{ section: Promote, manual: { phase: 1, step: 1 }, not-applicable: it is gone }';
    for (const [apart, kind] of [
      [[section], 'people'],
      [[step, section], 'not-applicable'],
    ] as const) {
      const [plan] = await plansOf(covering(rollback, ...apart));
      expect(plan?.coverage?.sections.flatMap(({ steps }) => steps)[0]?.apart?.kind).toBe(kind);
    }
  });

  it.each([
    [
      'without a reason',
      '{ section: Rollback }',
      'drills/store-loss.yaml:26:46: expected one of "not-applicable" and "left-to-people", with the reason',
    ],
    [
      'with two reasons',
      '{ section: Rollback, not-applicable: a, left-to-people: b }',
      'expected one of "not-applicable" and "left-to-people"',
    ],
    [
      'a command that is left to people',
      '{ section: Rollback, command: dbctl rollback, left-to-people: a }',
      'runbooks/store.md:19 "dbctl rollback" has a command, and a step that has one is never left to people',
    ],
    [
      'what a procedure takes',
      `${rollback}, { section: Promote, command: dbctl promote, not-applicable: a }`,
      'is taken by the procedure promote, and cannot be set apart as well',
    ],
    [
      'what a procedure leaves out',
      `${rollback}, { section: Promote, command: dbctl drop, not-applicable: a }`,
      '"dbctl drop --node old" is left out by a procedure, which says why',
    ],
    [
      'a section with nothing left',
      `${rollback}, { section: Updates, not-applicable: a }`,
      'nothing of "Updates" is left to be set apart',
    ],
    [
      'a section that is not there',
      '{ section: Rolback, not-applicable: a }',
      'has no section "Rolback"; did you mean',
    ],
    [
      'a command that is not there',
      '{ section: Rollback, command: dbctl rolback, not-applicable: a }',
      'begins with "dbctl rolback"; did you mean "dbctl rollback"?',
    ],
    [
      'a command and a manual step',
      '{ section: Promote, command: dbctl, manual: { step: 1 }, not-applicable: a }',
      'this names a command and a manual step; expected one of them',
    ],
  ])('cannot set apart %s', async (_, apart, said) => {
    expect((await errorsOf(covering(apart))).join('\n')).toContain(said);
  });
});

const updates = (says: string, by = '{ section: Promote, manual: { phase: 2, step: 1 } }') =>
  `updates: { teams: { says: "${says}", by: [${by}] } }`;

describe('updates', () => {
  it('are those of the runbook, with the steps that keep them', async () => {
    const [plan] = await plansOf(withKeys(updates('Every 15 min')));
    expect(plan?.updates?.teams).toMatchObject({
      text: 'every 15 minutes',
      everyMs: 900_000,
      lines: { from: 24, to: 24 },
      steps: [expect.any(String)],
    });
    if (plan !== undefined) expect(describePlan(plan)).toContain('"every 15 minutes" (15m), by 1 step');
  });

  it.each([
    [
      'what the runbook does not say',
      updates('every 16 minutes'),
      'drills/store-loss.yaml:26:27: the runbook runbooks/store.md does not say "every 16 minutes" of how often anybody is told; it says "every 15 minutes"; did you mean "every 15 minutes"?',
    ],
    [
      'a section in place of a step',
      updates('every 15', '{ section: Promote }'),
      'drills/store-loss.yaml:26:44: expected a step of this section: "manual" or "command"',
    ],
    [
      'a step that nobody takes',
      updates('every 15', '{ section: Promote, command: dbctl drop }'),
      'no procedure of this drill takes line 13 of the runbook, "dbctl drop --node old", so it never is an update',
    ],
    [
      'a step that is not there',
      updates('every 15', '{ section: Promote, manual: { phase: 2, step: 9 } }'),
      'there is no manual step 9 in phase 2',
    ],
  ])('cannot be %s', async (_, keys, said) => {
    expect(await mistakes(keys)).toContain(said);
  });

  it('are none of a runbook that says none', async () => {
    const silent = withKeys(updates('every 15 minutes'), project);
    expect((await errorsOf(silent)).join('\n')).toContain('of how often anybody is told; it says none');
  });
});

const claim = (says: string, more = '') => `claims: [{ says: "${says}", ledgers: [orders]${more} }]`;

describe('claims', () => {
  it('stand in the runbook, whatever their case and white space', async () => {
    const [plan] = await plansOf(withKeys(claim('nothing that was  STORED is lost')));
    expect(plan?.claims).toEqual([
      { says: 'nothing that was  STORED is lost', lines: { from: 25, to: 25 }, ledgers: ['orders'] },
    ]);
  });

  it('need no line of the runbook where a procedure tells them, nor a runbook where nobody has one', async () => {
    const [plan] = await plansOf(withKeys(claim('All is well', ', told-by: promote')));
    expect(plan?.claims).toEqual([
      { says: 'All is well', lines: null, ledgers: ['orders'], toldBy: 'promote' },
    ]);
    expect((await errorsOf(withoutRunbook(claim('All is well')))).join('\n')).toContain(
      'no line of a runbook says "All is well"',
    );
  });

  it.each([
    [
      'words that nobody says',
      claim('All is well'),
      'drills/store-loss.yaml:26:18: no line of runbooks/store.md says "All is well"; expected its words, or "told-by", the procedure that tells it',
    ],
    [
      'what no procedure tells',
      claim('All is well', ', told-by: promot'),
      'the drill has no procedure "promot"; did you mean "promote"?',
    ],
    [
      'a ledger of nobody',
      'claims: [{ says: Nothing, ledgers: [order] }]',
      'drills/store-loss.yaml:26:37: the platform shop has no ledger "order"; did you mean "orders"?',
    ],
  ])('cannot be %s', async (_, keys, said) => {
    expect(await mistakes(keys)).toContain(said);
  });
});

describe('a drill without a runbook', () => {
  it.each([
    ['coverage: {}', '"coverage" needs a runbook'],
    [updates('every 15 minutes'), '"updates" needs a runbook'],
  ])('has no %s', async (keys, said) => {
    expect((await errorsOf(withoutRunbook(keys))).join('\n')).toContain(
      `${said}; expected "runbook" in this drill`,
    );
  });
});

describe('all that is judged of a runbook', () => {
  it('is planned together, and its mistakes are said together', async () => {
    const both = `${updates('every 16')}\n${claim('All is well')}\ncoverage: {}`;
    const said = await mistakes(both);
    for (const part of ['does not say "every 16"', 'no line of runbooks/store.md', 'is not accounted for'])
      expect(said).toContain(part);
  });
});
