import { type DefinitionError, definitionError } from './definition-error.ts';
import type { Drill } from './drill.ts';
import { isJsonObject, type Json, type JsonObject } from './merge-patch.ts';
import { checkedAgainst } from './parse-definition.ts';
import type { Platform } from './platform.ts';
import { isContainer, isDatabase } from './platform-names.ts';
import { type Definition, overlay, type Path, type Source, valueAt } from './source.ts';

/**
 * The platform with the drill's `adjust` merged in. What a drill says of `postgresql` holds wherever the database runs: of a
 * container that speaks it, it is merged into `speaks.postgresql`.
 */
export function adjusted(
  platform: Definition<Platform>,
  drill: Definition<Drill>,
): { readonly definition: Definition<Platform> } | { readonly errors: readonly DefinitionError[] } {
  if (drill.value.adjust === undefined) return { definition: platform };
  const foreign = withoutDatabase(platform.value, drill.source);
  if (foreign.length > 0) return { errors: foreign };
  const patch = patchFor(platform.value, drill.source);
  const checked = checkedAgainst('platform', overlay(platform.source, patch, []));
  if ('errors' in checked) return checked;
  const { value, source } = checked.definition;
  return { definition: { value: { ...value, baseDir: platform.value.baseDir }, source } };
}

const componentsAt: Path = ['adjust', 'components'];

/** Containers whose patch has `postgresql`, which none of their own keys is. */
function containersAdjusted({ components }: Platform, { data }: Source): readonly string[] {
  const patches = valueAt(data, componentsAt);
  if (!isJsonObject(patches)) return [];
  return Object.entries(patches).flatMap(([name, patch]) => {
    const component = components[name];
    const adjusts = isJsonObject(patch) && isJsonObject(patch.postgresql);
    return adjusts && component !== undefined && isContainer(component) ? [name] : [];
  });
}

function withoutDatabase(platform: Platform, source: Source): readonly DefinitionError[] {
  const databases = Object.entries(platform.components).flatMap(([name, component]) =>
    isDatabase(component) ? [name] : [],
  );
  const instead =
    databases.length === 0
      ? 'no component of that platform does: say so in "speaks: { postgresql: … }"'
      : `those that do: ${databases.join(', ')}`;
  return containersAdjusted(platform, source)
    .filter((name) => !databases.includes(name))
    .map((name) =>
      definitionError(
        source.at([...componentsAt, name, 'postgresql'], 'key'),
        `${name} is a container of the platform ${platform.platform} that speaks no PostgreSQL; ${instead}`,
      ),
    );
}

/** The drill's `adjust` as a source of its own, in the words of this platform; each part stands where the drill has it. */
function patchFor(platform: Platform, source: Source): Source {
  const databases = containersAdjusted(platform, source);
  const adjust = valueAt(source.data, ['adjust']) ?? {};
  return {
    file: source.file,
    data: databases.reduce(moved, adjust),
    at: (path, part) => source.at(['adjust', ...asWritten(source, databases, path)], part),
  };
}

function moved(adjust: Json, name: string): Json {
  const { postgresql, speaks, ...others } = valueAt(adjust, ['components', name]) as JsonObject;
  const { components, ...rest } = adjust as JsonObject;
  const there = valueAt(speaks ?? {}, ['postgresql']);
  const patch = { ...others, speaks: { postgresql: { ...objectOf(there), ...objectOf(postgresql) } } };
  return { ...rest, components: { ...objectOf(components), [name]: patch } };
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** `components.store.speaks.postgresql.…` stands at `components.store.postgresql.…`, unless the drill itself says `speaks`. */
function asWritten(source: Source, databases: readonly string[], path: Path): Path {
  const [first, name, speaks, postgresql, ...rest] = path;
  const isMoved = first === 'components' && databases.includes(String(name)) && speaks === 'speaks';
  if (!isMoved || valueAt(source.data, ['adjust', ...path]) !== undefined) return path;
  return [first, String(name), 'postgresql', ...(postgresql === undefined ? [] : rest)];
}
