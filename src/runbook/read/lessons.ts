import type { Block } from '../markdown/block.ts';
import { joinedText } from '../prose/inline.ts';
import type { LessonsPart, LessonsTemplate, Lines } from '../runbook.ts';
import { itemText } from './lists.ts';

interface Part {
  readonly heading: string;
  readonly blocks: readonly Block[];
  readonly lines: Lines;
}

const lessonsHeading = /\blessons?\s+learn(?:ed|t)\b|\bpost[- ]?(?:mortem|incident)\s+template\b/i;

/** The first section of that name that has something to fill in; null where there is none. */
export function readLessons(parts: readonly Part[]): LessonsTemplate | null {
  for (const { heading, blocks, lines } of parts) {
    if (!lessonsHeading.test(heading)) continue;
    const found = partsOf(blocks);
    if (found.length > 0) return { heading, lines, parts: found };
  }
  return null;
}

/** Each list under a paragraph that is bold or ends with a colon. */
function partsOf(blocks: readonly Block[]): LessonsPart[] {
  return blocks.flatMap((block, i) => {
    const previous = blocks[i - 1];
    if (block.type !== 'list' || previous?.type !== 'paragraph') return [];
    const lead = leadOf(joinedText(previous.content), previous.content[0]?.text ?? '');
    if (lead === null) return [];
    const items = block.items.map(itemText).filter(({ text }) => text !== '');
    return [{ lead, items, lines: { from: previous.lines.from, to: block.lines.to } }];
  });
}

function leadOf(text: string, raw: string): string | null {
  const isLead = /^\s*(?:\*\*|__)/.test(raw) || /:\s*$/.test(text);
  const lead = text.replace(/\s*:\s*$/, '').trim();
  return isLead && lead !== '' && lead.length <= 80 ? lead : null;
}
