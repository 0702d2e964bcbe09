import type { Block, SourceLine } from '../markdown/block.ts';
import { codeSpans } from '../prose/inline.ts';
import { type PlaceholderContext, placeholdersOf, prose } from '../prose/placeholders.ts';
import { variablesSet } from '../prose/variables.ts';
import type { Interval, Placeholder, Section } from '../runbook.ts';
import { languageOf } from './fence.ts';
import { intervalsOf } from './intervals.ts';

export interface WordsReading {
  /** Placeholders of the whole document, commands included, in order, each once a line. */
  readonly placeholders: readonly Placeholder[];
  /** Intervals in prose, checklists and templates; commands and other code have none. */
  readonly intervals: readonly Interval[];
}

/** What any line may hold wherever it stands. Raw HTML and comments are left out. */
export function readWords(blocks: readonly Block[], sections: readonly Section[]): WordsReading {
  const placeholders: Placeholder[] = [];
  const intervals: Interval[] = [];
  const visit = (source: SourceLine, context: PlaceholderContext) => {
    const isProse = context.kind === 'prose';
    const found = isProse ? inProse(source) : placeholdersOf(source, context);
    for (const placeholder of found) placeholders.push(placeholder);
    if (isProse) for (const interval of intervalsOf(source)) intervals.push(interval);
  };
  for (const block of blocks) visitLines(block, visit);
  const seen = new Set(placeholders.map(keyOf));
  for (const { steps } of sections) {
    for (const step of steps)
      placeholders.push(...step.placeholders.filter((found) => !seen.has(keyOf(found))));
  }
  return { placeholders: placeholders.sort((a, b) => a.line - b.line), intervals };
}

type Visit = (source: SourceLine, context: PlaceholderContext) => void;

function visitLines(block: Block, visit: Visit): void {
  switch (block.type) {
    case 'heading':
      visit({ text: block.text, line: block.lines.from }, prose);
      return;
    case 'paragraph':
    case 'front-matter':
    case 'code':
      for (const source of block.content) visit(source, prose);
      return;
    case 'fence': {
      const context = fenceContext(block.info, block.content);
      for (const source of block.content) visit(source, context);
      return;
    }
    case 'list':
      for (const item of block.items) for (const inner of item.blocks) visitLines(inner, visit);
      return;
    case 'quote':
      for (const inner of block.blocks) visitLines(inner, visit);
      return;
    case 'table':
      visit({ text: block.header.join(' | '), line: block.lines.from }, prose);
      for (const { cells, line } of block.rows) visit({ text: cells.join(' | '), line }, prose);
  }
}

function fenceContext(info: string, content: readonly SourceLine[]): PlaceholderContext {
  const language = languageOf(info);
  if (language === 'plain') return prose;
  if (language !== 'shell' && language !== 'console') return { kind: 'query' };
  return { kind: 'command', set: variablesSet(content.map(({ text }) => text)) };
}

/** A link definition `[name]: address` holds none, and in `code` only capitals in brackets are one: the rest is a pattern. */
function inProse(source: SourceLine): Placeholder[] {
  if (/^\s*\[[^\]]+\]:\s/.test(source.text)) return [];
  const found = placeholdersOf(source, prose);
  if (found.length === 0 || !source.text.includes('`')) return found;
  const code = codeSpans(source.text)
    .map(({ text }) => text)
    .join('\n');
  return found.filter(
    ({ text }) => !text.startsWith('[') || /^\[[A-Z_ -]+\]$/.test(text) || !code.includes(text),
  );
}

function keyOf({ text, line }: Placeholder): string {
  return `${line} ${text}`;
}
