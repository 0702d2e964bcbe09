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
  const [, words = text, when] = /^([^()]*?)\s*\(([^()]{1,80})\)\s*:?$/.exec(text.slice(0, 300)) ?? [];
  const budget = when === undefined ? null : budgetOf(when);
  const timed =
    budget !== null ||
    /^(?:ongoing|continuous|as needed|if needed|if required|when|after|until|parallel)\b/i.test(when ?? '');
  return timed
    ? { name: nameOf(words), when: when ?? null, budget, timed }
    : { name: nameOf(text), when: when ?? null, budget: null, timed };
}

/** The number in front of a phase or step: "3.", "3)", "Phase 3:", "Step 3 -". */
export const numbered = /^(?:(?:phase|step|stage)\s+)?\d{1,3}\s?[.):–-]\s+(\S.*)$/i;

function nameOf(text: string): string {
  return text
    .replace(/\*\*|__/g, '')
    .replace(/\s*:\s*$/, '')
    .trim();
}

/** A range of minutes; a single time ("5 minutes", "< 5 minutes") is a budget from the start. */
export function budgetOf(when: string): Phase['budget'] {
  const range = findRange(when);
  if (range !== null) return range;
  const toMs = findTime(when);
  return toMs === null ? null : { fromMs: 0, toMs };
}
