import { describe, expect, it } from 'vitest';
import { changed, errorsOf, plansOf, runbook, type Texts } from '../../test/definition/example.ts';
import { describePlan } from './describe-plan.ts';

const section = `
## Health

\`\`\`
Services:
- API: http://api:8000/health
- Mail: http://mail:25/health
- Shop: https://api:8443/health

Database:
- Primary: pg_isready -h <host>
- Replica: SELECT pg_is_in_recovery();
\`\`\`
`;
const texts = (spec: string): Texts => ({
  ...changed('drills/store-loss.yaml', 'objectives:\n', `health-checks: ${spec}\nobjectives:\n`),
  'runbooks/store.md': `${runbook}${section}`,
});

describe('health checks of a drill', () => {
  it('are those of the section, bound, and left out where the platform has no such host', async () => {
    const [plan] = await plansOf(
      texts('{ section: Health, bind: { host: db }, sql-role: database, must-notice: true }'),
    );
    expect(plan?.healthChecks).toMatchObject({
      section: ['Health'],
      mustNotice: true,
      checks: [
        { name: 'Services: API', kind: 'url', text: 'http://api:8000/health' },
        { name: 'Services: Mail', kind: 'left-out', reason: 'the platform shop has no host mail' },
        { name: 'Services: Shop', kind: 'left-out', reason: 'the replica speaks HTTP without TLS' },
        { name: 'Database: Primary', kind: 'command', text: 'pg_isready -h db' },
        { name: 'Database: Replica', kind: 'sql', role: 'database' },
      ],
    });
    if (plan !== undefined)
      expect(describePlan(plan)).toContain('left out because the platform shop has no host mail');
  });

  it('need no value for what is left out', async () => {
    const left = '[{ check: "Database: Primary", reason: no }, { check: "Database: Replica", reason: no }]';
    const [plan] = await plansOf(texts(`{ section: Health, leave-out: ${left} }`));
    expect(plan?.healthChecks?.checks.map(({ kind }) => kind)).toEqual([
      'url',
      'left-out',
      'left-out',
      'left-out',
      'left-out',
    ]);
  });

  it.each([
    ['a section nobody has', '{ section: Helth }', 'has no section "Helth"; did you mean "Health"?'],
    ['one without checks', '{ section: Rollback }', 'the section "2. Rollback" has no line such as'],
    [
      'a hole',
      '{ section: Health, sql-role: database }',
      'needs a value for <host>; expected "bind" here, or "leave-out"',
    ],
    [
      'no database',
      '{ section: Health, bind: { host: db } }',
      'is a statement: say which database it is for',
    ],
    [
      'a placeholder nobody wrote',
      '{ section: Health, bind: { hots: db }, sql-role: database }',
      'no placeholder "hots"; did you mean "host"?',
    ],
    [
      'a role nobody has',
      '{ section: Health, bind: { host: db }, sql-role: databse }',
      'the platform shop has no role, component or instance "databse"; did you mean "database"?',
    ],
    [
      'a check nobody wrote',
      '{ section: Health, bind: { host: db }, sql-role: database, leave-out: [{ check: "Services: APi", reason: no }] }',
      'no health check "Services: APi"; did you mean "Services: API"?',
    ],
  ])('cannot name %s', async (_, spec, said) => {
    expect((await errorsOf(texts(spec))).join('\n')).toContain(said);
  });
});
