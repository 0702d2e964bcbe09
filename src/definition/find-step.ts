import type { CommandStep, ManualStep, QueryStep, Section, Step } from '../runbook/runbook.ts';
import type { Found } from './find-section.ts';
import { nearest } from './nearest.ts';
import { quote } from './quote.ts';

export type Executable = CommandStep | QueryStep;

/** How a drill names a command: by its beginning, and by `nth` among equal ones. */
export interface CommandAddress {
  readonly command: string;
  readonly nth?: number | undefined;
}

export function executables({ steps }: Section): readonly Executable[] {
  return steps.filter((step) => step.kind !== 'manual');
}

/** The one command of a section that begins so; a command that is exactly so wins over those that merely begin so. */
export function findCommand(section: Section, { command, nth }: CommandAddress): Found<Executable> {
  const wanted = oneLine(command);
  const all = executables(section);
  const beginning = all.filter(({ text }) => wanted !== '' && oneLine(text).startsWith(wanted));
  const exact = beginning.filter(({ text }) => oneLine(text) === wanted);
  const matches = exact.length > 0 ? exact : beginning;
  const found = matches[(nth ?? 1) - 1];
  if (found !== undefined && (matches.length === 1 || nth !== undefined)) return { found };
  const where = quote(section.path.join(' > '));
  if (matches.length === 0) return notThere(wanted, all, where);
  const lines = matches.map((step) => `line ${step.lines.from} ${quote(oneLine(step.text))}`).join(', ');
  const todo =
    new Set(matches.map(({ text }) => oneLine(text))).size === 1
      ? 'say which by "nth"'
      : 'write more of the one meant';
  return {
    problem: `${matches.length} commands of ${where} begin with ${quote(command)}: ${lines}; ${todo}`,
    suggestion: null,
  };
}

function notThere(wanted: string, all: readonly Executable[], where: string): Found<Executable> {
  const suggestion = nearestCommand(
    wanted,
    all.map(({ text }) => oneLine(text)),
  );
  const list = all.length === 0 ? 'no commands' : all.map(describeExecutable).join(', ');
  const has = suggestion === null ? `; it has ${list}` : '';
  return { problem: `no command of ${where} begins with ${quote(wanted)}${has}`, suggestion };
}

/** By its beginning first, for that is what a drill writes. */
function nearestCommand(wanted: string, texts: readonly string[]): string | null {
  if (wanted === '') return null;
  const beginnings = texts.map((text) => text.slice(0, wanted.length));
  const near = nearest(wanted, beginnings);
  return near === null ? nearest(wanted, texts) : (texts[beginnings.indexOf(near)] ?? null);
}

export function describeExecutable({ text, lines }: Executable): string {
  return `${quote(oneLine(text))} (line ${lines.from})`;
}

/** A manual step by its phase (none = outside phases) and its ordinal there. */
export function findManual(
  section: Section,
  address: { readonly phase?: number | undefined; readonly step: number },
): Found<ManualStep> {
  const manual = section.steps.filter((step: Step) => step.kind === 'manual');
  const phase = address.phase ?? null;
  const there = manual.filter((step) => step.phase === phase);
  const found = there.find(({ ordinal }) => ordinal === address.step);
  if (found !== undefined) return { found };
  const where = quote(section.path.join(' > '));
  const place = phase === null ? `${where} outside its phases` : `phase ${phase} of ${where}`;
  const phases =
    phase !== null && !section.phases.some(({ ordinal }) => ordinal === phase)
      ? `; it has ${section.phases.length} phases`
      : '';
  const steps = there.map(({ ordinal, text }) => `${ordinal} ${quote(oneLine(text))}`).join(', ');
  return {
    problem: `there is no manual step ${address.step} in ${place}${phases || `; there ${there.length === 0 ? 'are none' : `are: ${steps}`}`}`,
    suggestion: null,
  };
}

/** White space and line continuations do not count when commands are compared. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
