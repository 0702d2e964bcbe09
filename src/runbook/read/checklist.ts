import type { SourceLine } from '../markdown/block.ts';
import { withoutColon } from '../prose/inline.ts';
import type { Lines, Phase } from '../runbook.ts';
import { typedCommand } from '../shell/console.ts';
import { looksLikeCommand } from '../shell/programs.ts';
import type { FoundCommand } from '../shell/split.ts';
import { commandDraft, type Draft, type ManualDraft, type Place, type Shell } from './draft.ts';
import { numbered, type PhaseHead, phaseHead } from './phase.ts';
import { isInstruction, namedInSentence } from './sentence.ts';

export interface ChecklistReading {
  readonly phases: readonly Phase[];
  readonly steps: readonly Draft[];
}

const box = /^(\s*)(?:[-*+•]\s+)?(?:[□☐▢◻◯○❏❑☑☒✅]|\[[ xX]?\])\s+(\S.*)$/u;
const lettered = /^(\s*)(?:[a-z]|[ivx]{1,4})[.)]\s+(\S.*)$/;
const bullet = /^(\s*)[-*+•]\s+(\S.*)$/u;
const typed = /^(\s*)([$#])\s+(\S.*)$/;
const label = /^(\s*)(\S.{0,80}?):\s*$/;

/** Whether a plain fence holds a checklist rather than words or a script. */
export function hasBoxes(content: readonly SourceLine[]): boolean {
  return content.some(({ text }) => box.test(text));
}

/**
 * A fence of words: numbered phases, `□` items with lettered or dashed sub-items, `$ ` commands below them, and label
 * lines that name a command ("Primary: pg_isready -h <host>"). Other lines are prose and yield nothing.
 */
export function readChecklist(
  content: readonly SourceLine[],
  shell: Shell,
  place: Place,
  firstOrdinal: number,
): ChecklistReading {
  const reader = new ChecklistReader(content, shell, place, firstOrdinal);
  for (let i = 0; i < content.length; ) i += reader.line(i);
  return { phases: reader.closedPhases(), steps: reader.steps };
}

class ChecklistReader {
  readonly steps: Draft[] = [];
  private readonly phases: (Phase & { lines: { from: number; to: number } })[] = [];
  /** Open items, outermost first, with the column their mark stands in. */
  private items: { readonly indent: number; readonly step: ManualDraft }[] = [];
  private title: string | null = null;
  private readonly content: readonly SourceLine[];
  private readonly shell: Shell;
  private readonly place: Place;
  private readonly firstOrdinal: number;
  /** Column of the outermost box, -1 without any. */
  private readonly boxIndent: number;
  private readonly isNumberedList: boolean;

  constructor(content: readonly SourceLine[], shell: Shell, place: Place, firstOrdinal: number) {
    this.content = content;
    this.shell = shell;
    this.place = place;
    this.firstOrdinal = firstOrdinal;
    const indents = content.flatMap(({ text }) => box.exec(text)?.[1]?.length ?? []);
    this.boxIndent = indents.length === 0 ? -1 : indents.reduce((a, b) => Math.min(a, b));
    const outer = content.filter(({ text }) => /^\S/.test(text));
    this.isNumberedList = outer.length > 0 && outer.every(({ text }) => numbered.test(text));
  }

  closedPhases(): readonly Phase[] {
    return this.phases;
  }

  /** @returns how many lines this one and its continuation are */
  line(index: number): number {
    const source = this.content[index];
    if (source === undefined || source.text.trim() === '') return 1;
    const length = this.phaseLine(source) || this.itemLine(source) ? 1 : this.commandLine(source, index);
    const phase = this.phases.at(-1);
    if (phase !== undefined) phase.lines.to = source.line + length - 1;
    return length;
  }

  private phaseLine({ text, line }: SourceLine): boolean {
    const indent = indentOf(text);
    if (this.boxIndent >= 0 && indent >= this.boxIndent) return false;
    const words = numbered.exec(text.trim())?.[1];
    const head = phaseHead(words ?? text.trim());
    if (!this.isPhase(head, words !== undefined, indent)) return false;
    const ordinal = this.firstOrdinal + this.phases.length;
    const { name, budget, when } = head;
    this.phases.push({ ordinal, name, budget, when, lines: { from: line, to: line } });
    this.items = [];
    this.title = null;
    return true;
  }

  private isPhase(head: PhaseHead, isNumbered: boolean, indent: number): boolean {
    const capitals = /^[A-Z0-9][A-Z0-9 /&,-]+$/.test(head.name);
    if (this.boxIndent >= 0) return isNumbered || (head.timed && indent === 0);
    return isNumbered ? head.budget !== null || capitals : head.budget !== null && capitals;
  }

  private itemLine(source: SourceLine): boolean {
    const { text } = source;
    const found = box.exec(text);
    const indent = indentOf(text);
    while (this.items.length > 0 && indent <= (this.items.at(-1)?.indent ?? -1)) this.items.pop();
    const sub = lettered.exec(text) ?? bullet.exec(text) ?? numberedItem(text);
    if (found !== null) this.item(source, indent, found[2] ?? '');
    else if (sub !== null && this.isSubItem(sub[2] ?? '')) this.item(source, indent, sub[2] ?? '');
    else return false;
    return true;
  }

  /** What is below a box belongs to it; in a fence without boxes, items of a phase and numbered instructions are steps. */
  private isSubItem(text: string): boolean {
    if (this.items.length > 0) return true;
    if (this.boxIndent >= 0) return false;
    return this.phases.length > 0 || (this.isNumberedList && isInstruction(text));
  }

  private item(source: SourceLine, indent: number, text: string): void {
    const under = this.items.at(-1)?.step ?? this.place.under;
    const lines = { from: source.line, to: source.line };
    const phase = this.phases.at(-1) ?? this.place.phase;
    const step: ManualDraft = { kind: 'manual', text: text.trim(), title: null, lines, under, phase };
    this.items.push({ indent, step });
    this.title = null;
    this.steps.push(step);
    this.named(step.text, lines, this.placeOf(step.text));
  }

  private commandLine(source: SourceLine, index: number): number {
    const prompt = typed.exec(source.text);
    const words = source.text.trim();
    if (prompt !== null && (prompt[2] === '$' || looksLikeCommand(prompt[3] ?? ''))) {
      return this.command(typedCommand(this.content, index, prompt[3] ?? ''), 'prompt');
    }
    if (prompt !== null) this.title = prompt[3] ?? null;
    else if (looksLikeCommand(words)) return this.command(typedCommand(this.content, index, words), 'fence');
    else this.words(source);
    return 1;
  }

  private command(found: FoundCommand, form: 'prompt' | 'fence'): number {
    this.steps.push(commandDraft(found, form, this.shell, this.placeOf(null)));
    return found.lines.to - found.lines.from + 1;
  }

  private words({ text, line }: SourceLine): void {
    const heading = label.exec(text)?.[2];
    if (heading !== undefined) {
      this.title = heading.replace(/^[-*•]\s+/u, '');
      return;
    }
    const words = text.trim().replace(/^[-*+•]\s+/u, '');
    const before = /^([^:]{1,60}):\s/.exec(words)?.[1] ?? null;
    const place = { ...this.placeOf(null), title: before };
    this.named(words, { from: line, to: line }, place);
  }

  private named(text: string, lines: Lines, place: Place): void {
    for (const step of namedInSentence(text, lines, place, false)) this.steps.push(step);
  }

  private placeOf(sentence: string | null): Place {
    const under = this.items.at(-1)?.step ?? this.place.under;
    const introduction = this.title ?? sentence ?? under?.text ?? this.place.title;
    const title = introduction === null ? null : withoutColon(introduction);
    return { title, under, phase: this.phases.at(-1) ?? this.place.phase };
  }
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function numberedItem(text: string): [string, string, string] | null {
  const words = numbered.exec(text.trim())?.[1];
  return words === undefined ? null : [text, '', words];
}
