import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../checkers/checker.ts';
import type { LessonsPart } from '../runbook/runbook.ts';
import { injections, marksOf } from '../timeline/spans.ts';
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
  [/\b(?:badly|improved?|improvements?|wrong|problems?|not|poorly|worse)\b/i, wentBadly],
  [/\b(?:well|worked|good|positive|success\w*)\b/i, wentWell],
];

/** A part whose lead says nothing we know stays as the template has it: people fill it in. */
function filled(part: LessonsPart, judged: Judged): string {
  const fill = fillers.find(([lead]) => lead.test(part.lead))?.[1];
  const facts = fill?.(judged) ?? part.items.map(({ text }) => escapeMarkdown(text));
  return (facts.length === 0 ? ['nothing that the journal shows'] : facts)
    .slice(0, 200)
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
    ({ outcome }) => outcome === 'failed' || outcome === 'corrected',
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

/** Times count from the fault; the wall clock is a label. */
function courseOfEvents({ plan, timeline }: Judged): readonly string[] {
  const zeroNs = injections(timeline)[0]?.fromNs ?? 0;
  const begunMs = Date.parse(timeline.header.startedAt);
  const step = new Map(stepReports(plan, timeline).map(({ id, text }) => [id, text]));
  const marks = marksOf(
    timeline,
    'fault.injecting',
    'condition.met',
    'procedure.start',
    'step.start',
    'step.manual',
    'fault.healed',
    'rejoined',
  );
  return marks.map((mark) => {
    const offset = Math.round((mark.atNs - zeroNs) / 1e6);
    const clock = new Date(begunMs + mark.atNs / 1e6).toISOString().slice(11, 19);
    const words = {
      'fault.injecting': () => `fault ${'injection' in mark ? mark.injection : ''} set off`,
      'condition.met': () => ('condition' in mark ? `${mark.purpose}: ${mark.condition}` : ''),
      'procedure.start': () => `procedure ${'procedure' in mark ? mark.procedure : ''} began`,
      'step.start': () => shortened(('step' in mark && step.get(mark.step)) || 'a step', 100),
      'step.manual': () => shortened(('step' in mark && step.get(mark.step)) || 'a step', 100),
      'fault.healed': () => `fault ${'injection' in mark ? mark.injection : ''} healed`,
      rejoined: () => `${'instance' in mark ? mark.instance : ''} rejoined`,
    }[mark.type]();
    return `${offset < 0 ? '−' : '+'}${formatMs(Math.abs(offset))} (${clock} UTC): ${escapeMarkdown(words)}`;
  });
}
