import type { Judged } from '../reporter.ts';
import { healthCheckRows } from '../runbook-facts.ts';
import { badge, table } from './parts.ts';
import type { Content } from './template.ts';

/** What each health check of the runbook said before the fault and after it; nothing where the drill asks none. */
export function healthPart(judged: Judged): Content {
  const rows = healthCheckRows(judged).map(
    ({ name, healthy, faulted, outcome, status }): readonly Content[] => [
      name,
      healthy ?? '–',
      faulted ?? '–',
      outcome,
      badge(status),
    ],
  );
  return (
    rows.length > 0 &&
    table(
      'Health checks of the runbook: their answers before the fault and after it',
      ['Check', 'While healthy', 'After the fault', 'What it tells', 'Verdict'],
      rows,
    )
  );
}
