import type { Block, ListItem } from '../markdown/block.ts';
import { joinedText } from '../prose/inline.ts';
import type { Located } from '../runbook.ts';

const criteriaHeading =
  /\b(?:success|exit|recovery|acceptance|completion|resolution)\s+criteria\b|\bdefinition of done\b/i;

export function isCriteriaHeading(heading: string): boolean {
  return criteriaHeading.test(heading);
}

/** Text of an item without its sub-items, and the lines of that text. */
export function itemText(item: ListItem): Located {
  const [first] = item.blocks;
  const content = first?.type === 'paragraph' ? first.content : [];
  return {
    text: joinedText(content),
    lines: { from: item.lines.from, to: content.at(-1)?.line ?? item.lines.from },
  };
}

/** Items of every list of a criteria section, or of a list that a paragraph "Success criteria:" introduces. */
export function readCriteria(blocks: readonly Block[], heading: string): Located[] {
  const whole = isCriteriaHeading(heading);
  return blocks.flatMap((block, i) => {
    const previous = blocks[i - 1];
    const introduced =
      previous?.type === 'paragraph' && criteriaHeading.test(joinedText(previous.content).slice(0, 60));
    return block.type === 'list' && (whole || introduced) ? criteriaOf(block.items) : [];
  });
}

function criteriaOf(items: readonly ListItem[]): Located[] {
  return items.flatMap((item) => {
    const own = itemText(item);
    const inner = item.blocks.flatMap((block) => (block.type === 'list' ? criteriaOf(block.items) : []));
    return own.text === '' ? inner : [own, ...inner];
  });
}
