import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../parse.ts';

const checksOf = (...lines: readonly string[]) =>
  parseRunbook(['# Runbook', '', '## Health', '', ...lines].join('\n')).sections.flatMap(({ healthChecks }) =>
    healthChecks.map(({ name, kind, text, lines: { from } }) => `${from} ${name} = ${kind} ${text}`),
  );

describe('health checks of a section', () => {
  it('are the lines of a plain fence that say what to ask', () => {
    expect(
      checksOf(
        '```',
        'Servers:',
        '- AWS:   http://mcp-aws:8001/health',
        'Database:',
        '- Primary: pg_isready -h <host> -p 5432',
        '- Replica: SELECT pg_is_in_recovery();',
        '```',
      ),
    ).toEqual([
      '7 Servers: AWS = url http://mcp-aws:8001/health',
      '9 Database: Primary = command pg_isready -h <host> -p 5432',
      '10 Database: Replica = sql SELECT pg_is_in_recovery();',
    ]);
  });

  it('may stand in a list, under a label of their own', () => {
    expect(checksOf('Services:', '', '- **API**: <http://api/health>', '- Ask a colleague: now')).toEqual([
      '7 Services: API = url http://api/health',
    ]);
  });

  it('are no items of a checklist, no statement that changes anything, and no script', () => {
    expect(checksOf('```', '□ Look: http://api/health', '```')).toEqual([]);
    expect(checksOf('- [ ] API: http://api/health', '- Clean up: DELETE FROM orders;')).toEqual([]);
    expect(checksOf('```bash', '- API: http://api/health', '```')).toEqual([]);
  });

  it('have names of their own, and leave the steps of the section as they are', () => {
    const text = '## Health\n```\n- A: http://a/1\n- A: http://a/2\n- DB: pg_isready -h <host>\n```\n';
    const [section] = parseRunbook(text).sections;
    expect(section?.healthChecks.map(({ name }) => name)).toEqual(['A', 'A (2)', 'DB']);
    expect(section?.healthChecks[2]?.placeholders).toEqual([{ text: '<host>', name: 'host', line: 5 }]);
    expect(section?.steps.map((step) => step.text)).toEqual(['pg_isready -h <host>']);
  });
});
