import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dimension, dimensions, type Finding, type Status } from '../checkers/checker.ts';
import { figure, findingsOf, headlineFigures } from './figures.ts';
import { drillName } from './headline.ts';
import type { Judged, Reporter } from './reporter.ts';
import { escapeMarkup, oneLine } from './untrusted.ts';

/**
 * `junit.xml`: one suite a drill and variant, one case a rule, so that a CI shows which question got a worse answer.
 * A failed rule is a `failure`. An inconclusive one is an `error`, not `skipped`: CI systems show skipped cases as
 * green or grey, and a drill that could not tell must block a merge like one that failed.
 */
export const junit: Reporter = {
  name: 'junit',
  async write(judged, directory) {
    await writeFile(join(directory, 'junit.xml'), junitXml(judged));
    return ['junit.xml'];
  },
};

interface Case {
  readonly dimension: Dimension;
  /** The rule; the dimension's own name for a verdict that no finding of its own explains. */
  readonly name: string;
  readonly status: Status;
  readonly findings: readonly Finding[];
}

export function junitXml(judged: Judged): string {
  const { header, lastNs } = judged.timeline;
  const cases = dimensions.flatMap((dimension) => casesOf(judged, dimension));
  const counts = {
    tests: cases.length,
    failures: cases.filter((one) => one.status === 'fail').length,
    errors: cases.filter((one) => one.status === 'inconclusive').length,
    skipped: 0,
    time: (lastNs / 1e9).toFixed(3),
  };
  const suite = { name: drillName(judged), ...counts, timestamp: header.startedAt.replace(/(\.\d+)?Z$/, '') };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: 'drillbook', ...counts })}>`,
    `  <testsuite ${attributes(suite)}>`,
    ...properties(judged),
    ...cases.flatMap((one) => caseXml(one, drillName(judged))),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf(judged: Judged, dimension: Dimension): readonly Case[] {
  const rules = Map.groupBy(findingsOf(judged, dimension), (finding) => finding.rule);
  const cases = [...rules].map(([name, findings]): Case => {
    return { dimension, name, status: findings[0]?.status ?? 'pass', findings };
  });
  const status = judged.verdict.dimensions[dimension];
  const explained = cases.some((one) => one.status === status);
  return explained ? cases : [{ dimension, name: dimension, status, findings: [] }, ...cases];
}

function caseXml(one: Case, drill: string): readonly string[] {
  const open = `    <testcase ${attributes({ classname: `${drill}.${one.dimension}`, name: one.name, time: '0' })}`;
  const text = one.findings.map(findingText).join('\n\n');
  if (one.status === 'pass') {
    return text === ''
      ? [`${open}/>`]
      : [`${open}>`, `      <system-out>${escapeMarkup(text)}</system-out>`, '    </testcase>'];
  }
  const element = one.status === 'fail' ? 'failure' : 'error';
  const message = one.findings[0]?.message ?? `${one.dimension} is ${one.status}: see validity`;
  const attribute = attributes({ type: one.name, message: oneLine(message) });
  return [`${open}>`, `      <${element} ${attribute}>${escapeMarkup(text)}</${element}>`, '    </testcase>'];
}

function findingText({ status, message, where, todo, details = [] }: Finding): string {
  return [
    `${status}: ${message}`,
    ...(where === undefined ? [] : [`at ${where}`]),
    ...details.map((detail) => `  ${detail}`),
    ...(todo === undefined ? [] : [`to do: ${todo}`]),
  ].join('\n');
}

function properties(judged: Judged): readonly string[] {
  const { plan, timeline, findings } = judged;
  const values: { readonly [name: string]: string | number | null } = {
    run: timeline.header.runId,
    environment: plan.environment,
    verdict: judged.verdict.overall,
    ...Object.fromEntries(headlineFigures.map((name) => [name, figure(findings, name)])),
  };
  const measured = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value }],
  );
  return [
    '    <properties>',
    ...measured.map((property) => `      <property ${attributes(property)}/>`),
    '    </properties>',
  ];
}

function attributes(values: { readonly [name: string]: string | number }): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeMarkup(String(value))}"`)
    .join(' ');
}
