import type { DrillCase } from './check-drill.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import type { StageSpec } from './drill.ts';
import { unknownNames } from './known-names.ts';
import { builtInMarks, marksOf, namedMarks } from './marks.ts';
import { quote, quoteList } from './quote.ts';
import type { Path, Source } from './source.ts';
import { injectedFaults } from './stages.ts';

type UntilStage = Extract<StageSpec, { until: unknown }>;

/** What `until` stages say beyond their conditions: the marks they make, and what proves those. */
export function checkUntil(drillCase: DrillCase): readonly DefinitionError[] {
  return [...checkNames(drillCase), ...checkMeaning(drillCase), ...checkProofs(drillCase)];
}

/** A mark has one meaning: no second stage, fault or mark of every drill has its name. */
function checkNames({ drill: { source }, stages }: DrillCase): readonly DefinitionError[] {
  const marks = namedMarks(stages);
  const faults = injectedFaults(stages);
  return marks.flatMap(({ name, path }, i) => {
    const error = (why: string) => [
      definitionError(source.at(path), `a mark cannot be named ${quote(name)}: ${why}`),
    ];
    if (builtInMarks.includes(name))
      return error(`every drill has a mark of that name; those taken are ${quoteList(builtInMarks)}`);
    if (name.startsWith('procedure.')) return error('marks of procedures begin so');
    if (faults.includes(name)) return error('a fault of this drill has that name');
    return marks.findIndex((other) => other.name === name) < i
      ? error('another stage makes one of that name')
      : [];
  });
}

/** Recovery has its mark already, and is proved by its symptoms. */
function checkMeaning({ drill: { source }, stages }: DrillCase): readonly DefinitionError[] {
  return stages.flatMap(({ stage, path }) => {
    if (!('until' in stage) || stage.until !== 'recovered') return [];
    const key = stage.as !== undefined ? 'as' : 'proved-by';
    if (stage[key] === undefined) return [];
    const message = `${quote(key)} is for conditions; recovery is the mark "recovered" of every drill`;
    return [definitionError(source.at([...path, key], 'key'), message)];
  });
}

function checkProofs(drillCase: DrillCase): readonly DefinitionError[] {
  const { drill, scenario, stages } = drillCase;
  const names = marksOf(scenario.value, stages);
  return stages.flatMap(({ stage, path }) => {
    if (!('until' in stage) || stage['proved-by'] === undefined) return [];
    const at = [...path, 'proved-by'];
    const { before } = stage['proved-by'];
    const mention = { source: drill.source, path: [...at, 'before'], name: before };
    return [
      ...unknownNames([mention], { owner: 'drill', what: 'mark', names }),
      ...provesNothing(drill.source, at, stage),
    ];
  });
}

function provesNothing(source: Source, path: Path, { until }: UntilStage): readonly DefinitionError[] {
  const conditions = until === 'recovered' ? [] : 'probe' in until ? [until] : until;
  const other = conditions.find((condition) => !('is' in condition && condition.is === 'failing'));
  if (other === undefined) return [];
  const message = `only conditions "is: failing" can be proved by probes that were healthy before, and that on ${quote(other.probe)} is another`;
  return [definitionError(source.at(path, 'key'), message)];
}
