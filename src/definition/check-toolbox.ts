import { isAbsolute, normalize } from 'node:path';
import { type DefinitionError, definitionError } from './definition-error.ts';
import { unknownNames } from './known-names.ts';
import type { PlatformFile } from './platform.ts';
import { isContainer } from './platform-names.ts';
import { quote } from './quote.ts';
import type { Definition } from './source.ts';

/** What the toolbox asks for names, and its tools. */
export function checkToolbox(platform: Definition<PlatformFile>): readonly DefinitionError[] {
  return [...checkDns(platform), ...checkWays(platform), ...checkHomePaths(platform)];
}

function checkDns({ value, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  const dns = value.toolbox?.dns;
  if (dns === undefined) return [];
  const containers = Object.entries(value.components).filter(([, component]) => isContainer(component));
  return unknownNames([{ source, path: ['toolbox', 'dns'], name: dns }], {
    owner: `platform ${value.platform}`,
    what: 'container',
    names: containers.map(([name]) => name),
  });
}

/** What a tool puts into the toolbox's home must stay in it. */
function checkHomePaths({ value, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  return Object.entries(value.tools ?? {}).flatMap(([name, tool]) => {
    if (tool === 'system') return [];
    return (['files', 'copies'] as const).flatMap((key) =>
      Object.keys(tool[key] ?? {})
        .filter((path) => isAbsolute(path) || /^\.\.?(\/|$)/.test(normalize(path)))
        .map((path) =>
          definitionError(
            source.at(['tools', name, key, path], 'key'),
            `${quote(path)} is no path inside the toolbox's home; expected one such as ".config/${name}"`,
          ),
        ),
    );
  });
}

function checkWays({ value, source }: Definition<PlatformFile>): readonly DefinitionError[] {
  return Object.entries(value.tools ?? {}).flatMap(([name, tool]) => {
    if (tool === 'system') return [];
    const ways = (['stand-in', 'replacement', 'own', 'not-here'] as const).filter(
      (way) => tool[way] !== undefined,
    );
    if (ways.length < 2) return [];
    return [
      definitionError(
        source.at(['tools', name], 'key'),
        `the tool ${name} has ${ways.join(' and ')}; expected one of them`,
      ),
    ];
  });
}
