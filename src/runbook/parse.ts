import type { Block } from './markdown/block.ts';
import { readBlocks } from './markdown/read.ts';
import { plainText } from './prose/inline.ts';
import { isEscalationHeading, readEscalations } from './read/escalation.ts';
import { readHealthChecks } from './read/health-checks.ts';
import { readLessons } from './read/lessons.ts';
import { isCriteriaHeading, readCriteria } from './read/lists.ts';
import { readMetadata } from './read/metadata.ts';
import { type IdCounts, nameSteps } from './read/name.ts';
import { readSection } from './read/section.ts';
import { readWords } from './read/words.ts';
import type { Lines, Runbook, Section } from './runbook.ts';

/**
 * Reads a runbook from Markdown. Takes any text and never throws: what it does not recognize yields no steps.
 * Lines are those of `text`, whatever its line ends; a byte order mark is ignored.
 */
export function parseRunbook(text: string): Runbook {
  const blocks = readBlocks(text);
  const parts = splitAtHeadings(blocks, text.split(/\r\n|\n|\r/).length);
  const ids: IdCounts = new Map();
  const sections = withPaths(parts).map((part) => section(part, ids));
  const lessons = readLessons(parts);
  return {
    title: titleOf(parts).join(': '),
    metadata: readMetadata(blocks),
    sections: sections.filter(({ heading, steps }) => heading !== '' || steps.length > 0),
    criteria: parts.flatMap((part) => readCriteria(part.blocks, part.heading)),
    escalations: parts.flatMap((part) => readEscalations(part.blocks, part.heading)),
    ...readWords(blocks, sections),
    ...(lessons !== null && { lessons }),
  };
}

interface Part {
  readonly heading: string;
  /** 0 for what stands before the first heading. */
  readonly level: number;
  readonly blocks: readonly Block[];
  readonly lines: Lines;
}

function splitAtHeadings(blocks: readonly Block[], lastLine: number): Part[] {
  const starts = blocks.flatMap((block, i) => (block.type === 'heading' ? [{ block, i }] : []));
  const before: Part = {
    heading: '',
    level: 0,
    blocks: blocks.slice(0, starts[0]?.i ?? blocks.length),
    lines: { from: 1, to: Math.max(1, (starts[0]?.block.lines.from ?? lastLine + 1) - 1) },
  };
  const parts = starts.map(({ block, i }, n): Part => {
    const next = starts[n + 1];
    return {
      heading: plainText(block.text),
      level: block.level,
      blocks: blocks.slice(i + 1, next?.i ?? blocks.length),
      lines: { from: block.lines.from, to: (next?.block.lines.from ?? lastLine + 1) - 1 },
    };
  });
  return before.blocks.length === 0 ? parts : [before, ...parts];
}

/** The first heading and, where it has level 1, those of level 1 that follow it with nothing in between. */
function titleOf(parts: readonly Part[]): string[] {
  const headings = parts.filter(({ level }) => level > 0);
  const [first] = headings;
  if (first === undefined) return [];
  const title = [first.heading];
  for (
    let i = 1;
    first.level === 1 && headings[i]?.level === 1 && headings[i - 1]?.blocks.length === 0;
    i++
  ) {
    title.push(headings[i]?.heading ?? '');
  }
  return title;
}

interface PathPart extends Part {
  readonly path: readonly string[];
}

/** The path of a heading below the title leaves the title out; the title's own path is itself. */
function withPaths(parts: readonly Part[]): PathPart[] {
  const first = parts.find(({ level }) => level > 0);
  let titles = first?.level === 1 ? titleOf(parts).length : 0;
  let open: Part[] = [];
  return parts.map((part) => {
    if (part.level === 0) return { ...part, path: [] };
    if (titles > 0) {
      titles -= 1;
      return { ...part, path: [part.heading] };
    }
    open = [...open.filter(({ level }) => level < part.level), part];
    return { ...part, path: open.map(({ heading }) => heading) };
  });
}

function section({ heading, level, path, lines, blocks }: PathPart, ids: IdCounts): Section {
  const listsAreSteps = !isCriteriaHeading(heading) && !isEscalationHeading(heading);
  const { phases, steps, fixes } = readSection(blocks, heading, lines, { listsAreSteps });
  const healthChecks = readHealthChecks(blocks);
  return { heading, level, path, lines, phases, steps: nameSteps(path, steps, ids), fixes, healthChecks };
}
