import type { Block } from './block.ts';

/** The lines between two `---` at the top, where they begin with a key: a rule at the top is none. */
export function readFrontMatter(lines: readonly string[]): Block | null {
  if (lines[0]?.trimEnd() !== '---') return null;
  const end = lines.findIndex((line, i) => i > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  if (end < 2 || !/^[\w-]+\s*:/.test(lines[1] ?? '')) return null;
  const content = lines.slice(1, end).map((text, i) => ({ text, line: i + 2 }));
  return { type: 'front-matter', content, lines: { from: 1, to: end + 1 } };
}
