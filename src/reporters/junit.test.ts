import { describe, expect, it } from 'vitest';
import { judged, judgedBy, withVerdict } from '../../test/reporters/judged.ts';
import { junitXml } from './junit.ts';

const count = (xml: string, element: string) => xml.split(`<${element} `).length - 1;

describe('junit.xml', () => {
  it('has one suite, and one case a rule', () => {
    const sample = judged();
    const xml = junitXml(sample);
    const rules = new Set(sample.findings.map(({ dimension, rule }) => `${dimension} ${rule}`)).size;
    expect(count(xml, 'testsuite')).toBe(1);
    expect(xml).toContain(
      `<testsuite name="database-primary-loss (async)" tests="${rules}" failures="2" errors="0"`,
    );
    expect(count(xml, 'testcase')).toBe(rules);
    expect(count(xml, 'failure')).toBe(2);
    expect(xml).toContain('classname="database-primary-loss (async).data" name="rpo.lost"');
    expect(xml).toContain('writer 2: 173 … 175');
    expect(xml).toContain('<property name="rtoUpperMs" value="2354"/>');
  });

  it('makes what could not be told an error, so that CI is red', () => {
    const unsteady = {
      dimension: 'validity',
      status: 'inconclusive',
      rule: 'steady',
      message: 'never steady',
    } as const;
    const xml = junitXml(judgedBy([unsteady]));
    expect(xml).toContain('failures="0" errors="6"');
    expect(xml).toContain('<error type="steady" message="never steady">');
  });

  it('shows a verdict that no finding of its own explains', () => {
    const xml = junitXml(withVerdict(judged(), { recovery: 'inconclusive' }));
    expect(xml).toContain('<error type="recovery" message="recovery is inconclusive: see validity">');
  });

  it('is XML whatever a finding says', () => {
    const message = `a<b>&"'${String.fromCharCode(0, 8, 27)}[31m\ud800\uffff]]>`;
    const xml = junitXml(
      judgedBy(judged().findings.map((finding) => ({ ...finding, message, details: [message] }))),
    );
    const text = xml.replace(/<\/?[a-z-]+( [a-z]+="[^"<>]*")*\/?>|<\?[^>]*>/g, '');
    expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|#39);)/);
    expect(xml.replace(/\n/g, '')).not.toMatch(/\p{Cc}|\p{Noncharacter_Code_Point}|\p{Surrogate}/u);
  });
});
