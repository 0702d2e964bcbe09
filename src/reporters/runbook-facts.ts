import type { Finding, Status } from '../checkers/checker.ts';
import type { Judged } from './reporter.ts';

/** One health check of the runbook: what it said before the fault and after it. */
export interface HealthCheckRow {
  readonly name: string;
  /** Null: no answer of then. */
  readonly healthy: string | null;
  readonly faulted: string | null;
  readonly outcome: string;
  readonly status: Status;
}

const outcomes: { readonly [outcome: string]: string } = {
  noticed: 'noticed the fault',
  uninformative: 'uninformative',
  'fails-healthy': 'fails while healthy',
  'not-known': 'not known',
  'left-out': 'left out',
};

/** In the runbook's order; none where the drill asks none. */
export function healthCheckRows({ findings }: Judged): readonly HealthCheckRow[] {
  return findings.flatMap(({ figures = {}, status }) => {
    const { healthCheck: name, healthy, faulted, outcome, why } = figures;
    const word = outcomes[`${outcome}`] ?? `${outcome}`;
    if (typeof name !== 'string') return [];
    return [
      {
        name,
        healthy: textOf(healthy),
        faulted: textOf(faulted),
        outcome: typeof why === 'string' ? `${word}: ${why}` : word,
        status,
      },
    ];
  });
}

/** How many were asked and how many noticed, in one sentence; null where the drill asks none. */
export function healthCheckSummary({ findings }: Judged): string | null {
  return findings.find(({ rule }) => rule === 'health-check.coverage')?.message ?? null;
}

/**
 * Limits of the escalation path that the outage reached, in the runbook's order, and who is called as data are in danger.
 * Who is called at once whatever happens is always reached.
 */
export function reachedLimits({ findings }: Judged): readonly Finding[] {
  return findings.filter(({ rule, figures }) => {
    if (rule === 'escalation.data') return figures?.reached === 'at-once';
    if (rule !== 'escalation.limit' || figures?.afterMs === 0) return false;
    return figures?.reached === 'reached' || figures?.reached === 'with-people';
  });
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
