import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../checkers/checker.ts';
import type { LessonsPart } from '../runbook/runbook.ts';
import { injections, type MarkOf, marksOf } from '../timeline/spans.ts';
import { drillName } from './headline.ts';
import { formatMs } from './quantities.ts';
import type { Judged, Reporter } from './reporter.ts';
import { stepReports } from './steps.ts';
import { escapeMarkdown, markdownCode, shortened } from './untrusted.ts';

/** `lessons-learned.md`: the runbook's own template filled with the facts of the run; no file where it has none. */
export const lessons: Reporter = {
  name: 'lessons',
  async write(judged, directory) {
    const text = lessonsMarkdown(judged);
    if (text === null) return [];
    await writeFile(join(directory, 'lessons-learned.md'), text);
    return ['lessons-learned.md'];
  },
};

export function lessonsMarkdown(judged: Judged): string | null {
  const template = judged.plan.runbook?.lessons;
  if (template === undefined) return null;
  return [
    `# ${escapeMarkdown(template.heading)}: ${escapeMarkdown(drillName(judged))}`,
    ...template.parts.flatMap((part) => [`**${escapeMarkdown(part.lead)}**:`, filled(part, judged)]),
    '',
  ].join('\n\n');
}

const fillers: readonly (readonly [RegExp, (judged: Judged) => readonly string[]])[] = [
  [/\b(?:timeline|course|chronology|sequence)\b/i, courseOfEvents],
  [/\b(?:action|to[ -]?do|follow[ -]?up|next steps?|tasks?)\b/i, toDo],
  [/\b(?:badly|better|improved?|improvements?|wrong|problems?|not|poorly|worse)\b|n['’]t\b/i, wentBadly],
  [/\b(?:well|worked|good|positive|success\w*)\b/i, wentWell],
];

/** Of one part; more than anybody reads. */
const mostFacts = 200;

/** A part whose lead says nothing we know stays as the template has it: people fill it in. */
function filled(part: LessonsPart, judged: Judged): string {
  const fill = fillers.find(([lead]) => lead.test(part.lead))?.[1];
  const facts = fill?.(judged) ?? part.items.map(({ text }) => escapeMarkdown(text));
  const once = [...new Set(facts.length === 0 ? ['nothing that the journal shows'] : facts)];
  const left = once.length - mostFacts;
  return [...once.slice(0, mostFacts), ...(left > 0 ? [`and ${left} more`] : [])]
    .map((fact) => `- ${fact}`)
    .join('\n');
}

function wentWell({ plan, timeline, findings }: Judged): readonly string[] {
  const steps = stepReports(plan, timeline).filter(
    ({ kind, outcome }) => kind !== 'manual' && outcome === 'as-written',
  );
  return [
    ...findings.filter(({ rule, status }) => rule === 'runbook.budget' && status === 'pass').map(sentence),
    ...steps.map(({ text }) => `${markdownCode(shortened(text, 100))} works as written`),
  ];
}

function wentBadly({ plan, timeline, findings }: Judged): readonly string[] {
  const steps = stepReports(plan, timeline).filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'corrected' || outcome === 'refused-by-operator',
  );
  const own = findings.filter(
    ({ rule, status }) => status === 'fail' && rule !== 'runbook.step' && rule !== 'runbook.manual',
  );
  return [
    ...steps.map(
      ({ text, reason }) =>
        `${markdownCode(shortened(text, 100))} fails as written${reason === null ? '' : `: ${escapeMarkdown(reason)}`}`,
    ),
    ...own.map(sentence),
  ];
}

function toDo({ findings }: Judged): readonly string[] {
  return findings.flatMap(({ todo, where }) =>
    todo === undefined
      ? []
      : [`${where === undefined ? '' : `${markdownCode(where)}: `}${escapeMarkdown(todo)}`],
  );
}

const sentence = ({ message }: Finding): string => escapeMarkdown(message);

/** Times count from the first fault; the wall clock is a label. */
function courseOfEvents({ plan, timeline }: Judged): readonly string[] {
  const zeroNs = injections(timeline)[0]?.fromNs ?? 0;
  const begunMs = Date.parse(timeline.header.startedAt);
  const step = new Map(stepReports(plan, timeline).map(({ id, text }) => [id, text]));
  const textOf = (id: string) => shortened(step.get(id) ?? 'a step', 100);
  return marksOf(timeline, ...told).map((mark) => {
    const offset = Math.round((mark.atNs - zeroNs) / 1e6);
    const clock = new Date(begunMs + mark.atNs / 1e6).toISOString().slice(11, 19);
    const words = wordsOf(mark, textOf);
    return `${offset < 0 ? '−' : '+'}${formatMs(Math.abs(offset))} (${clock} UTC): ${escapeMarkdown(words)}`;
  });
}

const told = [
  'fault.injecting',
  'condition.met',
  'procedure.start',
  'procedure.end',
  'step.start',
  'step.manual',
  'fault.healed',
  'rejoined',
] as const;

function wordsOf(mark: MarkOf<(typeof told)[number]>, textOf: (step: string) => string): string {
  switch (mark.type) {
    case 'fault.injecting':
      return `fault ${mark.injection} set off`;
    case 'condition.met':
      return `${mark.purpose}: ${mark.condition}`;
    case 'procedure.start':
      return `procedure ${mark.procedure} began`;
    case 'procedure.end':
      return `procedure ${mark.procedure} ended`;
    case 'step.start':
      return `${textOf(mark.step)}${mark.attempt === 'correction' ? ' (as corrected by the drill)' : ''}`;
    case 'step.manual':
      return `${textOf(mark.step)}: ${mark.answer}`;
    case 'fault.healed':
      return `fault ${mark.injection} ${healedWords[mark.status]}`;
    case 'rejoined':
      return `${mark.instance} rejoined`;
  }
}

const healedWords = {
  gone: 'healed',
  superseded: 'superseded by the recovery',
  active: 'not healed, it is still active',
  unknown: 'healed, and whether it is gone is not known',
} as const;
