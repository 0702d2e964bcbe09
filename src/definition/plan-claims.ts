import type { Lines } from '../runbook/runbook.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { oneLine } from './find-step.ts';
import type { Claim } from './judging.ts';
import { unknownNames } from './known-names.ts';
import type { PlannedClaim } from './plan.ts';
import type { RunbookInput } from './plan-procedure.ts';
import { quote } from './quote.ts';
import type { Source } from './source.ts';
import { type PlacedStage, procedureOf } from './stages.ts';

export interface ClaimsRequest {
  readonly source: Source;
  readonly claims: readonly Claim[];
  readonly runbook: RunbookInput | null;
  readonly stages: readonly PlacedStage[];
}

/** What is told about data: the line of the runbook that says it, or the procedure that tells it. */
export function planClaims({
  source,
  claims,
  runbook,
  stages,
}: ClaimsRequest):
  | { readonly planned: readonly PlannedClaim[] }
  | { readonly errors: readonly DefinitionError[] } {
  const mentions = claims.flatMap((claim, i) => {
    const name = claim['told-by'];
    return name === undefined ? [] : [{ source, path: ['claims', i, 'told-by'], name }];
  });
  const procedures = stages.flatMap((placed) => procedureOf(placed)?.procedure.procedure ?? []);
  const planned = claims.map((claim): PlannedClaim => {
    const { says, ledgers, 'told-by': toldBy } = claim;
    const lines = runbook === null ? null : linesOf(runbook.text, says);
    return { says, lines, ledgers, ...(toldBy !== undefined && { toldBy }) };
  });
  const nowhere = planned.flatMap(({ says, lines, toldBy }, i) => {
    if (lines !== null || toldBy !== undefined) return [];
    const message = `no line of ${runbook?.file ?? 'a runbook'} says ${quote(says)}; expected its words, or "told-by", the procedure that tells it`;
    return [definitionError(source.at(['claims', i, 'says']), message)];
  });
  const errors = [
    ...nowhere,
    ...unknownNames(mentions, { owner: 'drill', what: 'procedure', names: procedures }),
  ];
  return errors.length > 0 ? { errors } : { planned };
}

/** The first line that has these words, whatever their case and the white space between them. */
function linesOf(text: string, says: string): Lines | null {
  const wanted = oneLine(says).toLowerCase();
  const at = text.split(/\r\n|\n|\r/).findIndex((line) => oneLine(line).toLowerCase().includes(wanted));
  return at < 0 ? null : { from: at + 1, to: at + 1 };
}
