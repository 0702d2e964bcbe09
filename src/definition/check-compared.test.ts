import { describe, expect, it } from 'vitest';
import { changed, errorsOf, plansOf, type Texts } from '../../test/definition/example.ts';

const drill = 'drills/store-loss.yaml';
const asking = (name: string, more = '', section = 'Rollback', command = 'dbctl rollback') =>
  `  - procedure: ${name}\n    section: ${section}\n${more}    steps: [{ command: ${command} }]\n`;
const compared = (more = '    compared-with: before\n') =>
  changed(drill, '  - until: recovered\n', `${asking('after', more)}  - until: recovered\n`);
const withBefore = (texts: Texts) => changed(drill, 'stages:\n', `stages:\n${asking('before')}`, texts);
const mustNotice = (beginning: string, texts: Texts) =>
  changed(drill, 'objectives:\n', `must-notice: [${beginning}]\nobjectives:\n`, texts);

describe('a procedure that is compared with another', () => {
  it('is planned with what has to notice the fault', async () => {
    const [plan] = await plansOf(mustNotice('dbctl roll', withBefore(compared())));
    expect(plan?.mustNotice).toEqual(['dbctl roll']);
    expect(plan?.stages).toContainEqual(expect.objectContaining({ name: 'after', comparedWith: 'before' }));
  });

  it.each([
    ['one that is not there', compared(), 'drill before its first fault has no procedure'],
    [
      'one after the fault',
      withBefore(compared('    compared-with: promote\n')),
      'drill before its first fault has no procedure "promote"',
    ],
    [
      'one on another section',
      withBefore(
        changed(drill, '    section: Promote\n', '    section: Promote\n    compared-with: before\n'),
      ),
      '"before" goes through another section ("Rollback")',
    ],
    [
      'nothing, but something has to notice the fault',
      mustNotice('dbctl', withBefore(compared(''))),
      'no command of a procedure that is "compared-with" another begins with "dbctl"',
    ],
  ])('cannot be compared with %s', async (_, texts, message) => {
    expect((await errorsOf(texts)).join('\n')).toContain(message);
  });
});
