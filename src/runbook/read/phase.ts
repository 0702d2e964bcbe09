import { withoutColon } from '../prose/inline.ts';
import { findRange, findTime } from '../prose/times.ts';
import type { Phase } from '../runbook.ts';

export interface PhaseHead {
  readonly name: string;
  readonly when: string | null;
  readonly budget: Phase['budget'];
  /** The parentheses hold a time, or one of the words that stand in place of one. */
  readonly timed: boolean;
}

/** "2. COMMUNICATE (2-5 minutes)", "Phase 3: Verify (ongoing)", "ASSESS (0-2 min):" without its number. */
export function phaseHead(text: string): PhaseHead {
  const [, words = text, when = null] = text.includes('(')
    ? (headPattern.exec(text.slice(0, 300)) ?? [])
    : [];
  const budget = when === null ? null : budgetOf(when);
  const timed = budget !== null || (when !== null && insteadOfTime.test(when));
  return { name: withoutColon(words.replace(/\*\*|__/g, '')), when, budget, timed };
}

const headPattern = /^([^()]*?)\s*\(([^()]{1,80})\)\s*:?$/;
const insteadOfTime = /^(?:ongoing|continuous|as needed|if needed|if required|when|after|until|parallel)\b/i;

/** The number in front of a phase or step: "3.", "3)", "Phase 3:", "Step 3 -". */
export const numbered = /^(?:(?:phase|step|stage)\s+)?\d{1,3}\s?[.):–-]\s+(\S.*)$/i;

/** A range of minutes; a single time ("5 minutes", "< 5 minutes") is a budget from the start. */
export function budgetOf(when: string): Phase['budget'] {
  const range = findRange(when);
  if (range !== null) return range;
  const toMs = findTime(when);
  return toMs === null ? null : { fromMs: 0, toMs };
}
