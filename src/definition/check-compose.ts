import type { ContainerSpec } from './container-component.ts';
import { type DefinitionError, definitionError } from './definition-error.ts';
import type { PlatformFile } from './platform.ts';
import { isContainer, serviceOf } from './platform-names.ts';
import { quote } from './quote.ts';
import type { Definition } from './source.ts';

/** What drillbook has to know of a service: where to reach it and what it speaks. How it runs, the compose file says. */
const ofServices: ReadonlySet<string> = new Set<keyof ContainerSpec>([
  'container',
  'host',
  'port',
  'ports',
  'ready',
  'speaks',
]);

/** Components that are services of a compose file. Whether it has these services only the environment can tell: it reads the file. */
export function checkCompose(platform: Definition<PlatformFile>): readonly DefinitionError[] {
  const { value, source } = platform;
  const misplaced = value.compose !== undefined && value.environment !== 'containers';
  return [
    ...(misplaced
      ? [
          definitionError(
            source.at(['compose'], 'key'),
            `a compose file runs on "environment: containers", not on ${value.environment}`,
          ),
        ]
      : []),
    ...Object.entries(value.components).flatMap(([name, component]) => {
      const service = serviceOf(component);
      return service === null || !isContainer(component) ? [] : checkService(platform, name, component);
    }),
  ];
}

function checkService(
  { value, source }: Definition<PlatformFile>,
  name: string,
  component: ContainerSpec,
): readonly DefinitionError[] {
  const path = ['components', name];
  const homeless =
    value.compose === undefined
      ? [
          definitionError(
            source.at([...path, 'container', 'service']),
            `${name} is a service of a compose file, and the platform names none; expected "compose: { file: compose.yaml }" beside "components"`,
          ),
        ]
      : [];
  const foreign = Object.keys(component).filter((key) => !ofServices.has(key));
  return [
    ...homeless,
    ...foreign.map((key) =>
      definitionError(
        source.at([...path, key], 'key'),
        `${quote(key)} says how a container runs, and ${name} is a service: write it in the compose file${hints[key] ?? ''}`,
      ),
    ),
  ];
}

/** What the same thing is called there, where that is another word. */
const hints: { readonly [key: string]: string } = {
  after: ' ("depends_on")',
  capabilities: ' ("cap_add")',
  env: ' ("environment")',
  files: ' ("configs" or "volumes")',
  memory: ' ("mem_limit")',
  mounts: ' ("volumes")',
  names: ' ("aliases" of its network); one further name can stand here under "host"',
  aliases: ' ("aliases" of its network); one further name can stand here under "host"',
  members: ' (a service for each of them)',
  replicas: ' (a service that does not start with the others has a profile there)',
};
