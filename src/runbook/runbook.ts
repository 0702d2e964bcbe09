/**
 * The shape of a parsed runbook. Pure data: `parseRunbook(text)` makes it from Markdown and nothing here touches a file.
 * Lines count from 1 and are inclusive.
 */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

export interface Runbook {
  /** First heading of the document; several level-1 headings that follow each other are joined by ": ". */
  readonly title: string;
  readonly metadata: RunbookMetadata;
  readonly sections: readonly Section[];
  /** Success criteria in document order, checkbox marks removed. */
  readonly criteria: readonly Located[];
  readonly escalations: readonly Escalation[];
  /** Intervals such as "updates every 15 minutes". */
  readonly intervals: readonly Interval[];
  /** Placeholders anywhere in the document, commands and prose. */
  readonly placeholders: readonly Placeholder[];
  /** The form in which the document wants what was learned; not there where it has none. */
  readonly lessons?: LessonsTemplate;
}

/** A section such as "Lessons Learned Template": bold lead lines ("**Went well**:"), each with a list to fill in. */
export interface LessonsTemplate {
  readonly heading: string;
  readonly lines: Lines;
  readonly parts: readonly LessonsPart[];
}

export interface LessonsPart {
  /** Without its marks and its colon. */
  readonly lead: string;
  readonly items: readonly Located[];
  readonly lines: Lines;
}

export interface Located {
  readonly text: string;
  readonly lines: Lines;
}

export interface RunbookMetadata {
  readonly responseTimeMs?: LocatedValue<number>;
  readonly rtoMs?: LocatedValue<number>;
  readonly rpoMs?: LocatedValue<number>;
  readonly owner?: LocatedValue<string>;
  /** ISO date `YYYY-MM-DD`; `value` is null where the document has the field but no valid date in it. */
  readonly lastUpdated?: LocatedValue<string | null>;
  readonly nextReview?: LocatedValue<string | null>;
  /** Every `**Name**: value` (or table / front-matter) pair found, names as written. */
  readonly fields: readonly { readonly name: string; readonly value: string; readonly lines: Lines }[];
}

export interface LocatedValue<T> {
  readonly value: T;
  readonly text: string;
  readonly lines: Lines;
}

export interface Section {
  readonly heading: string;
  readonly level: number;
  /** Headings from the document's top (its title left out) down to this one. */
  readonly path: readonly string[];
  /** From the heading's line to the line before the next heading of any level. */
  readonly lines: Lines;
  readonly phases: readonly Phase[];
  /** Steps that stand directly in this section (not in its subsections), in document order. */
  readonly steps: readonly Step[];
  readonly fixes: readonly Fix[];
  /** Lines of plain fences and lists that say what to ask of whom, in document order. */
  readonly healthChecks: readonly HealthCheck[];
}

/** A numbered phase such as "2. COMMUNICATE (2-5 minutes)". */
export interface Phase {
  /** 1-based, in document order within the section. */
  readonly ordinal: number;
  readonly name: string;
  /** From the start of the procedure; null where the text gives no numbers ("Ongoing"). */
  readonly budget: { readonly fromMs: number; readonly toMs: number } | null;
  /** The words in parentheses, as written. */
  readonly when: string | null;
  readonly lines: Lines;
}

export type Step = CommandStep | QueryStep | ManualStep;

interface StepBase {
  /**
   * Stable while the text around the step moves: derived from the heading path, the kind and the text of the step
   * (plus an ordinal among equal ones), never from line numbers.
   */
  readonly id: string;
  readonly section: readonly string[];
  /** Ordinal of the phase it belongs to, null outside phases. */
  readonly phase: number | null;
  /** 1-based among the steps of the same kind in its phase (or, without a phase, in its section). */
  readonly ordinal: number;
  /** The comment above it, or the sentence that introduces it; null if there is none. */
  readonly title: string | null;
  readonly lines: Lines;
  readonly placeholders: readonly Placeholder[];
}

export interface CommandStep extends StepBase {
  readonly kind: 'command';
  /** The whole command, continuation lines included, prompt removed, verbatim otherwise. */
  readonly text: string;
  /** Where it was found: a shell fence, after a `$ ` or `# ` prompt, or inside a manual step's sentence. */
  readonly form: 'fence' | 'prompt' | 'inline';
  /** Commands of one fence share one shell: equal values mean the same fence. */
  readonly fence: string;
  /** Id of the manual step it stands under, if any. */
  readonly under: string | null;
}

export interface QueryStep extends StepBase {
  readonly kind: 'query';
  readonly language: 'sql' | 'promql';
  readonly text: string;
  readonly under: string | null;
}

export interface ManualStep extends StepBase {
  readonly kind: 'manual';
  readonly text: string;
  /** Ids of commands and queries that stand under or inside this step. A manual step with one is never attested. */
  readonly commands: readonly string[];
  /** Id of the step it is a sub-item of, if any. */
  readonly under: string | null;
}

export interface Fix {
  readonly issue: string;
  readonly symptoms: string;
  readonly fix: string;
  readonly lines: Lines;
}

export interface HealthCheck {
  /** Its label, and the one above it: "MCP Servers: AWS". Unique within its section. */
  readonly name: string;
  readonly kind: 'url' | 'command' | 'sql';
  /** The address, command or statement. */
  readonly text: string;
  readonly lines: Lines;
  readonly placeholders: readonly Placeholder[];
}

export interface Placeholder {
  /** As written: `<failover-id>`, `[DATE]`, `${VAR}`, `{{name}}`, `YYYYMMDD`, `+1-XXX-XXX-XXXX`. */
  readonly text: string;
  /** What a binding addresses it by: the inner words, `failover-id`. */
  readonly name: string;
  readonly line: number;
}

export interface Escalation {
  readonly to: string;
  /** Since the incident began; 0 for who is called first; null for a limit that is no time ("Customer data at risk"). */
  readonly afterMs: number | null;
  /** End of this level's time, where the text says it: "first 15 minutes". */
  readonly untilMs?: number;
  readonly reason: string;
  readonly lines: Lines;
}

export interface Interval {
  readonly text: string;
  readonly everyMs: number;
  readonly lines: Lines;
}
