import type { Block, TableBlock } from '../markdown/block.ts';
import { joinedText, plainText } from '../prose/inline.ts';
import { findTime, timePattern, toMs } from '../prose/times.ts';
import type { Escalation, Lines } from '../runbook.ts';
import { itemText } from './lists.ts';

export function isEscalationHeading(heading: string): boolean {
  return /escalat/i.test(heading);
}

/**
 * Who is called, when: "**Escalate to X if**:" with a list of reasons anywhere, and in an escalation section also
 * levels such as "2. Team Lead (if unresolved after 15 minutes)" and tables.
 */
export function readEscalations(blocks: readonly Block[], heading: string): Escalation[] {
  const section = isEscalationHeading(heading);
  return blocks.flatMap((block, i) => {
    const previous = blocks[i - 1];
    const to = previous?.type === 'paragraph' ? addressee(joinedText(previous.content)) : null;
    if (block.type === 'list' && to !== null) {
      return block.items.map((item) => {
        const { text, lines } = itemText(item);
        return escalation(to, text, lines);
      });
    }
    if (!section) return [];
    if (block.type === 'list')
      return block.items.flatMap((item) => level(itemText(item).text, itemText(item).lines));
    return block.type === 'table' ? tableRows(block) : [];
  });
}

function addressee(text: string): string | null {
  const match = /\bescalate to\s+(?:the\s+)?([^:.]{2,80}?)\s+(?:if|when|after|once)\b[^.]{0,80}:?\s*$/i.exec(
    text.slice(-240),
  );
  return match?.[1]?.trim() ?? null;
}

function level(text: string, lines: Lines): Escalation[] {
  const [, to, inside, after] =
    /^([^():]{2,80}?)\s*(?:\(([^()]{2,200})\)|(?::|–|—|\s-)\s+(\S.{0,200}))$/.exec(text) ?? [];
  const reason = inside ?? after;
  return to === undefined || reason === undefined ? [] : [escalation(to.trim(), reason, lines)];
}

function tableRows({ header, rows }: TableBlock): Escalation[] {
  const column = (pattern: RegExp) => header.findIndex((heading) => pattern.test(heading));
  const when = column(/\b(?:time|after|when|trigger|condition|criteria|if|threshold)\b/i);
  const named = column(/\b(?:role|who|contact|name|escalate to|team|person)\b/i);
  const to = Math.max(named, 0);
  if (when < 0 || when === to) return [];
  return rows.map(({ cells, line }) =>
    escalation(plainText(cells[to] ?? ''), plainText(cells[when] ?? ''), { from: line, to: line }),
  );
}

/** "First 15 minutes" is a limit from the start on; every other time in the reason is how long the incident lasts. */
function escalation(to: string, reason: string, lines: Lines): Escalation {
  const first = new RegExp(`\\b(?:first|initial|within)\\s+${timePattern}`, 'i').exec(reason);
  if (first === null) return { to, afterMs: findTime(reason), reason, lines };
  return { to, afterMs: 0, untilMs: toMs(first[1], first[2]), reason, lines };
}
