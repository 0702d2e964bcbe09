import type { Block, ListItem, SourceLine } from '../markdown/block.ts';
import { codeSpans, joinedText, lastSentence, plainText } from '../prose/inline.ts';
import type { Fix, Lines, Phase } from '../runbook.ts';
import type { ChecklistReading } from './checklist.ts';
import { type Draft, type ManualDraft, nowhere, type Place } from './draft.ts';
import { readFence } from './fence.ts';
import { readFixes } from './fixes.ts';
import { budgetOf, phaseHead } from './phase.ts';
import { isInstruction, namedInSentence } from './sentence.ts';

export interface SectionReading extends ChecklistReading {
  readonly fixes: readonly Fix[];
}

/** Which parts of a section are steps: lists of criteria and of escalation levels are not. */
export interface SectionKind {
  readonly listsAreSteps: boolean;
}

/** Steps, phases and fixes of the blocks between two headings. */
export function readSection(
  blocks: readonly Block[],
  heading: string,
  lines: Lines,
  kind: SectionKind,
): SectionReading {
  const reader = new SectionReader(kind);
  reader.blocks(blocks, nowhere);
  const { phases, steps, fixes } = reader;
  const whole = phases.length === 0 ? headingPhase(heading, lines) : null;
  if (whole === null) return { phases, steps, fixes };
  return { phases: [whole], steps: inPhase(steps, whole), fixes };
}

/** "Immediate Actions (0-15 minutes)" without numbered phases of its own is one phase. */
function headingPhase(heading: string, lines: Lines): Phase | null {
  const { name, when, budget } = phaseHead(heading);
  return when === null || budget === null || !/\d\D+\d/.test(when)
    ? null
    : { ordinal: 1, name, when, budget, lines };
}

function inPhase(steps: readonly Draft[], phase: Phase): Draft[] {
  const moved = new Map<Draft, ManualDraft>();
  return steps.map((step) => {
    const under = step.under === null ? null : (moved.get(step.under) ?? step.under);
    const copy = { ...step, under, phase };
    if (copy.kind === 'manual') moved.set(step, copy);
    return copy;
  });
}

class SectionReader {
  readonly phases: Phase[] = [];
  readonly steps: Draft[] = [];
  readonly fixes: Fix[] = [];
  private readonly kind: SectionKind;

  constructor(kind: SectionKind) {
    this.kind = kind;
  }

  blocks(blocks: readonly Block[], place: Place): void {
    let previous: Block | null = null;
    for (const block of blocks) {
      const introduction = previous?.type === 'paragraph' ? lastSentence(joinedText(previous.content)) : null;
      this.block(block, introduction === null ? place : { ...place, title: introduction });
      previous = block;
    }
  }

  private block(block: Block, place: Place): void {
    if (block.type === 'fence') this.fence(block.info, block.content, place);
    else if (block.type === 'code') this.fence('', block.content, place);
    else if (block.type === 'quote') this.blocks(block.blocks, place);
    else if (block.type === 'paragraph') this.paragraph(block.content, place);
    else if (block.type === 'table') {
      for (const fix of readFixes(block)) this.fixes.push(fix);
      for (const { cells, line } of block.rows) this.cells(cells, { from: line, to: line }, place);
    } else if (block.type === 'list') {
      const steps = block.ordered && block.items.some((item) => this.holdsCommand(item));
      for (const item of block.items) this.item(item, place, block.ordered, steps);
    }
  }

  private fence(info: string, content: readonly SourceLine[], place: Place): void {
    const found = readFence(info, content, place, this.phases.length + 1);
    for (const phase of found.phases) this.phases.push(phase);
    for (const step of found.steps) this.steps.push(step);
  }

  /** Code in a sentence is a step only where the sentence says to run it: a mere mention is none. */
  private paragraph(content: readonly SourceLine[], place: Place): void {
    for (const { text, line } of content) {
      const span = codeSpans(text).find(({ from }) =>
        /\b(?:run|execute|use|issue|enter|type|with|using|via)\s*:?\s*$/i.test(
          text.slice(Math.max(0, from - 40), from),
        ),
      );
      if (span === undefined) continue;
      const title = lastSentence(plainText(text));
      this.named(text.slice(span.from), { from: line, to: line }, { ...place, title });
    }
  }

  private named(markdown: string, lines: Lines, place: Place): void {
    for (const step of namedInSentence(markdown, lines, place, true)) this.steps.push(step);
  }

  private cells(cells: readonly string[], lines: Lines, place: Place): void {
    const title = plainText(cells[0] ?? '') || place.title;
    for (const cell of cells) {
      if (cell.includes('`')) this.named(cell, lines, { ...place, title });
    }
  }

  private item(item: ListItem, place: Place, ordered: boolean, procedure: boolean): void {
    const [first, ...others] = item.blocks;
    const content = first?.type === 'paragraph' ? first.content : [];
    const text = joinedText(content);
    const phase = this.listPhase(item, text, ordered);
    if (phase !== null) {
      this.phases.push(phase);
      this.blocks(others, { ...place, phase });
      return;
    }
    const lines = { from: item.lines.from, to: content.at(-1)?.line ?? item.lines.from };
    const manual = this.isManual(item, text, ordered, procedure);
    const under: ManualDraft | null = manual
      ? { kind: 'manual', text, title: null, lines, under: place.under, phase: place.phase }
      : place.under;
    if (manual && under !== null) this.steps.push(under);
    const inside: Place = { ...place, under, title: lastSentence(text) ?? place.title };
    if (manual || content.some((line) => line.text.includes('`'))) {
      this.named(content.map((line) => line.text).join(' '), lines, inside);
    }
    if (content.length === 0 && first !== undefined) this.block(first, inside);
    this.blocks(others, inside);
  }

  /** "1. **Assess** (0-2 minutes)" with sub-items is a phase, not a step. */
  private listPhase(item: ListItem, text: string, ordered: boolean): Phase | null {
    if (!ordered || item.checked !== null || item.blocks.length < 2) return null;
    const when = /\(([^()]{1,80})\)\s*:?$/.exec(text)?.[1];
    if (when === undefined || !/\d\D+\d/.test(when)) return null;
    if (budgetOf(when) === null) return null;
    const { name, budget } = phaseHead(text);
    return { ordinal: this.phases.length + 1, name, when, budget, lines: item.lines };
  }

  private isManual(item: ListItem, text: string, ordered: boolean, procedure: boolean): boolean {
    if (!this.kind.listsAreSteps || text === '') return false;
    if (item.checked !== null) return true;
    return ordered && !isLink(item) && (procedure || isInstruction(text));
  }

  private holdsCommand(item: ListItem): boolean {
    return item.blocks.some(
      (block) => block.type === 'fence' && readFence(block.info, block.content, nowhere, 1).steps.length > 0,
    );
  }
}

/** An entry of a table of contents. */
function isLink(item: ListItem): boolean {
  const [first] = item.blocks;
  return (
    first?.type === 'paragraph' &&
    /^\[[^\]]*\]\([^)]*\)$/.test(first.content.map(({ text }) => text.trim()).join(' '))
  );
}
