import { describe, expect, it } from 'vitest';
import { changed, errorsOf } from '../../test/definition/example.ts';

const drill = 'drills/store-loss.yaml';
const runbook = 'runbooks/store.md';
const late = 'store-loss/late';

/** What is said when one text of the drill is replaced by another. */
const mistakes: readonly (readonly [what: string, from: string, to: string, said: readonly string[]])[] = [
  [
    'a section that is not there',
    'section: Promote',
    'section: Promot',
    [
      'drills/store-loss.yaml:12:14: the runbook runbooks/store.md has no section "Promot"; did you mean "1. Promote"?',
    ],
  ],
  [
    'a command that is not there',
    'command: dbctl promote\n',
    'command: dbctl promte\n',
    [
      'drills/store-loss.yaml:14:18: no command of "1. Promote" begins with "dbctl promte"; did you mean "dbctl promote --node <node-id> --region eu"?',
    ],
  ],
  [
    'a command that two begin with',
    'command: dbctl promote\n',
    'command: dbctl\n',
    [
      'drills/store-loss.yaml:14:18: 2 commands of "1. Promote" begin with "dbctl": line 12 "dbctl promote --node <node-id> --region eu", line 13 "dbctl drop --node old"; write more of the one meant',
    ],
  ],
  [
    'an empty command',
    'command: dbctl promote\n',
    'command: ""\n',
    [
      'drills/store-loss.yaml:14:18: no command of "1. Promote" begins with ""; it has "dbctl promote --node <node-id> --region eu" (line 12), "dbctl drop --node old" (line 13)',
    ],
  ],
  [
    'a command left out that is not there',
    'command: dbctl drop',
    'command: dbctl drip',
    [
      'drills/store-loss.yaml:21:20: no command of "1. Promote" begins with "dbctl drip"; did you mean "dbctl drop --node old"?',
    ],
  ],
  [
    'a command neither run nor left out',
    '    leave-out:\n      - { command: dbctl drop, reason: there is nothing to drop }\n',
    '',
    [
      'drills/store-loss.yaml:12:14: runbooks/store.md:13 "dbctl drop --node old" is neither run nor left out; each command that a drill does not use is left out with a reason',
    ],
  ],
  [
    'a command both run and left out',
    'command: dbctl drop',
    'command: dbctl promote --node',
    [
      'drills/store-loss.yaml:12:14: runbooks/store.md:13 "dbctl drop --node old" is neither run nor left out; each command that a drill does not use is left out with a reason',
      'drills/store-loss.yaml:21:9: line 12 of the runbook, "dbctl promote --node <node-id> --region eu", is named here a second time',
    ].slice(1),
  ],
  [
    'a manual step that is not there',
    'phase: 2, step: 1',
    'phase: 2, step: 3',
    [
      'drills/store-loss.yaml:17:17: there is no manual step 3 in phase 2 of "1. Promote"; there are: 1 "Tell the others", 2 "Promote:"',
    ],
  ],
  [
    'a phase that is not there',
    'phase: 2, step: 1',
    'phase: 7, step: 1',
    ['drills/store-loss.yaml:17:17: there is no manual step 1 in phase 7 of "1. Promote"; it has 2 phases'],
  ],
  [
    'a manual step outside phases',
    'phase: 2, step: 1',
    'step: 1',
    [
      'drills/store-loss.yaml:17:17: there is no manual step 1 in "1. Promote" outside its phases; there are none',
    ],
  ],
  [
    'a manual step that has commands',
    'phase: 2, step: 1',
    'phase: 2, step: 2',
    [
      'drills/store-loss.yaml:17:9: "Promote:" (line 11) has a command, and a step that has one is never attested; select "dbctl promote --node <node-id> --region eu" (line 12) or "dbctl drop --node old" (line 13) instead',
    ],
  ],
  [
    'a binding of nothing',
    'bind: { node-id: db-2 }',
    'bind: { node-i: db-2 }',
    [
      'drills/store-loss.yaml:15:17: "node-i" is neither a placeholder nor a word of the command at line 12; did you mean "node-id"?',
    ],
  ],
  [
    'a binding of no name',
    'bind: { node-id: db-2 }',
    'bind: { node-id: db-2, "": us }',
    [
      'drills/store-loss.yaml:15:32: "" is neither a placeholder nor a word of the command at line 12; its placeholders are "node-id"',
    ],
  ],
  [
    'a binding of a part of a word',
    'bind: { node-id: db-2 }',
    'bind: { node-id: db-2, regio: us }',
    [
      'drills/store-loss.yaml:15:32: "regio" is neither a placeholder nor a word of the command at line 12; did you mean "--region"?',
    ],
  ],
  [
    'an expression that is none',
    'bind: { node-id: db-2 }',
    'capture: { x: "(a" }',
    ['drills/store-loss.yaml:15:23: "(a" is no regular expression'],
  ],
  [
    'an expression without a group',
    'bind: { node-id: db-2 }',
    'capture: { x: a }',
    ['drills/store-loss.yaml:15:23: "a" has 0 groups; expected exactly one, around what is captured'],
  ],
  [
    'a bad name for a captured value',
    'bind: { node-id: db-2 }',
    'capture: { "x y": (a) }',
    [
      'drills/store-loss.yaml:15:20: "x y" is no name for a captured value; expected letters, digits, "_" and "-"',
    ],
  ],
];

describe('steps of a runbook', () => {
  it.each(mistakes)('are not taken for %s', async (_, from, to, said) => {
    expect(await errorsOf(changed(drill, from, to), late)).toEqual(said);
  });

  it('may be bound at a word of the command', async () => {
    expect(
      await errorsOf(changed(drill, 'bind: { node-id: db-2 }', 'bind: { node-id: db-2, eu: us }'), late),
    ).toEqual([]);
  });

  it('are told apart by `nth` where they are equal', async () => {
    const twice = changed(
      runbook,
      '     $ dbctl drop --node old',
      '     $ dbctl drop --node old\n     $ dbctl drop --node old',
    );
    expect(await errorsOf(twice, late)).toEqual([
      expect.stringMatching(
        /^drills\/store-loss\.yaml:21:20: 2 commands of "1\. Promote" begin with "dbctl drop": line 13 .*, line 14 .*; say which by "nth"$/,
      ),
    ]);
    const nth = 'command: dbctl drop, nth: 1, reason: a }\n      - { command: dbctl drop, nth: 2';
    expect(await errorsOf(changed(drill, 'command: dbctl drop', nth, twice), late)).toEqual([]);
  });

  it('win when they are exactly what the drill says', async () => {
    const longer = changed(
      runbook,
      '     $ dbctl drop --node old',
      '     $ dbctl drop --node old --force\n     $ dbctl drop --node old',
    );
    const both =
      'command: dbctl drop --node old, reason: a }\n      - { command: dbctl drop --node old --force';
    expect(await errorsOf(changed(drill, 'command: dbctl drop', both, longer), late)).toEqual([]);
  });

  it('match whatever white space and continuations they are written with', async () => {
    const folded = changed(
      runbook,
      '$ dbctl promote --node <node-id>',
      '$ dbctl  promote \\\n       --node <node-id>',
    );
    expect(
      await errorsOf(
        changed(drill, 'command: dbctl promote\n', 'command: dbctl promote --node\n', folded),
        late,
      ),
    ).toEqual([]);
  });

  it('that are queries are left out, not run', async () => {
    const query = changed(
      runbook,
      '```bash\ndbctl rollback',
      '```sql\nSELECT 1;\n```\n\n```bash\ndbctl rollback',
    );
    const back = (rest: string) =>
      `\n  - failback: { procedure: back, section: Rollback, ${rest} }\nobjectives:`;
    const run = back('steps: [{ command: dbctl rollback }, { command: SELECT 1 }]');
    expect(await errorsOf(changed(drill, '\nobjectives:', run, query), late)).toEqual([
      expect.stringMatching(
        /^drills\/store-loss\.yaml:26:\d+: line 19 of the runbook is a query \(sql\), and only commands are run; leave it out with a reason$/,
      ),
    ]);
    const left = back(
      'steps: [{ command: dbctl rollback }], leave-out: [{ command: SELECT 1, reason: a look }]',
    );
    expect(await errorsOf(changed(drill, '\nobjectives:', left, query), late)).toEqual([]);
  });
});
