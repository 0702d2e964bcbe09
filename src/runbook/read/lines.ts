import type { Block, SourceLine } from '../markdown/block.ts';
import { codeSpans } from '../prose/inline.ts';
import { type PlaceholderContext, placeholdersOf, prose, variablesSet } from '../prose/placeholders.ts';
import type { Interval, Placeholder, Section } from '../runbook.ts';
import { languageOf } from './fence.ts';
import { intervalsOf } from './intervals.ts';

interface WordLine {
  readonly source: SourceLine;
  readonly context: PlaceholderContext;
}

/** Everything a person reads or types, block by block; raw HTML and comments are left out. */
function linesOf(block: Block): WordLine[] {
  const words = (content: readonly SourceLine[], context = prose) =>
    content.map((source) => ({ source, context }));
  switch (block.type) {
    case 'heading':
      return words([{ text: block.text, line: block.lines.from }]);
    case 'paragraph':
    case 'front-matter':
      return words(block.content);
    case 'list':
      return block.items.flatMap((item) => item.blocks.flatMap(linesOf));
    case 'quote':
      return block.blocks.flatMap(linesOf);
    case 'table':
      return block.rows.flatMap(({ cells, line }) => words([{ text: cells.join(' | '), line }]));
    case 'code':
      return words(block.content);
    case 'fence':
      return words(block.content, fenceContext(block.info, block.content));
    default:
      return [];
  }
}

function fenceContext(info: string, content: readonly SourceLine[]): PlaceholderContext {
  const language = languageOf(info);
  if (language === 'plain') return prose;
  if (language !== 'shell' && language !== 'console') return { kind: 'query' };
  return { kind: 'command', set: variablesSet(content.map(({ text }) => text)) };
}

/** Placeholders of the whole document, in order, each once a line. */
export function documentPlaceholders(blocks: readonly Block[], sections: readonly Section[]): Placeholder[] {
  const inWords = blocks.flatMap(linesOf).flatMap(({ source, context }) => inProse(source, context));
  const inSteps = sections.flatMap(({ steps }) => steps.flatMap((step) => step.placeholders));
  const seen = new Set(inWords.map(keyOf));
  return [...inWords, ...inSteps.filter((placeholder) => !seen.has(keyOf(placeholder)))].sort(
    (a, b) => a.line - b.line,
  );
}

/** Links and code spans are Markdown in prose: `[text](…)` is none, and `code` is read as it stands. */
function inProse(source: SourceLine, context: PlaceholderContext): Placeholder[] {
  const definition = context.kind === 'prose' && /^\s*\[[^\]]+\]:\s/.test(source.text);
  if (definition) return [];
  const found = placeholdersOf(source, context);
  if (context.kind !== 'prose' || !source.text.includes('`')) return found;
  const code = codeSpans(source.text).map(({ text }) => text);
  return found.filter(
    ({ text }) =>
      !text.startsWith('[') || !code.some((span) => span.includes(text)) || /^\[[A-Z_ -]+\]$/.test(text),
  );
}

function keyOf({ text, line }: Placeholder): string {
  return `${line} ${text}`;
}

/** Intervals in prose, checklists and templates; commands and other code have none. */
export function documentIntervals(blocks: readonly Block[]): Interval[] {
  return blocks
    .flatMap(linesOf)
    .flatMap(({ source, context }) => (context.kind === 'prose' ? intervalsOf(source) : []));
}
