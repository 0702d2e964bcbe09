import type { TableBlock } from '../markdown/block.ts';
import { plainText } from '../prose/inline.ts';
import type { Fix } from '../runbook.ts';

const issueHeading = /\b(?:issues?|problems?|errors?|causes?|failures?|scenarios?|conditions?|alerts?)\b/i;
const symptomHeading = /\b(?:symptoms?|signs?|indicators?|observed|behaviou?r|messages?)\b/i;
const fixHeading =
  /\b(?:fix(?:es)?|solutions?|resolutions?|actions?|remed(?:y|ies|iation)|mitigations?|workarounds?|what to do)\b/i;

/** Rows of a table whose headings say that it lists problems and what to do about them; none for any other table. */
export function readFixes(table: TableBlock): Fix[] {
  const headings = table.header.map(plainText);
  const fix = headings.findIndex((heading) => fixHeading.test(heading));
  const symptoms = headings.findIndex((heading, i) => i !== fix && symptomHeading.test(heading));
  const named = headings.findIndex((heading, i) => i !== fix && i !== symptoms && issueHeading.test(heading));
  const issue = named >= 0 ? named : symptoms;
  if (fix < 0 || issue < 0) return [];
  return table.rows.map(({ cells, line }) => ({
    issue: plainText(cells[issue] ?? ''),
    symptoms: symptoms < 0 ? '' : plainText(cells[symptoms] ?? ''),
    fix: plainText(cells[fix] ?? ''),
    lines: { from: line, to: line },
  }));
}
