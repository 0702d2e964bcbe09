import { formatMs } from '../reporters/quantities.ts';
import type { LossSpread, Repeats, RunTime } from '../reporters/repeats.ts';
import { oneLine, shortened } from '../reporters/untrusted.ts';
import { columns } from './columns.ts';

export interface NamedRepeats extends Repeats {
  readonly name: string;
}

const heading = ['drill', 'runs', 'pass', 'inc.', 'fail', 'RTO min', 'median', 'max', 'worst RPO', 'lost'];
const findingsShown = 3;
const widestMessage = 200;

/** A line a drill, then a line for each run that differs from the others of its drill, and by what. */
export function repeatTable(drills: readonly NamedRepeats[]): readonly string[] {
  const lines = columns([heading, ...drills.map(rowOf)]);
  return [...lines, ...drills.flatMap(timed), ...drills.flatMap(differences), ...drills.flatMap(bound)];
}

function rowOf({ name, runs, verdicts, rto, rpo }: NamedRepeats): readonly string[] {
  const { pass, inconclusive, fail } = verdicts;
  const times = rto === null ? ['–', '–', '–'] : [rto.min, rto.median, rto.max].map(timeWords);
  const loss = rpo === null ? ['–', '–'] : [formatMs(rpo.worstMs), `${rpo.runsThatLost} of ${rpo.runs}`];
  return [name, ...[runs, pass, inconclusive, fail].map(String), ...times, ...loss];
}

function timeWords({ ms, censored }: RunTime): string {
  return censored ? `> ${formatMs(ms)}` : formatMs(ms);
}

/** A spread over fewer runs than there were must not look like one over all. */
function timed({ name, runs, rto }: NamedRepeats): readonly string[] {
  return rto === null || rto.runs === runs
    ? []
    : [`${name}: the RTO is that of ${rto.runs} of ${runs} runs, the others have none that counts`];
}

function differences({ name, differing }: NamedRepeats): readonly string[] {
  return differing.flatMap(({ number, id, overall, because }) => [
    `${name}: run ${number} differs (${overall}, ${id}):`,
    ...because.slice(0, findingsShown).map((message) => `    ${shortened(oneLine(message), widestMessage)}`),
    ...(because.length > findingsShown ? [`    and ${because.length - findingsShown} more`] : []),
  ]);
}

function bound({ name, rpo }: NamedRepeats): readonly string[] {
  return rpo === null || rpo.chanceAtMost === null ? [] : [`${name}: ${boundWords(rpo, rpo.chanceAtMost)}`];
}

function boundWords({ runs }: LossSpread, chance: number): string {
  const percent = Number((chance * 100).toFixed(1));
  return `nothing lost in ${runs} runs: at 95 % confidence a loss is no likelier than ${percent} % a run`;
}
