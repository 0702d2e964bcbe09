import type { Block, SourceLine } from '../markdown/block.ts';
import { joinedText, withoutColon } from '../prose/inline.ts';
import { placeholdersOf } from '../prose/placeholders.ts';
import type { HealthCheck } from '../runbook.ts';
import { looksLikeCommand } from '../shell/programs.ts';
import { isStatement } from '../shell/statements.ts';
import { hasBoxes } from './checklist.ts';
import { languageOf } from './fence.ts';
import { itemText } from './lists.ts';

/**
 * Lines that say what to ask, of plain fences and lists: `- AWS: http://mcp-aws:8001/health`, `- Primary: pg_isready -h db`,
 * `- Replica: SELECT …;`. A label above them ("Database:") is part of their names.
 */
export function readHealthChecks(blocks: readonly Block[]): HealthCheck[] {
  const found = blocks.flatMap((block, i) => {
    if (block.type === 'fence' && languageOf(block.info) === 'plain') return inFence(block.content);
    if (block.type !== 'list') return [];
    const previous = blocks[i - 1];
    const group = previous?.type === 'paragraph' ? label(joinedText(previous.content)) : null;
    return block.items.flatMap((item) => {
      const { text, lines } = itemText(item);
      return item.checked === null ? checkIn({ text, line: lines.from }, group) : [];
    });
  });
  return found.map((check, i) => {
    const before = found.slice(0, i).filter(({ name }) => name === check.name).length;
    return before === 0 ? check : { ...check, name: `${check.name} (${before + 1})` };
  });
}

function inFence(content: readonly SourceLine[]): HealthCheck[] {
  if (hasBoxes(content)) return [];
  let group: string | null = null;
  return content.flatMap(({ text, line }) => {
    const item = /^\s*[-*+•]\s+(\S.*)$/u.exec(text)?.[1];
    if (item !== undefined) return checkIn({ text: item, line }, group);
    group = label(text) ?? group;
    return [];
  });
}

/** "Database:" on a line of its own. */
function label(text: string): string | null {
  const words = text.trim();
  return /^\S.{0,80}:$/.test(words) ? withoutColon(words) : null;
}

function checkIn({ text, line }: SourceLine, group: string | null): HealthCheck[] {
  const [, name, said] = /^([^:]{1,60}):\s+(\S.*)$/.exec(text) ?? [];
  if (name === undefined || said === undefined) return [];
  const asked = said.replace(/^<(https?:.*)>$/, '$1').trim();
  const kind = kindOf(asked);
  if (kind === null) return [];
  return [
    {
      name: group === null ? name : `${group}: ${name}`,
      kind,
      text: asked,
      lines: { from: line, to: line },
      placeholders: placeholdersOf({ text: asked, line }, { kind: 'command', set: new Set() }),
    },
  ];
}

function kindOf(text: string): HealthCheck['kind'] | null {
  if (/^https?:\/\/\S+$/.test(text)) return 'url';
  // To ask how things are changes nothing.
  if (isStatement(text)) return /^(?:select|show)\b/i.test(text) ? 'sql' : null;
  return looksLikeCommand(text) ? 'command' : null;
}
