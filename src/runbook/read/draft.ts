import type { CommandStep, Lines, Phase, QueryStep } from '../runbook.ts';
import type { FoundCommand } from '../shell/split.ts';

/** Steps as the readers find them: not yet named, linked to each other by reference. */
export type Draft = CommandDraft | QueryDraft | ManualDraft;

interface DraftBase {
  readonly text: string;
  readonly title: string | null;
  readonly lines: Lines;
  readonly under: ManualDraft | null;
  readonly phase: Phase | null;
}

export interface CommandDraft extends DraftBase {
  readonly kind: 'command';
  readonly form: CommandStep['form'];
  readonly fence: Shell;
}

export interface QueryDraft extends DraftBase {
  readonly kind: 'query';
  readonly language: QueryStep['language'];
}

export interface ManualDraft extends DraftBase {
  readonly kind: 'manual';
}

/** One shell session: the commands that share it have the same object. */
export interface Shell {
  readonly text: string;
  /** Variables that its commands set. */
  readonly set: ReadonlySet<string>;
}

/** Where something was found: what introduces it and what it belongs to. */
export interface Place {
  readonly title: string | null;
  readonly under: ManualDraft | null;
  readonly phase: Phase | null;
}

export const nowhere: Place = { title: null, under: null, phase: null };

export function commandDraft(
  found: FoundCommand,
  form: CommandStep['form'],
  fence: Shell,
  place: Place,
): CommandDraft {
  const { text, lines } = found;
  return { kind: 'command', form, fence, text, lines, ...place, title: found.comment ?? place.title };
}

export function queryDraft(found: FoundCommand, language: QueryStep['language'], place: Place): QueryDraft {
  const { text, lines } = found;
  return { kind: 'query', language, text, lines, ...place, title: found.comment ?? place.title };
}
