import { expect, it } from 'vitest';
import type { PlannedProcedure, PlannedStep } from './plan.ts';
import { type Selecting, shareSections } from './share-sections.ts';

const step = (line: number, planned: Partial<PlannedStep>): PlannedStep =>
  ({
    do: 'prompt',
    step: { kind: 'manual', id: `s${line}`, lines: { from: line, to: line } },
    ...planned,
  }) as PlannedStep;

/** A procedure on a section of the steps in lines 1 to 6, which selects some. */
const selecting = (name: string, lines: readonly number[], section = 'Respond'): Selecting => ({
  procedure: {
    kind: 'procedure',
    name,
    section: [section],
    steps: [1, 2, 3, 4, 5, 6].map((line) => step(line, { do: lines.includes(line) ? 'perform' : 'prompt' })),
  } as unknown as PlannedProcedure,
  selected: new Set(lines.map((line) => `s${line}`)),
});
const linesOf = ({ steps }: PlannedProcedure) => steps.map((each) => each.step.lines.from);

it('asks for a step that nobody selected once, after the selected step before it', () => {
  const [contain, clearUp] = shareSections([selecting('contain', [2]), selecting('clear-up', [4, 6])]);
  expect(contain && linesOf(contain)).toEqual([1, 2, 3]);
  expect(clearUp && linesOf(clearUp)).toEqual([4, 5, 6]);
});

it('leaves a step to both procedures that selected it', () => {
  const [first, second] = shareSections([selecting('first', [1, 6]), selecting('second', [6])]);
  expect(first && linesOf(first)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(second && linesOf(second)).toEqual([6]);
});

it('leaves a procedure alone that has its section to itself', () => {
  const alone = selecting('alone', [2], 'Fail over');
  expect(shareSections([alone, selecting('other', [])])[0]).toBe(alone.procedure);
});
