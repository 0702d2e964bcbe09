import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { type Json, mergePatch } from '../../src/definition/merge-patch.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a saboteur changes of a shipped drill. */
export interface Sabotage {
  readonly drill: string;
  /** Changes the drill's file as read from YAML, in place. */
  readonly inDrill?: (drill: DrillFile) => void;
  /** Merge patches (RFC 7396) on the files of that name. */
  readonly platforms?: { readonly [name: string]: Json };
  readonly scenarios?: { readonly [name: string]: Json };
}

/** As much of a drill's file as sabotage needs. */
export interface DrillFile {
  readonly scenario: string;
  readonly platform: string;
  readonly stages: StageFile[];
  [key: string]: unknown;
}

export interface StageFile {
  readonly procedure?: string;
  readonly failback?: { readonly steps: StepFile[] };
  readonly steps?: StepFile[];
  [key: string]: unknown;
}

export interface StepFile {
  command?: string;
  perform?: string;
  correction?: { command: string; reason: string };
  [key: string]: unknown;
}

/**
 * A project like the shipped one, with one drill changed. Programs, runbooks and everything else are those of the
 * checkout. @returns what `work` does
 */
export async function withSabotage<T>(
  { drill, inDrill, platforms = {}, scenarios = {} }: Sabotage,
  work: (project: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'drillbook-sabotage-'));
  try {
    const file = await readYaml<DrillFile>(join('drills', `${drill}.yaml`));
    inDrill?.(file);
    await makeProject(folder);
    await writeYaml(join(folder, 'drills', `${drill}.yaml`), file);
    await patched(folder, 'scenarios', { [file.scenario]: {}, ...scenarios });
    await patched(folder, join('fixtures', 'platforms'), { [file.platform]: {}, ...platforms });
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Steps of every procedure whose `command` or `perform` begins so. @throws when there is none: the sabotage would be none */
export function stepsOf(drill: DrillFile, beginning: string): readonly StepFile[] {
  const all = drill.stages.flatMap((stage) => [...(stage.steps ?? []), ...(stage.failback?.steps ?? [])]);
  const found = all.filter(({ command, perform }) => (perform ?? command ?? '').startsWith(beginning));
  if (found.length === 0) throw new Error(`no step of the drill begins with "${beginning}"`);
  return found;
}

/** Folders that platforms take things from. */
const fixtures = [
  ...['services', 'tools', 'python', 'runbooks', 'images', 'loads', 'repository'],
  ...['manifests', 'maintenance'],
];

async function makeProject(folder: string): Promise<void> {
  for (const sub of ['drills', 'scenarios']) await mkdir(join(folder, sub), { recursive: true });
  // All of them: a platform may extend others.
  await cp(join(root, 'fixtures', 'platforms'), join(folder, 'fixtures', 'platforms'), { recursive: true });
  await writeFile(join(folder, 'drillbook.yaml'), await readFile(join(root, 'drillbook.yaml'), 'utf8'));
  for (const part of fixtures) await symlink(join(root, 'fixtures', part), join(folder, 'fixtures', part));
  for (const part of ['node_modules', 'kind-config.yaml'])
    await symlink(join(root, part), join(folder, part));
}

async function patched(folder: string, kind: string, patches: { readonly [name: string]: Json }) {
  for (const [name, patch] of Object.entries(patches)) {
    const file = await readYaml<Json>(join(kind, `${name}.yaml`));
    await writeYaml(join(folder, kind, `${name}.yaml`), mergePatch(file, patch));
  }
}

async function readYaml<T>(path: string): Promise<T> {
  return parse(await readFile(join(root, path), 'utf8'));
}

async function writeYaml(path: string, value: unknown): Promise<void> {
  await writeFile(path, stringify(value));
}
