import type { DrillCase } from './check-drill.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { unknownNames } from './known-names.ts';
import { quote } from './quote.ts';
import { type PlacedProcedure, procedureOf } from './stages.ts';

/** Procedures that ask again what another has asked before the fault: that one is there, earlier, and on the same section. */
export function checkCompared(drillCase: DrillCase): readonly DefinitionError[] {
  const { drill, stages } = drillCase;
  const firstFault = stages.findIndex(({ stage }) => 'inject' in stage);
  const healthy = stages
    .slice(0, Math.max(0, firstFault))
    .flatMap((placed) => procedureOf(placed) ?? [])
    .map(({ procedure }) => procedure);
  const comparing = stages
    .flatMap((placed) => procedureOf(placed) ?? [])
    .filter(({ procedure }) => procedure['compared-with'] !== undefined);
  return [
    ...comparing.flatMap((each) => checkOne(drillCase, each, healthy)),
    ...checkMustNotice(drill, comparing),
  ];
}

function checkOne(
  { drill: { source } }: DrillCase,
  { procedure, path }: PlacedProcedure,
  healthy: readonly PlacedProcedure['procedure'][],
): readonly DefinitionError[] {
  const at = [...path, 'compared-with'];
  const name = procedure['compared-with'] ?? '';
  const unknown = unknownNames([{ source, path: at, name }], {
    owner: 'drill before its first fault',
    what: 'procedure',
    names: healthy.map((each) => each.procedure),
  });
  const other = healthy.find((each) => each.procedure === name);
  if (other === undefined || other.section === procedure.section) return unknown;
  const message = `${quote(name)} goes through another section (${quote(other.section)}): only answers to the same questions can be compared`;
  return [definitionError(source.at(at), message)];
}

/** A beginning that no question has would be noticed by nobody, for ever. */
function checkMustNotice(
  { value, source }: DrillCase['drill'],
  comparing: readonly PlacedProcedure[],
): readonly DefinitionError[] {
  const texts = comparing.flatMap(({ procedure: { steps } }) =>
    steps.flatMap((step) => ('command' in step ? [step.command] : (step.perform ?? []))),
  );
  return (value['must-notice'] ?? []).flatMap((beginning, i) => {
    if (texts.some((text) => text.startsWith(beginning) || beginning.startsWith(text))) return [];
    const message = `no command of a procedure that is "compared-with" another begins with ${quote(beginning)}`;
    return [definitionError(source.at(['must-notice', i]), message)];
  });
}
