import { findingsOf } from '../figures.ts';
import { formatCount, formatMs } from '../quantities.ts';
import type { Judged } from '../reporter.ts';
import { findingList, table } from './parts.ts';
import { type Content, html } from './template.ts';

const columns = [
  ['Acknowledged', 'acked'],
  ['Lost', 'lost'],
  ['RPO', 'rpoMs'],
  ['Target', 'rpoTargetMs'],
  ['Failed', 'failed'],
  ['Indeterminate', 'indeterminate'],
  ['Recovered', 'recoveredWrites'],
  ['In flight at the fault', 'inFlight'],
  ['Replication lag then', 'replicationLag'],
] as const;

/** What became of the writes that a client had been promised. */
export function dataPart(judged: Judged): Content {
  const findings = findingsOf(judged, 'data');
  const rows = findings
    .filter(({ figures }) => typeof figures?.ledger === 'string' && 'lost' in figures)
    .map(({ figures = {} }): readonly Content[] => [
      String(figures.ledger),
      ...columns.map(([, name]) => cell(name, figures[name])),
    ]);
  return html`${rows.length > 0 && table('Writes of each ledger', ['Ledger', ...columns.map(([head]) => head)], rows)}
${rows.length > 0 && html`<p class="quiet">Lost: acknowledged, and not there after recovery. Indeterminate: nobody told the client. Recovered: indeterminate writes that turned out to be there.</p>`}
${findingList(findings)}`;
}

function cell(name: string, value: number | string | boolean | null | undefined): string {
  if (typeof value !== 'number') return '–';
  return name.endsWith('Ms') ? formatMs(value) : formatCount(value);
}
