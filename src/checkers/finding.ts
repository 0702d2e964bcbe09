import type { Dimension, Finding } from './checker.ts';

/** What a checker of one dimension concludes: its status, which rule, the sentence, and the times of what shows it. */
export type FindingMaker<D extends Dimension> = (
  status: Finding['status'],
  rule: string,
  message: string,
  evidenceNs?: readonly number[],
) => Finding & { readonly dimension: D };

export function findingsIn<D extends Dimension>(dimension: D): FindingMaker<D> {
  return (status, rule, message, evidenceNs) => ({
    dimension,
    status,
    rule,
    message,
    ...(evidenceNs !== undefined && { evidenceNs }),
  });
}
