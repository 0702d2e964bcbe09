import { type PlaceholderContext, placeholdersOf, prose } from '../prose/placeholders.ts';
import type { Placeholder, Step } from '../runbook.ts';
import type { CommandDraft, Draft, Shell } from './draft.ts';
import { type SectionPrefix, sectionPrefix, stepId } from './step-id.ts';

/** Ids given so far in a document: equal steps get `-2`, `-3` … in their order. */
export type IdCounts = Map<string, number>;

/** Steps of one section with their ids, links and ordinals. */
export function nameSteps(path: readonly string[], drafts: readonly Draft[], counts: IdCounts): Step[] {
  const links = linksOf(sectionPrefix(path), drafts, counts);
  const ordinals = new Map<string, number>();
  return drafts.map((draft) => {
    const { text, title, lines, kind } = draft;
    const phase = draft.phase?.ordinal ?? null;
    const ordinal = (ordinals.get(`${kind} ${phase}`) ?? 0) + 1;
    ordinals.set(`${kind} ${phase}`, ordinal);
    const under = draft.under === null ? null : (links.ids.get(draft.under) ?? null);
    const id = links.ids.get(draft) ?? '';
    const base = {
      id,
      section: path,
      phase,
      ordinal,
      title,
      lines,
      text,
      under,
      placeholders: placeholdersIn(draft),
    };
    if (kind === 'manual') return { ...base, kind, commands: links.inside.get(draft) ?? [] };
    if (kind === 'query') return { ...base, kind, language: draft.language };
    return { ...base, kind, form: draft.form, fence: links.fences.get(draft.fence) ?? '' };
  });
}

interface Links {
  readonly ids: ReadonlyMap<Draft, string>;
  readonly fences: ReadonlyMap<Shell, string>;
  /** Commands and queries of each manual step. */
  readonly inside: ReadonlyMap<Draft, readonly string[]>;
}

function linksOf(prefix: SectionPrefix, drafts: readonly Draft[], counts: IdCounts): Links {
  const ids = new Map<Draft, string>();
  const fences = new Map<Shell, string>();
  const inside = new Map<Draft, string[]>();
  const unique = (id: string) => {
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count === 1 ? id : `${id}-${count}`;
  };
  for (const draft of drafts) {
    const id = unique(stepId(prefix, draft.kind, draft.text));
    ids.set(draft, id);
    if (draft.kind === 'manual') continue;
    if (draft.kind === 'command')
      addFence(draft, fences, () => unique(stepId(prefix, 'fence', draft.fence.text)));
    if (draft.under === null) continue;
    const others = inside.get(draft.under);
    if (others === undefined) inside.set(draft.under, [id]);
    else others.push(id);
  }
  return { ids, fences, inside };
}

function addFence({ fence }: CommandDraft, fences: Map<Shell, string>, name: () => string): void {
  if (!fences.has(fence)) fences.set(fence, name());
}

function placeholdersIn(draft: Draft): Placeholder[] {
  const context = contextOf(draft);
  if (!draft.text.includes('\n'))
    return placeholdersOf({ text: draft.text, line: draft.lines.from }, context);
  return draft.text
    .split('\n')
    .flatMap((text, i) => placeholdersOf({ text, line: draft.lines.from + i }, context));
}

function contextOf(draft: Draft): PlaceholderContext {
  if (draft.kind === 'manual') return prose;
  return draft.kind === 'query' ? { kind: 'query' } : { kind: 'command', set: draft.fence.set };
}
