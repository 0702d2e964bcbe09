/** A position in one line. `column` counts a tab up to the next multiple of four, as CommonMark does. */
export class Cursor {
  readonly text: string;
  offset = 0;
  column = 0;
  /** Columns of a tab at `offset` that a container has already used. */
  private usedOfTab = 0;

  constructor(text: string) {
    this.text = text;
  }

  get blank(): boolean {
    return this.nextContent() === this.text.length;
  }

  /** Columns of white space before the next visible character. */
  get indent(): number {
    let column = this.column;
    for (let i = this.offset; i < this.text.length; i++) {
      if (this.text[i] === ' ') column += 1;
      else if (this.text[i] === '\t') column += 4 - (column % 4);
      else break;
    }
    return column - this.column;
  }

  /** Everything not used yet; the rest of a half-used tab as spaces. */
  get rest(): string {
    if (this.usedOfTab === 0) return this.text.slice(this.offset);
    return ' '.repeat(4 - (this.column % 4)) + this.text.slice(this.offset + 1);
  }

  /** What follows the indentation. */
  get content(): string {
    return this.text.slice(this.nextContent());
  }

  /** Uses up to `columns` columns of white space; a tab may be used in part. */
  skipIndent(columns: number): void {
    let left = columns;
    while (left > 0 && this.offset < this.text.length) {
      const char = this.text[this.offset];
      if (char !== ' ' && char !== '\t') return;
      const width = char === ' ' ? 1 : 4 - (this.column % 4);
      const used = Math.min(width, left);
      this.column += used;
      left -= used;
      this.usedOfTab = used < width ? this.usedOfTab + used : 0;
      if (used === width) this.offset += 1;
    }
  }

  /** Uses `count` visible characters. */
  skipChars(count: number): void {
    this.offset += count;
    this.column += count;
  }

  private nextContent(): number {
    let i = this.offset;
    while (this.text[i] === ' ' || this.text[i] === '\t') i++;
    return i;
  }
}
