import type { DrillCase } from './check-drill.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { type Mention, unknownNames } from './known-names.ts';
import { environmentsWithLoads, nameOfLoad } from './load-spec.ts';
import { quoteList } from './quote.ts';

/** The loads that a drill names: they are its platform's, each once, and can run where the platform does. */
export function checkLoads({ drill: { value, source }, platform }: DrillCase): readonly DefinitionError[] {
  const { platform: owner, environment, loads = {} } = platform.value;
  const mentions = (value.loads ?? []).map(
    (chosen, i): Mention => ({
      source,
      path: typeof chosen === 'string' ? ['loads', i] : ['loads', i, 'load'],
      name: nameOfLoad(chosen),
    }),
  );
  const unknown = unknownNames(mentions, {
    owner: `platform ${owner}`,
    what: 'load',
    names: Object.keys(loads),
  });
  const twice = mentions.filter(({ name }, i) => mentions.findIndex((other) => other.name === name) < i);
  const elsewhere = environmentsWithLoads.includes(environment)
    ? []
    : mentions.filter(({ name }) => Object.hasOwn(loads, name));
  return [
    ...unknown,
    ...twice.map(({ path, name }) =>
      definitionError(source.at(path), `the load ${name} is named twice; once is all of it`),
    ),
    ...elsewhere.map(({ path, name }) =>
      definitionError(
        source.at(path),
        `the load ${name} runs as a container beside the platform, and the platform ${owner} runs in ${environment}; expected one that runs in ${quoteList(environmentsWithLoads)}, or no loads in this drill`,
      ),
    ),
  ];
}
