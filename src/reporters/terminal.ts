import { styleText } from 'node:util';
import { dimensions, type Status } from '../checkers/checker.ts';
import { findingsOf } from './figures.ts';
import { drillName, headlines, notAsWritten, outcomeWord } from './headline.ts';
import { loadSentences } from './load-facts.ts';
import { notesOf } from './notes.ts';
import type { Judged } from './reporter.ts';
import { healthCheckSummary, reachedLimits } from './runbook-facts.ts';
import { oneLine, shortened } from './untrusted.ts';
import { wrapped } from './wrap.ts';

export interface TerminalOptions {
  /** Columns of the terminal; less than 40 is taken as 40. */
  readonly width: number;
  readonly color: boolean;
  /** Where the report is; the last line says so. */
  readonly report?: string;
}

const labelWidth = 10;
const stepsShown = 3;

/** The verdict of a run in about 15 lines, none wider than the terminal. */
export function verdictLines(judged: Judged, options: TerminalOptions): readonly string[] {
  const paint = painter(options.color);
  const width = Math.max(40, options.width);
  const row = (label: string, text: string, most?: number) => labelled(label, text, width, most);
  return [
    ...title(judged, width, paint),
    ...headlines(judged).flatMap(({ label, value, note }) => row(label, `${value}  (${note})`)),
    ...dimensions.flatMap((dimension) => {
      const status = judged.verdict.dimensions[dimension];
      const worst = findingsOf(judged, dimension)[0];
      const text =
        worst === undefined ? statusWord[status] : `${statusWord[status]}  ${oneLine(worst.message)}`;
      const lines = row(dimension, text, status === 'pass' ? 1 : 2);
      return lines.map((line, index) =>
        index === 0 ? line.replace(statusWord[status], paint(status)) : line,
      );
    }),
    ...steps(judged, width),
    ...facts(judged).flatMap(([label, text]) => row(label, oneLine(text), 2)),
    ...notesOf(judged).flatMap((note, index) => row(index === 0 ? 'note' : '', note, 1)),
    ...(options.report === undefined ? [] : row('report', options.report)),
  ];
}

const statusWord: { readonly [S in Status]: string } = {
  pass: 'pass',
  inconclusive: 'INCONCLUSIVE',
  fail: 'FAIL',
};
const statusStyle = { pass: ['green'], inconclusive: ['yellow', 'bold'], fail: ['red', 'bold'] } as const;

function painter(color: boolean): (status: Status) => string {
  return (status) =>
    // The caller knows whether there is a terminal; the stream that styleText would ask may be another one.
    color
      ? styleText([...statusStyle[status]], statusWord[status], { validateStream: false })
      : statusWord[status];
}

function title(judged: Judged, width: number, paint: (status: Status) => string): readonly string[] {
  const { overall } = judged.verdict;
  const text = `${statusWord[overall]}  ${drillName(judged)} on ${judged.plan.environment}`;
  const [first = '', ...rest] = wrapped(text, width);
  return [first.replace(statusWord[overall], paint(overall)), ...rest];
}

function steps(judged: Judged, width: number): readonly string[] {
  const all = notAsWritten(judged);
  const shown = all.slice(0, stepsShown).flatMap(({ lines, text, outcome }, index) => {
    const said = `line ${lines.from} ${outcomeWord(outcome)}: `;
    const room = Math.max(10, width - labelWidth - 2 - said.length);
    return labelled(index === 0 ? 'steps' : '', `${said}${shortened(oneLine(text), room)}`, width, 2);
  });
  const more = all.length - stepsShown;
  return more > 0 ? [...shown, ...labelled('', `and ${more} more not as written`, width, 1)] : shown;
}

/** How the users fared, and what the runbook's own health checks and escalation path say of this outage. */
function facts(judged: Judged): readonly (readonly [label: string, text: string])[] {
  const health = healthCheckSummary(judged);
  const last = reachedLimits(judged).at(-1);
  return [
    ...loadSentences(judged).map((sentence) => ['load', sentence] as const),
    ...(health === null ? [] : [['health', health] as const]),
    ...(last === undefined ? [] : [['escalate', last.message] as const]),
  ];
}

function labelled(label: string, text: string, width: number, most?: number): readonly string[] {
  return wrapped(text, width - labelWidth - 2, most).map(
    (line, index) => `  ${(index === 0 ? label : '').padEnd(labelWidth)}${line}`,
  );
}
