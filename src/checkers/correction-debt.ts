import type { Plan } from '../definition/plan.ts';

/**
 * A correction is a debt due on the runbook's review date: until then the runbook still passes. With no date set nobody
 * has promised to pay, so it is due at once.
 */
export function correctionDebt({ runbook, today }: Plan): { readonly due: boolean; readonly words: string } {
  const review = runbook?.metadata.nextReview?.value ?? null;
  if (review === null)
    return { due: true, words: 'the runbook has no review date by which it would be put right' };
  // ISO dates compare as text.
  return today > review
    ? { due: true, words: `the runbook should have been put right by its review on ${review}` }
    : { due: false, words: `the runbook has to be put right by its review on ${review}` };
}
