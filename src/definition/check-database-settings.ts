import { type DefinitionError, definitionError } from './definition-error.ts';
import type { PlatformFile } from './platform.ts';
import { isContainer } from './platform-names.ts';
import type { Definition } from './source.ts';

const forms = { settings: 'lines of postgresql.conf', synchronous: '"on" or "off"' } as const;

/** What is wished of a database in a container, its image has to be told: a drill must not go on without what it asked for. */
export function checkDatabaseSettings({
  value,
  source,
}: Definition<PlatformFile>): readonly DefinitionError[] {
  const texts = JSON.stringify([value.components, value.compose]);
  return Object.entries(value.components).flatMap(([name, component]) => {
    if (!isContainer(component) || component.speaks === undefined || !('postgresql' in component.speaks))
      return [];
    const { settings = {}, synchronous = false } = component.speaks.postgresql;
    const wished = [
      ...(Object.keys(settings).length > 0 ? (['settings'] as const) : []),
      ...(synchronous ? (['synchronous'] as const) : []),
    ];
    return wished
      .filter((what) => !texts.includes(`\${${name}.${what}}`))
      .map((what) =>
        definitionError(
          source.at(['components', name, 'speaks', 'postgresql', what], 'key'),
          `the platform ${value.platform} tells nobody what "${what}" of ${name} is: put \${${name}.${what}} (${forms[what]}) into its env, command or files, where its image uses it`,
        ),
      );
  });
}
