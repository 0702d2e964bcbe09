import type { Plan } from '../definition/plan.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Finding } from './checker.ts';
import { rpo } from './rpo.ts';
import { counted, listed } from './wording.ts';

/** What a ledger says of its acknowledged writes. */
export type LedgerAnswer =
  | { readonly kind: 'lost'; readonly count: number; readonly finding: Finding }
  | { readonly kind: 'nothing-lost'; readonly finding: Finding }
  /** It wrote nothing, was not read back, or had nothing to lose. */
  | { readonly kind: 'not-known'; readonly why: string };

/** The answer of one ledger of a drill, from what the data checker concluded of it. */
export function ledgerAnswer(ledger: string, data: readonly Finding[]): LedgerAnswer {
  const finding = data.find(({ figures }) => figures?.ledger === ledger && 'lost' in figures);
  const lost = finding?.figures?.lost;
  if (finding !== undefined && typeof lost === 'number' && lost > 0)
    return { kind: 'lost', count: lost, finding };
  if (finding?.status === 'pass') return { kind: 'nothing-lost', finding };
  const said = finding ?? data.find(({ message }) => message.includes(`"${ledger}"`));
  return { kind: 'not-known', why: said?.message ?? `ledger "${ledger}" wrote nothing.` };
}

export interface DataAtRisk {
  readonly reached: 'at-once' | 'not-reached' | 'not-known';
  /** A clause. */
  readonly why: string;
  readonly evidenceNs: readonly number[];
}

/** Whether acknowledged writes of any ledger were lost, missing for a while, or not kept as they should be. */
export function dataAtRisk(timeline: Timeline, plan: Plan): DataAtRisk {
  const names = Object.keys(plan.ledgers);
  if (names.length === 0) return { reached: 'not-known', why: 'this drill writes no ledger', evidenceNs: [] };
  const data = rpo.check(timeline, plan);
  const harmed = data.filter(
    ({ status, figures }) => status === 'fail' || isPositive(figures?.lost) || isPositive(figures?.missing),
  );
  if (harmed.length > 0) {
    const rules = [...new Set(harmed.map(harmOf))];
    return {
      reached: 'at-once',
      why: listed(rules),
      evidenceNs: harmed.flatMap(({ evidenceNs = [] }) => evidenceNs),
    };
  }
  const unknown = names.filter((name) => ledgerAnswer(name, data).kind === 'not-known');
  if (unknown.length > 0)
    return { reached: 'not-known', why: `nothing proves what became of ${listed(unknown)}`, evidenceNs: [] };
  return {
    reached: 'not-reached',
    why: `${counted(names.length, 'ledger')} (${listed(names)}) lost nothing`,
    evidenceNs: [],
  };
}

const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0;

function harmOf({ figures = {}, rule }: Finding): string {
  const { ledger, lost, missing } = figures;
  const name = typeof ledger === 'string' ? `ledger "${ledger}"` : 'a ledger';
  if (isPositive(lost)) return `${name} lost ${counted(lost, 'acknowledged write')}`;
  if (isPositive(missing)) return `${name} lacked ${counted(missing, 'acknowledged write')} for a while`;
  return `${name} was not kept as it should be (${rule})`;
}

const harm =
  /\b(?:at risk|risks?|los[st]|loss(?:es)?|harm\w*|corrupt\w*|damage\w*|integrity|destroyed|missing)\b/i;

/** Whether a reason to escalate speaks of data in danger: what a ledger can tell. A data centre that is lost is none. */
export function isAboutData(reason: string): boolean {
  const words = reason.replaceAll(/\bdata[ -]?cent(?:er|re)s?\b/gi, '');
  return /\bdata\b/i.test(words) && harm.test(words);
}
