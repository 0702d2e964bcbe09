import type { LintFinding, LintRule } from './finding.ts';

const rule = 'review-date';

/** A runbook that nobody has to look at again rots: it needs a next review date, and that has to lie ahead. */
export const reviewDate: LintRule = ({ runbook, text, options: { today } }): LintFinding[] => {
  const review = runbook.metadata.nextReview;
  const instead = '**Next Review Date**: and a day as YYYY-MM-DD';
  if (review === undefined) {
    const last = text.split(/\r\n|\n|\r/).length;
    const message = 'no next review date: nobody will notice when this runbook is out of date';
    return [{ rule, severity: 'warning', message, lines: { from: last, to: last }, instead }];
  }
  if (review.value === null) {
    const message = `the next review date is no date: "${review.text}"`;
    return [{ rule, severity: 'error', message, lines: review.lines, instead }];
  }
  if (review.value >= today) return [];
  const message = `the review was due on ${review.value}, before today (${today})`;
  return [
    { rule, severity: 'error', message, lines: review.lines, instead: 'review it, then set the next date' },
  ];
};
