import { loadColumns, loadNote, loadReports, loadRow } from '../load-facts.ts';
import type { Judged } from '../reporter.ts';
import { table } from './parts.ts';
import { type Content, html } from './template.ts';

/** How the users of the drill fared, as their load generator counted; nothing where the drill has no load. */
export function loadPart(judged: Judged): Content {
  const rows = loadReports(judged).map(loadRow);
  return (
    rows.length > 0 &&
    html`${table('Users of the platform during the drill', loadColumns, rows)}
<p class="quiet">${loadNote}</p>
`
  );
}
