import type { Lines } from '../runbook.ts';

/** One line of the document inside a block: container prefixes (list indentation, `>`) removed, the rest verbatim. */
export interface SourceLine {
  readonly text: string;
  readonly line: number;
}

/** The block layer of Markdown: CommonMark plus GFM tables and task list items. Inline marks stay in the text. */
export type Block =
  | { readonly type: 'heading'; readonly level: number; readonly text: string; readonly lines: Lines }
  | { readonly type: 'paragraph'; readonly content: readonly SourceLine[]; readonly lines: Lines }
  | FenceBlock
  | { readonly type: 'code'; readonly content: readonly SourceLine[]; readonly lines: Lines }
  | ListBlock
  | TableBlock
  | { readonly type: 'quote'; readonly blocks: readonly Block[]; readonly lines: Lines }
  | { readonly type: 'html'; readonly content: readonly SourceLine[]; readonly lines: Lines }
  | { readonly type: 'front-matter'; readonly content: readonly SourceLine[]; readonly lines: Lines }
  | { readonly type: 'break'; readonly lines: Lines };

export interface FenceBlock {
  readonly type: 'fence';
  /** The words after the fence, as written: `bash`, `sql title="x"`, empty when there are none. */
  readonly info: string;
  readonly content: readonly SourceLine[];
  readonly lines: Lines;
}

export interface ListBlock {
  readonly type: 'list';
  readonly ordered: boolean;
  readonly items: readonly ListItem[];
  readonly lines: Lines;
}

export interface ListItem {
  /** State of its checkbox, null for an item without one. The box is no part of the item's text. */
  readonly checked: boolean | null;
  readonly blocks: readonly Block[];
  readonly lines: Lines;
}

export interface TableBlock {
  readonly type: 'table';
  readonly header: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly line: number }[];
  readonly lines: Lines;
}
