/** Words that begin a compound command → the word that ends it. */
const closers = new Map([
  ['if', 'fi'],
  ['for', 'done'],
  ['while', 'done'],
  ['until', 'done'],
  ['select', 'done'],
  ['case', 'esac'],
  ['{', '}'],
]);

/** Words after which another command begins. */
const beforeCommand = new Set(['then', 'do', 'else', 'elif', '!', 'time', 'if', 'while', 'until', '{']);

interface HereDocument {
  readonly delimiter: string;
  readonly tabs: boolean;
}

/**
 * Follows a shell command line by line and knows whether it is complete: open quotes, substitutions, here-documents,
 * compound commands, a trailing operator or backslash all mean that the next line belongs to it. It looks for
 * boundaries only and accepts any text; `bash -n` is who judges syntax.
 */
export class ShellScanner {
  /** What must still come, outermost first: a quote character, a bracket, a closing word, or the end of a `${`. */
  private readonly expected: string[] = [];
  private readonly hereDocuments: HereDocument[] = [];
  private text = '';
  private at = 0;
  private commandNext = true;
  private continues = false;
  /** After `function` or `name()`: the body is still to come. */
  private bodyNext = false;

  get complete(): boolean {
    return !this.continues && !this.bodyNext && this.expected.length === 0 && this.hereDocuments.length === 0;
  }

  /** Whether the next line is plain data: the body of a here-document or the inside of a quotation. */
  get verbatim(): boolean {
    const top = this.expected.at(-1);
    return this.hereDocuments.length > 0 || top === "'" || top === '"';
  }

  feed(line: string): void {
    const here = this.hereDocuments[0];
    if (here !== undefined) {
      const text = here.tabs ? line.replace(/^\t+/, '') : line;
      if (text === here.delimiter) this.hereDocuments.shift();
      return;
    }
    this.text = line;
    this.at = 0;
    if (!this.continues) this.commandNext = true;
    this.continues = false;
    while (this.at < line.length) this.step();
  }

  private step(): void {
    const top = this.expected.at(-1);
    const char = this.text.charAt(this.at);
    if (top === "'") this.insideSingleQuotes();
    else if (char === '\\') this.escape();
    else if (top === '"' || top === '`') this.insideQuotes(top, char);
    else if (top === '))' || top === 'parameter') this.insideExpression(top);
    else this.insideCommand(char);
  }

  private insideSingleQuotes(): void {
    const end = this.text.indexOf("'", this.at);
    this.at = end < 0 ? this.text.length : end + 1;
    if (end >= 0) this.expected.pop();
  }

  private escape(): void {
    if (this.at === this.text.length - 1) this.continues = true;
    this.at += 2;
  }

  private insideQuotes(quote: string, char: string): void {
    if (char === quote) {
      this.expected.pop();
      this.at += 1;
    } else if (!this.substitution()) this.at += 1;
  }

  private insideExpression(closer: '))' | 'parameter'): void {
    const end = closer === '))' ? '))' : '}';
    if (this.text.startsWith(end, this.at)) {
      this.expected.pop();
      this.at += end.length;
    } else if (!this.substitution() && !this.quotation()) this.at += 1;
  }

  private insideCommand(char: string): void {
    if (char === ' ' || char === '\t') this.at += 1;
    else if (char === '#' && this.atWordStart()) this.at = this.text.length;
    else if (this.substitution() || this.quotation()) this.commandNext = false;
    else if (!this.redirection() && !this.operator(char)) this.word();
  }

  /** `$(`, `$((`, `${` and, in a command, process substitution. */
  private substitution(): boolean {
    for (const [start, end] of [
      ['$((', '))'],
      ['$(', ')'],
      ['${', 'parameter'],
    ] as const) {
      if (!this.text.startsWith(start, this.at)) continue;
      this.expected.push(end);
      this.at += start.length;
      this.commandNext = end === ')';
      return true;
    }
    return false;
  }

  private quotation(): boolean {
    const ansi = this.text.startsWith("$'", this.at);
    const char = ansi ? "'" : this.text.charAt(this.at);
    if (ansi || char === "'" || char === '"' || char === '`') {
      this.expected.push(char);
      this.at += ansi ? 2 : 1;
      return true;
    }
    return false;
  }

  private redirection(): boolean {
    const rest = this.text.slice(this.at, this.at + 120);
    const here = /^<<(-?)[ \t]*(?:'([^']+)'|"([^"]+)"|\\?([\w.-]+))/.exec(rest);
    if (here !== null) {
      const delimiter = here[2] ?? here[3] ?? here[4] ?? '';
      this.hereDocuments.push({ delimiter, tabs: here[1] === '-' });
      this.at += here[0].length;
      return true;
    }
    // A placeholder such as <customer's id> holds no quotation.
    const skipped = /^(?:<<<|<[a-z][^<>|&;"()]*>|[<>]&?)/i.exec(rest);
    if (skipped === null) return false;
    this.at += skipped[0].length;
    if (this.text[this.at] === '(') this.open(')', 1);
    return true;
  }

  private operator(char: string): boolean {
    if (char === '(') {
      if (this.text[this.at + 1] === ')') this.functionHead();
      else if (this.commandNext && this.text[this.at + 1] === '(') this.open('))', 2);
      else this.open(')', 1);
      return true;
    }
    if (char === ')') {
      if (this.expected.at(-1) === ')') this.expected.pop();
      this.at += 1;
      this.commandNext = this.expected.at(-1) === 'esac';
      return true;
    }
    if (char !== ';' && char !== '|' && char !== '&') return false;
    const operator =
      /^(?:\|\||&&|\|&|;;&?|;&|[;|&])/.exec(this.text.slice(this.at, this.at + 3))?.[0] ?? char;
    this.at += operator.length;
    this.commandNext = true;
    if (operator.startsWith('|') || operator === '&&') this.continues = this.onlyCommentFollows();
    return true;
  }

  private functionHead(): void {
    this.at += 2;
    this.bodyNext = true;
    this.commandNext = true;
  }

  private open(closer: string, length: number): void {
    this.expected.push(closer);
    this.at += length;
    this.commandNext = closer === ')';
  }

  private word(): void {
    const start = this.at;
    while (this.at < this.text.length && !/[\s;|&()<>'"`\\$]/.test(this.text.charAt(this.at))) this.at += 1;
    if (this.at === start) this.at += 1;
    const word = this.text.slice(start, this.at);
    if (!this.commandNext) return;
    this.commandNext = beforeCommand.has(word) || this.bodyNext;
    this.bodyNext = this.bodyNext && word !== '{' && !closers.has(word);
    if (word === 'function') {
      this.bodyNext = true;
      this.commandNext = true;
    } else if (closers.has(word)) this.expected.push(closers.get(word) ?? '');
    else if (this.expected.at(-1) === word) this.expected.pop();
  }

  private atWordStart(): boolean {
    return this.at === 0 || /[\s;|&()]/.test(this.text.charAt(this.at - 1));
  }

  private onlyCommentFollows(): boolean {
    return /^\s*(?:#.*)?$/.test(this.text.slice(this.at));
  }
}
