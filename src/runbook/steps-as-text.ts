import { formatDuration } from '../definition/duration.ts';
import type { Phase, Runbook, Section, Step } from './runbook.ts';

/** A readable listing of every step: section, phase with its budget, then id, kind, lines, placeholders and text. */
export function stepsAsText(runbook: Runbook): string {
  const sections = runbook.sections.filter(({ steps, phases }) => steps.length > 0 || phases.length > 0);
  const steps = sections.flatMap((section) => section.steps);
  const count = (kind: Step['kind'], word: string, plural = `${word}s`) => {
    const number = steps.filter((step) => step.kind === kind).length;
    return `${number} ${number === 1 ? word : plural}`;
  };
  const summary = [
    count('command', 'command'),
    count('query', 'query', 'queries'),
    count('manual', 'manual step'),
  ].join(', ');
  return [printable(runbook.title || '(no title)'), summary, ...sections.flatMap(sectionLines), ''].join(
    '\n',
  );
}

function sectionLines(section: Section): string[] {
  const under = new Map(section.steps.map((step) => [step.id, step.under]));
  const listing = (phase: number | null) =>
    section.steps.flatMap((step) => (step.phase === phase ? stepLines(step, depthOf(step, under)) : []));
  return [
    '',
    `## ${printable(section.path.join(' > ') || '(before the first heading)')}`,
    ...listing(null),
    ...section.phases.flatMap((phase) => [phaseLine(phase), ...listing(phase.ordinal)]),
  ];
}

function phaseLine({ ordinal, name, budget, when }: Phase): string {
  const time = budget === null ? when : `${formatTime(budget.fromMs)} to ${formatTime(budget.toMs)}`;
  return `  Phase ${ordinal}: ${printable(name)}${time === null ? '' : ` (${printable(time)})`}`;
}

function formatTime(ms: number): string {
  return ms === 0 ? '0' : formatDuration(ms);
}

function stepLines(step: Step, depth: number): string[] {
  const indent = ' '.repeat(4 + 2 * depth);
  const { from, to } = step.lines;
  const lines = from === to ? `line ${from}` : `lines ${from}-${to}`;
  const kind = step.kind === 'query' ? step.language : step.kind;
  const open = step.placeholders.map(({ text }) => text);
  const about = `${step.id}  ${kind} ${step.ordinal}, ${lines}${open.length > 0 ? `, to fill in: ${open.join(' ')}` : ''}`;
  return [about, ...step.text.split('\n').map((line) => `  ${line}`)].map((line) => indent + printable(line));
}

function depthOf(step: Step, under: ReadonlyMap<string, string | null>): number {
  let depth = 0;
  for (let id = step.under; id !== null && depth < 8; depth++) id = under.get(id) ?? null;
  return depth;
}

/** A runbook is untrusted: control characters would reach the terminal. */
function printable(text: string): string {
  return text.replace(/\t/g, '  ').replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');
}
