import { describe, expect, it } from 'vitest';
import { findings, judged } from '../../test/reporters/judged.ts';
import { junitXml } from './junit.ts';

const count = (xml: string, element: string) => xml.split(`<${element} `).length - 1;

describe('junit.xml', () => {
  it('has one suite, and one case a rule', () => {
    const xml = junitXml(judged());
    expect(count(xml, 'testsuite')).toBe(1);
    expect(xml).toContain(
      '<testsuite name="database-primary-loss (async)" tests="8" failures="2" errors="0"',
    );
    expect(count(xml, 'testcase')).toBe(8);
    expect(count(xml, 'failure')).toBe(2);
    expect(xml).toContain('classname="database-primary-loss (async).data" name="rpo.lost"');
    expect(xml).toContain('writer 2: 173–176');
    expect(xml).toContain('<property name="rtoUpperMs" value="2352"/>');
  });

  it('makes what could not be told an error, so that CI is red', () => {
    const xml = junitXml(
      judged({
        findings: [
          { dimension: 'validity', status: 'inconclusive', rule: 'steady', message: 'never steady' },
        ],
      }),
    );
    expect(xml).toContain('failures="0" errors="1"');
    expect(xml).toContain('<error type="steady" message="never steady">');
  });

  it('shows a dimension that is worse than its own findings', () => {
    const sample = judged({ findings: findings.filter((finding) => finding.status === 'pass') });
    const dimensions = { ...sample.verdict.dimensions, recovery: 'inconclusive' } as const;
    const xml = junitXml({ ...sample, verdict: { overall: 'inconclusive', dimensions } });
    expect(xml).toContain('<error type="recovery" message="recovery is inconclusive: see validity">');
  });

  it('is XML whatever a finding says', () => {
    const message = `a<b>&"'${String.fromCharCode(0, 8, 27)}[31m\ud800\uffff]]>`;
    const xml = junitXml(
      judged({ findings: findings.map((finding) => ({ ...finding, message, details: [message] })) }),
    );
    const text = xml.replace(/<\/?[a-z-]+( [a-z]+="[^"<>]*")*\/?>|<\?[^>]*>/g, '');
    expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|#39);)/);
    expect(xml.replace(/\n/g, '')).not.toMatch(/\p{Cc}|\p{Noncharacter_Code_Point}|\p{Surrogate}/u);
  });
});
