import type { Plan, PlannedHealthCheck, PlannedHealthChecks } from '../definition/plan.ts';
import { type MarkOf, marksOf } from '../timeline/spans.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Checker, Finding } from './checker.ts';
import { counted } from './wording.ts';

type Answer = MarkOf<'health-check'>;

/**
 * Whether the runbook's health checks tell an operator anything: each should be well while the platform is, and one whose
 * answer is the same after the fault is of no use for finding it.
 */
export const healthChecks: Checker = {
  name: 'health-checks',
  dimension: 'runbook',
  check(timeline, plan) {
    if (plan.healthChecks === undefined) return [];
    const looked = plan.healthChecks.checks.map((check) => look(check, timeline));
    return [
      ...looked.map((each) => findingOf(each, plan)),
      ...noticedAtAll(plan.healthChecks, looked),
      coverage(plan.healthChecks, looked),
    ];
  },
};

/** `uninformative`: it could be asked both times, and its answer did not change. */
type Outcome = 'noticed' | 'uninformative' | 'fails-healthy' | 'not-known' | 'left-out';

interface Looked {
  readonly check: PlannedHealthCheck;
  readonly outcome: Outcome;
  readonly healthy: Answer | null;
  readonly faulted: Answer | null;
}

function look(check: PlannedHealthCheck, timeline: Timeline): Looked {
  const answer = (when: Answer['when']) =>
    marksOf(timeline, 'health-check').find((mark) => mark.check === check.name && mark.when === when) ?? null;
  const [healthy, faulted] = [answer('healthy'), answer('faulted')];
  return { check, healthy, faulted, outcome: outcomeOf(check, healthy, faulted) };
}

function outcomeOf(check: PlannedHealthCheck, healthy: Answer | null, faulted: Answer | null): Outcome {
  if (check.kind === 'left-out') return 'left-out';
  if (healthy?.ok === false) return 'fails-healthy';
  if (healthy === null || faulted === null || healthy.ok === null || faulted.ok === null) return 'not-known';
  return same(check, healthy, faulted) ? 'uninformative' : 'noticed';
}

/** What is another at every answer: ids (UUIDs, long hexadecimal ones), times, counters. */
const changing = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{8,}\b|\d+/gi;

/** Answers of services count as the same where they differ in ids and numbers alone; a database's must be equal. */
function same({ kind }: PlannedHealthCheck, one: Answer, other: Answer): boolean {
  if (one.ok !== other.ok || one.status !== other.status) return false;
  const said = ({ answer }: Answer) => (kind === 'sql' ? answer : answer.replaceAll(changing, '#'));
  return said(one) === said(other);
}

const rules: { readonly [O in Outcome]: string } = {
  noticed: 'health-check',
  uninformative: 'health-check.uninformative',
  'fails-healthy': 'health-check',
  'not-known': 'health-check',
  'left-out': 'health-check.left-out',
};

function findingOf(looked: Looked, plan: Plan): Finding {
  const { check, outcome, healthy, faulted } = looked;
  const asked = [healthy, faulted].flatMap((answer) => (answer === null ? [] : [answer.atNs]));
  const why = whyNotAsked(looked);
  return {
    dimension: 'runbook',
    status: outcome === 'fails-healthy' ? 'fail' : outcome === 'not-known' ? 'inconclusive' : 'pass',
    rule: rules[outcome],
    message: `Health check "${check.name}" ${sentence(looked, why)}`,
    figures: {
      healthCheck: check.name,
      outcome,
      healthy: healthy && said(healthy, check),
      faulted: faulted && said(faulted, check),
      ...(why !== null && { why }),
    },
    where: `${plan.runbook?.file ?? 'runbook'}:${check.lines.from}`,
    ...(asked.length > 0 && { evidenceNs: asked }),
    ...(outcome === 'fails-healthy' && {
      todo: `Repair the health check, or what it asks: ${check.text}`,
    }),
  };
}

function sentence({ check, outcome, healthy, faulted }: Looked, why: string | null): string {
  switch (outcome) {
    case 'noticed':
      return `noticed the fault: ${said(healthy, check)} before it, ${said(faulted, check)} after it.`;
    case 'uninformative':
      return `is uninformative for this fault: ${said(healthy, check)}, before it and after it.`;
    case 'fails-healthy':
      return `fails while the platform is healthy: ${said(healthy, check)}.`;
    case 'not-known':
      return `is not proved to work: ${why}.`;
    case 'left-out':
      return `is left out: ${why}.`;
  }
}

function whyNotAsked({ check, outcome, healthy, faulted }: Looked): string | null {
  if (check.kind === 'left-out') return check.reason;
  if (outcome !== 'not-known') return null;
  const refused = [healthy, faulted].find((answer) => answer?.ok === null);
  if (refused) return `it could not be asked, ${refused.answer.replace(/\.$/, '')}`;
  return healthy === null
    ? 'nobody asked it while the platform was healthy'
    : 'nobody asked it after the fault';
}

/** `HTTP 200 {"status":"ok"}`, `exit 1: no response`, `f`, `ECONNREFUSED`, on one line. */
function said(answer: Answer | null, { kind }: PlannedHealthCheck): string {
  if (answer === null) return 'no answer';
  const text = answer.answer.replaceAll(/\s+/g, ' ');
  if (answer.status === null) return text || 'an empty answer';
  return kind === 'url'
    ? `HTTP ${answer.status} ${text}`.trimEnd()
    : `exit ${answer.status}: ${text || 'no output'}`;
}

/** Where the drill asks for it: health checks of which none sees the fault leave the operator blind. */
function noticedAtAll({ mustNotice, section }: PlannedHealthChecks, looked: readonly Looked[]): Finding[] {
  const known = looked.filter(({ outcome }) => outcome === 'noticed' || outcome === 'uninformative');
  if (!mustNotice || known.some(({ outcome }) => outcome === 'noticed')) return [];
  const name = section.join(' > ');
  const asked = known.length > 0 && looked.every(({ outcome }) => outcome !== 'not-known');
  const message = asked
    ? `No health check of "${name}" noticed the fault: an operator who asks them sees a healthy platform.`
    : `Whether a health check of "${name}" notices the fault is not known.`;
  const status = asked ? 'fail' : 'inconclusive';
  return [{ dimension: 'runbook', status, rule: 'health-check.none-noticed', message }];
}

function coverage({ section }: PlannedHealthChecks, looked: readonly Looked[]): Finding {
  const count = (outcome: Outcome) => looked.filter((each) => each.outcome === outcome).length;
  const asked = looked.filter(({ healthy }) => healthy !== null && healthy.ok !== null).length;
  const figures = {
    healthChecks: looked.length,
    asked,
    noticed: count('noticed'),
    uninformative: count('uninformative'),
  };
  const message = `${asked} of ${counted(looked.length, 'health check')} of "${section.join(' > ')}" asked: ${figures.noticed} noticed the fault, ${figures.uninformative} did not.`;
  return { dimension: 'runbook', status: 'pass', rule: 'health-check.coverage', message, figures };
}
