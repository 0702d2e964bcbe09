import { counted } from './wording.ts';

/** How likely a loss may still be, at 95 % confidence, when that many runs lost nothing: from 0.05 = (1 − p)ⁿ. */
export function lossChanceAtMost(runs: number): number {
  return 1 - 0.05 ** (1 / runs);
}

/** The same in words. */
export function lossBound(runs: number): string {
  const percent = Number((lossChanceAtMost(runs) * 100).toFixed(1));
  return `Losing nothing in ${counted(runs, 'run')} only shows (at 95 % confidence) that a loss is no likelier than ${percent} % a run.`;
}
