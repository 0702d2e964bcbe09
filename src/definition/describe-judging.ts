import { formatDuration } from './duration.ts';
import type { Plan, PlannedCoverage } from './plan.ts';

/** What is judged of the runbook as a whole, as leads and texts; none where the drill asks for nothing of it. */
export function describeJudging({
  coverage,
  updates = {},
  claims = [],
  restorationOrder,
}: Plan): readonly (readonly [lead: string, text: string])[] {
  return [
    ...(coverage === undefined ? [] : coverageLines(coverage)),
    ...(restorationOrder === undefined
      ? []
      : [['  restored in the order ', restorationOrder.join(', ')] as const]),
    ...Object.entries(updates).map(
      ([name, { text, everyMs, steps }]) =>
        [
          `  told ${name}: `,
          `"${text}" (${formatDuration(everyMs)}), by ${count(steps.length, 'step')}`,
        ] as const,
    ),
    ...claims.map(({ says, ledgers }) => ['  claim ', `"${says}", by ${ledgers.join(', ')}`] as const),
  ];
}

function coverageLines({ commandsAtLeast, sections }: PlannedCoverage) {
  const steps = sections.flatMap((section) => section.steps);
  const apart = steps.flatMap((step) => (step.apart === undefined ? [] : [{ ...step, apart: step.apart }]));
  const commands = steps.filter(({ kind }) => kind !== 'manual').length;
  const share =
    commandsAtLeast === null
      ? ''
      : `, at least ${Number((commandsAtLeast * 100).toFixed(2))} % of them executed`;
  return [
    [
      '  covers ',
      `the whole runbook: ${count(sections.length, 'section')}, ${count(steps.length, 'step')}, ${count(commands, 'command')}${share}`,
    ] as const,
    ...apart.map(
      ({ lines, text, apart: { kind, reason } }) =>
        [
          `    line ${lines.from} `,
          `${text}: ${kind === 'people' ? 'left to people' : 'not applicable'} (${reason})`,
        ] as const,
    ),
  ];
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
