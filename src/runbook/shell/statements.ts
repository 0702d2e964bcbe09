import type { SourceLine } from '../markdown/block.ts';
import type { FoundCommand } from './split.ts';

/** A statement in words: what stands in a label line such as "Replica: SELECT pg_is_in_recovery();". */
const statementStart =
  /^(?:select|show|insert|update|delete|alter|create|explain|vacuum|analyze|with|begin|commit|call|set|drop|truncate|reindex|checkpoint)\b/i;

export function isStatement(text: string): boolean {
  return statementStart.test(text) && /;\s*$/.test(text);
}

/** Follows SQL over lines: quotations, dollar quotations and comments hide a semicolon. */
class SqlScanner {
  private quote: string | null = null;

  /** @returns whether the line ends a statement */
  feed(line: string): boolean {
    let ended = false;
    for (let i = 0; i < line.length; ) {
      if (this.quote !== null) {
        const end = line.indexOf(this.quote, i);
        if (end < 0) return false;
        i = end + this.quote.length;
        this.quote = null;
        continue;
      }
      if (line.startsWith('--', i)) break;
      const quote = /^(?:['"]|\$\w*\$|\/\*)/.exec(line.slice(i, i + 64))?.[0];
      if (quote !== undefined) this.quote = quote === '/*' ? '*/' : quote;
      else if (line[i] === ';') ended = true;
      else if (/\S/.test(line.charAt(i))) ended = false;
      i += quote?.length ?? 1;
    }
    return ended && this.quote === null;
  }
}

/** The statements of an SQL fence, each whole; `-- ` comments above are titles, psql's `\d` commands are one line each. */
export function splitSql(content: readonly SourceLine[]): FoundCommand[] {
  const scanner = new SqlScanner();
  return group(content, {
    comment: /^\s*--+\s*(.*?)\s*$/,
    ends: (line, first) => scanner.feed(line) || (first && /^\s*\\\w/.test(line)),
  });
}

/** The queries of a PromQL fence: one a line, or over several lines while brackets are open or an operator joins them. */
export function splitPromql(content: readonly SourceLine[]): FoundCommand[] {
  let depth = 0;
  return group(content, {
    comment: /^\s*#+\s*(.*?)\s*$/,
    ends: (line, _first, next) => {
      const code = line.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g, '').replace(/#.*$/, '');
      for (const char of code) depth += '([{'.includes(char) ? 1 : ')]}'.includes(char) ? -1 : 0;
      const joined = /(?:[-+*/%^<>]|[=!]=|\b(?:and|or|unless|by|without|on|ignoring|bool))\s*$/.test(code);
      const joins =
        /^\s*(?:[-+*/%^<>)\]}]|[=!]=|(?:and|or|unless|by|without|on|ignoring|offset|group_left|group_right)\b)/.test(
          next,
        );
      const ended = (depth <= 0 && !joined && !joins) || next.trim() === '';
      if (ended) depth = 0;
      return ended;
    },
  });
}

interface Grouping {
  readonly comment: RegExp;
  readonly ends: (line: string, first: boolean, next: string) => boolean;
}

function group(content: readonly SourceLine[], { comment, ends }: Grouping): FoundCommand[] {
  const found: FoundCommand[] = [];
  let part: SourceLine[] = [];
  let comments: string[] = [];
  const flush = () => {
    const [first] = part;
    const last = part.at(-1);
    if (first === undefined || last === undefined) return;
    const text = part
      .map((line) => line.text)
      .join('\n')
      .trim();
    found.push({
      text,
      comment: comments.length === 0 ? null : comments.join('; '),
      lines: { from: first.line, to: last.line },
    });
    part = [];
    comments = [];
  };
  content.forEach((line, i) => {
    const words = comment.exec(line.text)?.[1];
    if (part.length === 0 && words !== undefined) {
      if (words !== '') comments.push(words);
    } else if (part.length > 0 || line.text.trim() !== '') {
      part.push(line);
      if (ends(line.text, part.length === 1, content[i + 1]?.text ?? '')) flush();
    }
  });
  flush();
  return found;
}
