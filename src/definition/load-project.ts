import { join, parse } from 'node:path';
import { type DefinitionError, definitionError } from './definition-error.ts';
import type { Drill } from './drill.ts';
import type { DefinitionKind, DefinitionKinds } from './kinds.ts';
import { loadPlatform } from './load-platform.ts';
import { nearest } from './nearest.ts';
import { checkedAgainst, type Parsed } from './parse-definition.ts';
import type { Platform } from './platform.ts';
import { projectFileName } from './project.ts';
import type { ProjectFiles } from './project-files.ts';
import { quote } from './quote.ts';
import { readSource } from './read-source.ts';
import type { Scenario } from './scenario.ts';

/** Relative to the project's folder. */
export interface ProjectFolders {
  readonly drills: string;
  readonly scenarios: string;
  readonly platforms: string;
  readonly runbooks: string;
  readonly reports: string;
}

/** Definitions of one kind by name, the broken ones with what is wrong with them. */
export type Shelf<T> = ReadonlyMap<string, Parsed<T>>;

export interface Project {
  readonly files: ProjectFiles;
  readonly folders: ProjectFolders;
  readonly drills: Shelf<Drill>;
  readonly scenarios: Shelf<Scenario>;
  readonly platforms: Shelf<Platform>;
}

/** Every definition of a project. Only a broken `drillbook.yaml` keeps it from loading. */
export async function loadProject(
  files: ProjectFiles,
): Promise<{ readonly project: Project } | { readonly errors: readonly DefinitionError[] }> {
  const settings = await loadFolders(files);
  if ('errors' in settings) return settings;
  const { folders } = settings;
  const [drills, scenarios, platforms] = await Promise.all([
    loadShelf(files, 'drill', folders.drills, (path) => loadFile(files, 'drill', path)),
    loadShelf(files, 'scenario', folders.scenarios, (path) => loadFile(files, 'scenario', path)),
    loadShelf(files, 'platform', folders.platforms, (path) => loadPlatform(files, path)),
  ]);
  return { project: { files, folders, drills, scenarios, platforms } };
}

async function loadFolders(
  files: ProjectFiles,
): Promise<{ readonly folders: ProjectFolders } | { readonly errors: readonly DefinitionError[] }> {
  const content = await files.read(projectFileName);
  const loaded = content.kind === 'missing' ? null : await loadFile(files, 'project', projectFileName);
  if (loaded !== null && 'errors' in loaded) return loaded;
  const written = loaded?.definition.value ?? {};
  const {
    drills = 'drills',
    scenarios = 'scenarios',
    platforms = 'platforms',
    runbooks = 'runbooks',
    reports = 'reports',
  } = written;
  return { folders: { drills, scenarios, platforms, runbooks, reports } };
}

async function loadFile<K extends DefinitionKind>(
  files: ProjectFiles,
  kind: K,
  path: string,
): Promise<Parsed<DefinitionKinds[K]>> {
  const read = await readSource(files, path);
  return 'errors' in read ? read : checkedAgainst(kind, read.source);
}

type NamedKind = Exclude<DefinitionKind, 'project'>;

async function loadShelf<K extends NamedKind, T extends DefinitionKinds[K]>(
  files: ProjectFiles,
  kind: K,
  folder: string,
  load: (path: string) => Promise<Parsed<T>>,
): Promise<Shelf<T>> {
  const names = ((await files.list(folder)) ?? []).filter((name) => /\.ya?ml$/.test(name));
  const entries = names.map(async (file) => {
    const { name } = parse(file);
    return [name, namedAsFile(kind, name, await load(join(folder, file)))] as const;
  });
  return new Map(await Promise.all(entries));
}

/** One name for one thing: a drill's `scenario: x` and the file `x.yaml` are found by the same word. */
function namedAsFile<T>(kind: NamedKind, name: string, parsed: Parsed<T>): Parsed<T> {
  if ('errors' in parsed) return parsed;
  const { source } = parsed.definition;
  const own = (parsed.definition.value as { readonly [K in NamedKind]?: string })[kind];
  if (own === name) return parsed;
  return {
    errors: [
      definitionError(
        source.at([kind]),
        `the file is named ${quote(name)} and the ${kind} in it ${quote(own ?? '')}; expected the same name`,
      ),
    ],
  };
}

/** Finds a definition by name, or says which names there are. `place`: where the name was written; else the folder is named. */
export function onShelf<T>(
  shelf: Shelf<T>,
  kind: NamedKind,
  name: string,
  place: Parameters<typeof definitionError>[0],
): Parsed<T> {
  const found = shelf.get(name);
  if (found !== undefined) return found;
  const suggestion = nearest(name, shelf.keys());
  const names = [...shelf.keys()];
  const others =
    suggestion !== null ? '' : names.length === 0 ? '; there are none' : `; there are ${names.join(', ')}`;
  return { errors: [definitionError(place, `there is no ${kind} ${quote(name)}${others}`, suggestion)] };
}
