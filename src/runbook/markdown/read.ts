import type { Block, SourceLine } from './block.ts';
import { Cursor } from './cursor.ts';
import { readFrontMatter } from './front-matter.ts';
import { type Container, closeContainer, closeLeaf, type Leaf } from './open.ts';
import {
  atxHeading,
  cannotInterrupt,
  closesFence,
  fenceStart,
  htmlStart,
  isBreak,
  type MarkerStart,
  markerStart,
  setextLevel,
} from './starts.ts';
import { isDelimiterRow, splitRow } from './table.ts';

/** Deeper nesting is read as text, so that hostile input cannot exhaust the stack of whoever walks the tree. */
const maxDepth = 32;

/** First characters of the lines that begin or end a heading, fence, break or HTML block. */
const leafMarks = new Set('#`~<=-*_');

/**
 * The blocks of a Markdown document, by CommonMark's algorithm (one pass over the lines, a stack of open containers).
 * Inline marks are left alone, which makes it some thirty times faster than a full Markdown parser: a runbook's meaning
 * is in its blocks. Never throws. Differs from CommonMark on purpose in two places: front matter is recognized, and a
 * fence that follows raw HTML such as `<details>` without a blank line is still a fence.
 */
export function readBlocks(text: string): Block[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const reader = new BlockReader();
  const front = readFrontMatter(lines);
  for (let i = front?.lines.to ?? 0; i < lines.length; i++) reader.line(lines[i] ?? '', i + 1);
  const blocks = reader.end(lines.length);
  return front === null ? blocks : [front, ...blocks];
}

class BlockReader {
  private readonly document: Container = { type: 'document', from: 1, blocks: [], indent: 0, marker: null };
  private readonly containers: Container[] = [this.document];
  private leaf: Leaf | null = null;
  private lineNumber = 0;

  end(lastLine: number): Block[] {
    this.lineNumber = lastLine + 1;
    this.closeTo(1);
    return this.document.blocks;
  }

  line(text: string, number: number): void {
    this.lineNumber = number;
    const cursor = new Cursor(text);
    const matched = this.match(cursor);
    const allMatched = matched === this.containers.length;
    if (allMatched && this.continueVerbatim(cursor)) return;
    const depth = cursor.blank ? matched : this.openBlocks(cursor, matched);
    if (depth === null) return;
    if (cursor.blank) this.blankLine(cursor, depth);
    else this.textLine(cursor, depth, allMatched && depth === matched);
  }

  /** How many of the open containers this line continues; their prefixes are used up. */
  private match(cursor: Cursor): number {
    let count = 1;
    for (; count < this.containers.length; count++) {
      const container = this.containers[count];
      if (container === undefined) break;
      if (container.type === 'quote') {
        if (cursor.indent > 3 || !cursor.content.startsWith('>')) break;
        this.useQuoteMark(cursor);
      } else if (cursor.blank) {
        const innermost = count === this.containers.length - 1;
        if (innermost && container.blocks.length === 0 && this.leaf === null) break;
      } else if (cursor.indent >= container.indent) cursor.skipIndent(container.indent);
      else break;
    }
    return count;
  }

  /** Lines of an open fence or HTML block. */
  private continueVerbatim(cursor: Cursor): boolean {
    const leaf = this.leaf;
    if (leaf?.type === 'fence') {
      if (cursor.indent <= 3 && closesFence(cursor.content, leaf.start)) {
        this.closeLeaf(this.lineNumber);
        return true;
      }
      cursor.skipIndent(leaf.indent);
      leaf.content.push(this.source(cursor.rest));
      return true;
    }
    if (leaf?.type !== 'html') return false;
    const ends = leaf.end === null ? cursor.blank || fenceStart(cursor.content) !== null : false;
    if (ends) return false;
    leaf.content.push(this.source(cursor.rest));
    if (leaf.end?.test(cursor.rest) === true) this.closeLeaf(this.lineNumber);
    return true;
  }

  /**
   * Opens the containers that this line begins and adds the block it is, if it is one.
   * @returns the number of containers its text belongs to, or null when the line is done with
   */
  private openBlocks(cursor: Cursor, matched: number): number | null {
    let depth = matched;
    while (!cursor.blank && cursor.indent <= 3 && depth < maxDepth) {
      const content = cursor.content;
      if (this.addLeafBlock(cursor, depth)) return null;
      const interrupts = this.leaf?.type === 'paragraph' && depth === this.containers.length;
      const marker = markerStart(content);
      if (content.startsWith('>')) {
        this.closeTo(depth);
        this.useQuoteMark(cursor);
        this.containers.push({ type: 'quote', from: this.lineNumber, blocks: [], indent: 0, marker: null });
      } else if (marker !== null && !(interrupts && cannotInterrupt(content, marker))) {
        this.closeTo(depth);
        this.openItem(cursor, marker);
      } else break;
      depth = this.containers.length;
    }
    return depth;
  }

  private openItem(cursor: Cursor, marker: MarkerStart): void {
    const before = cursor.indent;
    cursor.skipIndent(before);
    cursor.skipChars(marker.width);
    const after = cursor.indent;
    const gap = cursor.blank || after > 4 ? 1 : after;
    cursor.skipIndent(gap);
    const indent = before + marker.width + gap;
    this.containers.push({ type: 'item', from: this.lineNumber, blocks: [], indent, marker });
  }

  /** Headings, fences, HTML and breaks: blocks that their first line decides. */
  private addLeafBlock(cursor: Cursor, depth: number): boolean {
    const content = cursor.content;
    if (!leafMarks.has(content.charAt(0))) return false;
    const at = { from: this.lineNumber, to: this.lineNumber };
    const atx = atxHeading(content);
    const fence = fenceStart(content);
    const html = htmlStart(content);
    if (atx !== null) this.add(depth, { type: 'heading', ...atx, lines: at });
    else if (fence !== null) {
      const indent = cursor.indent;
      this.closeTo(depth);
      this.leaf = { type: 'fence', start: fence, indent, content: [], from: this.lineNumber };
    } else if (html !== null) {
      this.closeTo(depth);
      this.leaf = { type: 'html', end: html.end, content: [this.source(cursor.rest)] };
      if (html.end?.test(content) === true) this.closeLeaf(this.lineNumber);
    } else if (this.addSetextHeading(content, depth)) return true;
    else if (isBreak(content)) this.add(depth, { type: 'break', lines: at });
    else return false;
    return true;
  }

  private addSetextHeading(content: string, depth: number): boolean {
    const level = setextLevel(content);
    if (level === null || this.leaf?.type !== 'paragraph' || depth !== this.containers.length) return false;
    const text = this.leaf.content.map((line) => line.text.trim()).join(' ');
    const from = this.leaf.content[0]?.line ?? this.lineNumber;
    this.leaf = null;
    this.add(depth, { type: 'heading', level, text, lines: { from, to: this.lineNumber } });
    return true;
  }

  private blankLine(cursor: Cursor, depth: number): void {
    if (this.leaf?.type === 'code' && depth === this.containers.length) {
      cursor.skipIndent(4);
      this.leaf.content.push(this.source(cursor.rest));
      return;
    }
    this.closeLeaf(this.lineNumber - 1);
    this.closeTo(depth);
  }

  private textLine(cursor: Cursor, depth: number, sameContainer: boolean): void {
    const leaf = this.leaf;
    const lazy = leaf?.type === 'paragraph' && depth < this.containers.length;
    if (lazy || (leaf?.type === 'paragraph' && sameContainer)) {
      const line = this.source(cursor.content);
      if (lazy || cursor.indent >= 4 || !this.becomesTable(leaf.content, line)) leaf.content.push(line);
    } else if (leaf?.type === 'table' && sameContainer && cursor.indent < 4)
      leaf.content.push(this.source(cursor.content));
    else if (cursor.indent >= 4) this.codeLine(cursor, depth, sameContainer);
    else {
      this.closeTo(depth);
      this.leaf = { type: 'paragraph', content: [this.source(cursor.content)] };
    }
  }

  private codeLine(cursor: Cursor, depth: number, sameContainer: boolean): void {
    cursor.skipIndent(4);
    if (this.leaf?.type === 'code' && sameContainer) {
      this.leaf.content.push(this.source(cursor.rest));
      return;
    }
    this.closeTo(depth);
    this.leaf = { type: 'code', content: [this.source(cursor.rest)] };
  }

  /** A row of dashes below the last line of a paragraph makes that line a table's header. */
  private becomesTable(paragraph: readonly SourceLine[], line: SourceLine): boolean {
    const header = paragraph.at(-1);
    if (header === undefined || !line.text.includes('-')) return false;
    if (!isDelimiterRow(line.text, splitRow(header.text).length)) return false;
    this.leaf = paragraph.length === 1 ? null : { type: 'paragraph', content: paragraph.slice(0, -1) };
    this.closeLeaf(this.lineNumber - 2);
    this.leaf = { type: 'table', content: [header, line] };
    return true;
  }

  private add(depth: number, block: Block): void {
    this.closeTo(depth);
    this.innermost().blocks.push(block);
  }

  /** Closes the leaf and every container beyond the first `depth`. */
  private closeTo(depth: number): void {
    this.closeLeaf(this.lineNumber - 1);
    while (this.containers.length > depth) {
      const container = this.containers.pop();
      if (container !== undefined) closeContainer(container, this.innermost());
    }
  }

  private closeLeaf(to: number): void {
    const block = this.leaf === null ? null : closeLeaf(this.leaf, to);
    if (block !== null) this.innermost().blocks.push(block);
    this.leaf = null;
  }

  private innermost(): Container {
    return this.containers.at(-1) ?? this.document;
  }

  private useQuoteMark(cursor: Cursor): void {
    cursor.skipIndent(cursor.indent);
    cursor.skipChars(1);
    cursor.skipIndent(1);
  }

  private source(text: string): SourceLine {
    return { text, line: this.lineNumber };
  }
}
