import { quote } from './quote.ts';

/** Where something stands. Lines and columns count from 1; line 0 is the file, or the folder, as a whole. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a definition, as data: a run collects all of them before it says anything. */
export interface DefinitionError extends Position {
  /** What was found and what was expected, in one sentence. */
  readonly message: string;
  /** The valid name that is nearest to what was written. */
  readonly suggestion: string | null;
}

export function definitionError(
  at: Position,
  message: string,
  suggestion: string | null = null,
): DefinitionError {
  const { file, line, column } = at;
  return { file, line, column, message, suggestion };
}

/** `drills/x.yaml:3:11: there is no fault "primary-kiled"; did you mean "primary-killed"?` */
export function formatDefinitionError({ file, line, column, message, suggestion }: DefinitionError): string {
  const hint = suggestion === null ? '' : `; did you mean ${quote(suggestion)}?`;
  return `${line === 0 ? file : `${file}:${line}:${column}`}: ${message}${hint}`;
}

/** In the order a person mends them in, each once (two variants of a drill share their mistakes). */
export function inOrder(errors: readonly DefinitionError[]): readonly DefinitionError[] {
  const distinct = new Map(errors.map((error) => [formatDefinitionError(error), error]));
  return [...distinct.values()].sort(
    (a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line || a.column - b.column,
  );
}

/** For callers that want an exception: its message is every error on a line of its own. */
export class InvalidDefinitionError extends Error {
  override readonly name = 'InvalidDefinitionError';
  readonly errors: readonly DefinitionError[];

  constructor(errors: readonly DefinitionError[]) {
    super(inOrder(errors).map(formatDefinitionError).join('\n'));
    this.errors = inOrder(errors);
  }
}
