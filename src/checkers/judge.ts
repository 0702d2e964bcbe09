import type { Plan } from '../definition/plan.ts';
import type { Timeline } from '../timeline/timeline.ts';
import {
  type Checker,
  type Dimension,
  dimensions,
  type Finding,
  type Status,
  type Verdict,
} from './checker.ts';
import { allCheckers } from './index.ts';

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
}

/**
 * Asks every checker and takes the worst answer. A checker that throws does not know; a dimension that nobody checked is
 * not passed; where validity is not proved, neither recovery nor data can pass.
 */
export function judge(timeline: Timeline, plan: Plan, checkers: readonly Checker[] = allCheckers): Judgement {
  const found = checkers.flatMap((checker) => ask(checker, timeline, plan));
  const unchecked = dimensions
    .filter((dimension) => !found.some((finding) => finding.dimension === dimension))
    .map(nobodyChecked);
  const sound = worst([...found, ...unchecked], 'validity') === 'pass';
  const unsupported = sound
    ? []
    : (['recovery', 'data'] as const)
        .filter((dimension) => worst([...found, ...unchecked], dimension) === 'pass')
        .map(notSupported);
  const findings = [...found, ...unchecked, ...unsupported];
  return { findings, verdict: verdictOf(findings) };
}

function ask(checker: Checker, timeline: Timeline, plan: Plan): readonly Finding[] {
  try {
    return checker.check(timeline, plan);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Checker "${checker.name}" failed, so what it asks is not known: ${reason}`;
    return [{ dimension: checker.dimension, status: 'inconclusive', rule: 'checker.failed', message }];
  }
}

function nobodyChecked(dimension: Dimension): Finding {
  return {
    dimension,
    status: 'inconclusive',
    rule: 'checker.missing',
    message: `Nobody checked the ${dimension} of this run.`,
  };
}

function notSupported(dimension: Dimension): Finding {
  const message = `What was seen of the ${dimension} looks fine, but it proves nothing as long as the validity of the run is not shown.`;
  return { dimension, status: 'inconclusive', rule: 'validity.required', message };
}

function verdictOf(findings: readonly Finding[]): Verdict {
  const of = (dimension: Dimension) => worst(findings, dimension);
  return {
    overall: worstOf(findings.map(({ status }) => status)),
    dimensions: {
      validity: of('validity'),
      recovery: of('recovery'),
      data: of('data'),
      criteria: of('criteria'),
      runbook: of('runbook'),
      cleanup: of('cleanup'),
    },
  };
}

const worst = (findings: readonly Finding[], dimension: Dimension): Status =>
  worstOf(findings.filter((finding) => finding.dimension === dimension).map(({ status }) => status));

/** Of no answers at all, `inconclusive`: a pass has to come from somebody. */
function worstOf(statuses: readonly Status[]): Status {
  if (statuses.includes('fail')) return 'fail';
  return statuses.length === 0 || statuses.includes('inconclusive') ? 'inconclusive' : 'pass';
}
