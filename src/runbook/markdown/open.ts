import type { Lines } from '../runbook.ts';
import type { Block, ListItem, SourceLine } from './block.ts';
import type { FenceStart, MarkerStart } from './starts.ts';
import { splitRow } from './table.ts';

/** Blocks that are still being read: what a later line may add to. */

export type Leaf =
  | { readonly type: 'paragraph' | 'code'; readonly content: SourceLine[] }
  | {
      readonly type: 'fence';
      readonly start: FenceStart;
      readonly indent: number;
      readonly content: SourceLine[];
      readonly from: number;
    }
  | { readonly type: 'html'; readonly end: RegExp | null; readonly content: SourceLine[] }
  | { readonly type: 'table'; readonly content: SourceLine[] };

export interface Container {
  readonly type: 'document' | 'quote' | 'item';
  readonly from: number;
  readonly blocks: Block[];
  /** Columns that a line needs to belong to a list item. */
  readonly indent: number;
  readonly marker: MarkerStart | null;
}

/** The finished block of a leaf, or null when nothing is left of it. `to` is where an unfinished fence ends. */
export function closeLeaf(leaf: Leaf, to: number): Block | null {
  if (leaf.type === 'fence') {
    return { type: 'fence', info: leaf.start.info, content: leaf.content, lines: { from: leaf.from, to } };
  }
  const content = leaf.type === 'code' ? withoutTrailingBlank(leaf.content) : leaf.content;
  const lines = spanOf(content);
  if (lines === null) return null;
  if (leaf.type !== 'table') return { type: leaf.type, content, lines };
  const [header, , ...rows] = content;
  return {
    type: 'table',
    header: splitRow(header?.text ?? ''),
    rows: rows.map(({ text, line }) => ({ cells: splitRow(text), line })),
    lines,
  };
}

/** Puts a finished quote or list item into the blocks of its parent; items of one list join it. */
export function closeContainer(container: Container, parent: Container): void {
  const to = container.blocks.at(-1)?.lines.to ?? container.from;
  const lines = { from: container.from, to };
  if (container.marker === null) {
    parent.blocks.push({ type: 'quote', blocks: container.blocks, lines });
    return;
  }
  const item = listItem(container.blocks, lines);
  const last = parent.blocks.at(-1);
  const open = last === undefined ? undefined : openLists.get(last);
  const { ordered, kind } = container.marker;
  if (open !== undefined && open.kind === kind) {
    open.items.push(item);
    open.lines.to = to;
    return;
  }
  const items = [item];
  const span = { ...lines };
  const list: Block = { type: 'list', ordered, items, lines: span };
  openLists.set(list, { kind, items, lines: span });
  parent.blocks.push(list);
}

/** What the next item of a list may add to, found by the list itself: copying it for each item would be quadratic. */
const openLists = new WeakMap<
  Block,
  { kind: string; items: ListItem[]; lines: { from: number; to: number } }
>();

function listItem(blocks: readonly Block[], lines: Lines): ListItem {
  const [first, ...others] = blocks;
  const start = first?.type === 'paragraph' ? first.content[0] : undefined;
  const box = /^\[([ \txX])\][ \t]+(?=\S)/.exec(start?.text ?? '');
  if (first?.type !== 'paragraph' || start === undefined || box === null)
    return { checked: null, blocks, lines };
  const text = start.text.slice(box[0].length);
  const content = [{ text, line: start.line }, ...first.content.slice(1)];
  return { checked: box[1]?.toLowerCase() === 'x', blocks: [{ ...first, content }, ...others], lines };
}

function withoutTrailingBlank(content: readonly SourceLine[]): readonly SourceLine[] {
  let end = content.length;
  while (end > 0 && content[end - 1]?.text.trim() === '') end--;
  return content.slice(0, end);
}

function spanOf(content: readonly SourceLine[]): Lines | null {
  const first = content[0];
  const last = content.at(-1);
  return first === undefined || last === undefined ? null : { from: first.line, to: last.line };
}
