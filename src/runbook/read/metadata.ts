import type { Block, SourceLine } from '../markdown/block.ts';
import { findDate } from '../prose/dates.ts';
import { plainText } from '../prose/inline.ts';
import { findTime } from '../prose/times.ts';
import type { Located, LocatedValue, RunbookMetadata } from '../runbook.ts';

type Field = RunbookMetadata['fields'][number];

const responseTime =
  /^(?:(?:target|max(?:imum)?|expected|incident|initial) )?(?:response time|time to respond|response sla|response target)$/i;
const rto = /^(?:(?:target|our) )?(?:rto|recovery time objective)(?: \(rto\))?(?: target)?$/i;
const rpo = /^(?:(?:target|our) )?(?:rpo|recovery point objective)(?: \(rpo\))?(?: target)?$/i;
const owner =
  /^(?:(?:runbook|document|doc|service|playbook|primary) )?(?:owners?|owner team|owning team|maintainers?|owned by|maintained by)$/i;
const updated =
  /^(?:(?:date )?(?:last )?(?:updated?|modified|revised|revision|reviewed|tested)(?: on| date)?|last[_-]updated|updated[_-]at)$/i;
const review =
  /^(?:(?:runbook )?next (?:scheduled )?review(?: date| due| on)?|review (?:date|due|by|on)|(?:next|review)[_-](?:review|date|by)(?:[_-]date)?|valid until|expires)$/i;
const known = [responseTime, rto, rpo, owner, updated, review];

/** `**Name**: value`, `**Name:** value`, key/value tables, front matter, and plain `Name: value` for the names known here. */
export function readMetadata(blocks: readonly Block[]): RunbookMetadata {
  const fields = blocks.flatMap(fieldsOf);
  const first = (name: RegExp) => fields.find((field) => name.test(field.name));
  const reviewFields = fields.filter((field) => review.test(field.name));
  return {
    ...time('responseTimeMs', first(responseTime)),
    ...time('rtoMs', first(rto)),
    ...time('rpoMs', first(rpo)),
    ...value('owner', first(owner), (text) => text),
    ...value('lastUpdated', first(updated), findDate),
    ...value(
      'nextReview',
      reviewFields.find(({ value: text }) => findDate(text) !== null) ?? reviewFields[0],
      findDate,
    ),
    fields,
  };
}

function fieldsOf(block: Block): Field[] {
  switch (block.type) {
    case 'paragraph':
      return block.content.flatMap(fieldOfLine);
    case 'list':
      return block.items.flatMap((item) => item.blocks.flatMap(fieldsOf));
    case 'quote':
      return block.blocks.flatMap(fieldsOf);
    case 'front-matter':
      return block.content.flatMap(frontMatterField);
    case 'table':
      return tableFields(block);
    default:
      return [];
  }
}

function fieldOfLine({ text, line }: SourceLine): Field[] {
  const bold = /^\s*(?:\*\*|__)([^*_:\n]{1,60}?)\s*(?::\s*(?:\*\*|__)|(?:\*\*|__)\s*:)\s*(\S.*)$/.exec(text);
  const words = bold ?? /^\s*([A-Za-z][A-Za-z ()_-]{1,40}?)\s*:\s+(\S.*)$/.exec(text);
  const name = words?.[1]?.trim();
  const content = plainText((words?.[2] ?? '').replace(/(?: {2,}|\\)$/, ''));
  if (name === undefined || content === '' || (bold === null && !known.some((pattern) => pattern.test(name))))
    return [];
  return [{ name, value: content, lines: { from: line, to: line } }];
}

function frontMatterField({ text, line }: SourceLine): Field[] {
  const match = /^([\w-]+)\s*:\s*(\S.*)$/.exec(text);
  if (match === null) return [];
  const content = (match[2] ?? '')
    .replace(/\s+#.*$/, '')
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim();
  return content === ''
    ? []
    : [
        {
          name: (match[1] ?? '').replaceAll('_', ' ').replaceAll('-', ' '),
          value: content,
          lines: { from: line, to: line },
        },
      ];
}

/** A table of two columns names a field in each row; a table with one row names one in each column. */
function tableFields({ header, rows, lines }: Extract<Block, { type: 'table' }>): Field[] {
  const isKnown = (cell: string | undefined) =>
    known.some((pattern) => pattern.test(plainText(cell ?? '').replace(/:$/, '')));
  if (header.length === 2) {
    const all = [{ cells: header, line: lines.from }, ...rows];
    if (all.some(({ cells }) => isKnown(cells[0])))
      return all.flatMap(({ cells, line }) => pair(cells[0], cells[1], line));
  }
  const [only] = rows;
  if (rows.length !== 1 || only === undefined) return [];
  return header.flatMap((name, i) => (isKnown(name) ? pair(name, only.cells[i], only.line) : []));
}

function pair(name: string | undefined, content: string | undefined, line: number): Field[] {
  const words = plainText(name ?? '')
    .replace(/:$/, '')
    .trim();
  const text = plainText(content ?? '');
  return words === '' || text === '' ? [] : [{ name: words, value: text, lines: { from: line, to: line } }];
}

type TimeKey = 'responseTimeMs' | 'rtoMs' | 'rpoMs';

/** Left out where the field's text holds no time. */
function time(key: TimeKey, field: Field | undefined): { readonly [K in TimeKey]?: LocatedValue<number> } {
  const ms = field === undefined ? null : findTime(field.value);
  return field === undefined || ms === null
    ? {}
    : { [key]: { value: ms, text: field.value, lines: field.lines } };
}

function value<K extends string, T>(
  key: K,
  field: Field | undefined,
  read: (text: string) => T,
): { readonly [P in K]?: LocatedValue<T> } {
  if (field === undefined) return {};
  const found: Located & LocatedValue<T> = {
    value: read(field.value),
    text: field.value,
    lines: field.lines,
  };
  return { [key]: found } as { readonly [P in K]?: LocatedValue<T> };
}
