import type { DrillCase } from './check-drill.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { mentionsIn, unknownNames } from './known-names.ts';
import { addressable, componentMeant, instanceNames, isContainer, isDatabase } from './platform-names.ts';
import { quote, quoteList } from './quote.ts';
import { injectedFaults, procedureOf } from './stages.ts';

/** What the stages of one variant say of faults, instances, variants and procedures. */
export function checkStages(drillCase: DrillCase): readonly DefinitionError[] {
  return [
    ...checkFaults(drillCase),
    ...checkSymptoms(drillCase),
    ...checkHeals(drillCase),
    ...checkOnly(drillCase),
    ...checkReturns(drillCase),
    ...checkRejoins(drillCase),
    ...checkProcedures(drillCase),
  ];
}

function checkFaults({ drill: { source }, scenario, stages }: DrillCase): readonly DefinitionError[] {
  const injects = stages.flatMap(({ stage, path }) =>
    'inject' in stage ? [{ source, path: [...path, 'inject'], name: stage.inject }] : [],
  );
  const twice = injects.filter(({ name }, i) => injects.findIndex((other) => other.name === name) < i);
  return [
    ...unknownNames(injects, {
      owner: `scenario ${scenario.value.scenario}`,
      what: 'fault',
      names: Object.keys(scenario.value.faults),
    }),
    ...twice.map(({ path, name }) =>
      definitionError(
        source.at(path),
        `the fault ${name} is injected twice; give the scenario a second fault`,
      ),
    ),
  ];
}

/** A run whose fault nobody can see proves nothing. */
function checkSymptoms({ drill: { source }, scenario, stages }: DrillCase): readonly DefinitionError[] {
  const injected = injectedFaults(stages);
  const shown = scenario.value.symptoms.some(({ after }) => after === undefined || injected.includes(after));
  const first = stages.find(({ stage }) => 'inject' in stage);
  if (first === undefined || shown) return [];
  const message = `no symptom of the scenario ${scenario.value.scenario} shows that ${injected.join(' or ')} took effect`;
  return [definitionError(source.at([...first.path, 'inject']), message)];
}

/** A fault is healed after it was injected, not before and not without. */
function checkHeals({ drill: { source }, stages }: DrillCase): readonly DefinitionError[] {
  return stages.flatMap(({ stage, path }, i) => {
    if (!('heal' in stage) || stage.heal === 'all') return [];
    const names = injectedFaults(stages.slice(0, i));
    return unknownNames([{ source, path: [...path, 'heal'], name: stage.heal }], {
      owner: 'drill up to here',
      what: 'injected fault',
      names,
    });
  });
}

/** Every stage of the file, also those this variant does not have. */
function checkOnly({ drill: { value, source } }: DrillCase): readonly DefinitionError[] {
  const mentions = value.stages.flatMap(({ only }, i) => mentionsIn(source, ['stages', i, 'only'], only));
  return unknownNames(mentions, {
    owner: `drill ${value.drill}`,
    what: 'variant',
    names: Object.keys(value.variants ?? {}),
  });
}

/** Only of a database can there be two that went separate ways. */
function checkReturns({ drill: { source }, platform, stages }: DrillCase): readonly DefinitionError[] {
  return stages.flatMap(({ stage, path }) => {
    if (!('return' in stage)) return [];
    const mention = { source, path: [...path, 'return'], name: stage.return };
    const { platform: owner, components } = platform.value;
    const unknown = unknownNames([mention], {
      owner: `platform ${owner}`,
      what: 'role, component or instance',
      names: addressable(platform.value),
    });
    const name = componentMeant(platform.value, stage.return) ?? '';
    const component = components[name];
    if (unknown.length > 0 || component === undefined) return unknown;
    if (isContainer(component) && isDatabase(component) && component.returned === undefined) {
      const message = `the platform ${owner} does not say how ${quote(stage.return)} comes back beside its cluster; expected "returned", the program that serves it, in its component ${name}`;
      return [definitionError(source.at(mention.path), message)];
    }
    if (isDatabase(component)) return [];
    const databases = Object.entries(components).flatMap(([name, each]) =>
      isDatabase(each) ? instanceNames(name, each) : [],
    );
    const message = `only a database returns to be reconciled, and ${quote(stage.return)} is none; the platform ${owner} has ${quoteList(databases)}`;
    return [definitionError(source.at(mention.path), message)];
  });
}

function checkRejoins({ drill: { source }, platform, stages }: DrillCase): readonly DefinitionError[] {
  const mentions = stages.flatMap(({ stage, path }) =>
    'rejoin' in stage ? [{ source, path: [...path, 'rejoin'], name: stage.rejoin }] : [],
  );
  const names = addressable(platform.value);
  return unknownNames(mentions, {
    owner: `platform ${platform.value.platform}`,
    what: 'role, component or instance',
    names,
  });
}

function checkProcedures({ drill: { value, source }, stages }: DrillCase): readonly DefinitionError[] {
  const placed = stages.flatMap((stage) => procedureOf(stage) ?? []);
  return placed.flatMap(({ procedure: { procedure }, path }, i) => {
    const at = source.at([...path, 'procedure']);
    const again = placed.findIndex((other) => other.procedure.procedure === procedure) < i;
    return [
      ...(again ? [definitionError(at, `two procedures of this drill are named ${procedure}`)] : []),
      ...(value.runbook === undefined
        ? [definitionError(at, 'a procedure needs a runbook; expected "runbook" in this drill')]
        : []),
    ];
  });
}
