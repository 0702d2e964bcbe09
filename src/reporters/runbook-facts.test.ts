import { describe, expect, it } from 'vitest';
import { judged, judgedBy } from '../../test/reporters/judged.ts';
import type { Finding } from '../checkers/checker.ts';
import { page } from './html/page.ts';
import { summaryMarkdown } from './summary.ts';
import { verdictLines } from './terminal.ts';

const finding = (
  rule: string,
  message: string,
  figures: Finding['figures'] = {},
  status: Finding['status'] = 'pass',
): Finding => ({ dimension: 'runbook', status, rule, message, figures });
const check = (name: string, outcome: string, more: Finding['figures'] = {}, status?: Finding['status']) =>
  finding(
    'health-check',
    `Check ${name}.`,
    { healthCheck: name, outcome, healthy: null, faulted: null, ...more },
    status,
  );

const findings = [
  check('AWS', 'noticed', { healthy: 'HTTP 200 ok', faulted: 'HTTP 503 |' }),
  check('GCP', 'left-out', { why: 'there is no host gcp' }),
  check('API', 'fails-healthy', { healthy: 'HTTP 500 <b>' }, 'fail'),
  finding('health-check.coverage', '2 of 3 health checks asked.'),
  finding('escalation.limit', 'Engineer is called at once.', { afterMs: 0, reached: 'reached' }),
  finding('escalation.limit', 'Team Lead: reached.', { afterMs: 900_000, reached: 'reached' }),
  finding('escalation.limit', 'Director: reached with people.', {
    afterMs: 1_800_000,
    reached: 'with-people',
  }),
  finding('escalation.limit', 'CEO: not reached.', { afterMs: 3_600_000, reached: 'not-reached' }),
  finding('escalation.data', 'Officer: no reason.', { reached: 'not-reached' }),
  finding('escalation.data', 'Lawyer: data were lost.', { reached: 'at-once' }),
];
const told = judgedBy(findings);

describe('health checks and escalation limits', () => {
  it('are tables and a list of the summary', () => {
    const markdown = summaryMarkdown(told);
    expect(markdown).toContain(
      '## Escalation\n\n- Team Lead: reached.\n- Director: reached with people.\n- Lawyer: data were lost.\n\n',
    );
    expect(markdown).toContain('## Health checks\n\n2 of 3 health checks asked.\n\n');
    expect(markdown).toContain('| AWS | HTTP 200 ok | HTTP 503 \\| | noticed the fault |');
    expect(markdown).toContain('| GCP |  |  | left out: there is no host gcp |');
    expect(markdown).toContain('| ❌ fail: fails while healthy |');
  });

  it('are a line each on the terminal', () => {
    const lines = verdictLines(told, { width: 100, color: false });
    expect(lines).toContain('  health    2 of 3 health checks asked.');
    expect(lines).toContain('  escalate  Lawyer: data were lost.');
  });

  it('are a table of the page, and what is wrong with them a finding', () => {
    const text = page(told);
    expect(text).toContain('<td>HTTP 500 &lt;b&gt;</td>');
    expect(text).toContain('left out: there is no host gcp');
    expect(text).toContain('Check API.');
    expect(text).not.toContain('Check AWS.');
    expect(text).toContain('CEO: not reached.');
  });

  it('are not mentioned where the drill asks none and no limit was reached', () => {
    const nothing = judged();
    expect(summaryMarkdown(nothing)).not.toMatch(/## (?:Escalation|Health checks)/);
    expect(verdictLines(nothing, { width: 100, color: false }).join('\n')).not.toMatch(
      /^ {2}(?:health|escalate)/m,
    );
    expect(page(nothing)).not.toContain('Health checks of the runbook');
  });
});
