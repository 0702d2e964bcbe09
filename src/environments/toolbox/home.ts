import { chown, cp, lchown, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { ToolSpec } from '../../definition/tool.ts';
import { EnvironmentError } from '../environment.ts';
import type { Layout } from './layout.ts';
import type { ToolboxOptions } from './toolbox.ts';

type DetailedTool = Exclude<ToolSpec, string>;

/** Tools of which the platform file says more than where they come from. */
export function specsOf(tools: ToolboxOptions['tools']): readonly DetailedTool[] {
  return Object.values(tools).filter((spec) => spec !== 'system');
}

/**
 * Fills the home: what tools copy there, their configuration files, and for curl the platform's names where nothing else
 * resolves them. A file of its own name wins over what a copied folder had there.
 * @throws EnvironmentError for a path that leaves the home, and for a copy whose source cannot be read
 */
export async function writeHome(
  options: ToolboxOptions,
  layout: Layout,
  privateHosts: boolean,
): Promise<void> {
  for (const folder of ['.kube', '.aws', '.config/gcloud'])
    await makeFolder(layout, join(layout.home, folder), options);
  for (const [path, source] of entriesOf(options, 'copies')) {
    const target = inHome(layout, path);
    await makeFolder(layout, dirname(target), options);
    await copyFor(options, resolve(options.baseDir, source), target);
  }
  const curl = privateHosts ? [] : [['.curlrc', connectTo(options.hosts)] as const];
  const own = entriesOf(options, 'files').map(
    ([path, text]) => [path, options.fill(text, layout.home)] as const,
  );
  for (const [path, text] of new Map([...curl, ...own])) {
    const target = inHome(layout, path);
    await makeFolder(layout, dirname(target), options);
    await writeFile(target, text, { mode: 0o600 });
    await giveTo(options, target);
  }
}

function entriesOf(
  { tools }: ToolboxOptions,
  key: 'copies' | 'files',
): readonly (readonly [path: string, value: string])[] {
  return specsOf(tools).flatMap((spec) => Object.entries(spec[key] ?? {}));
}

function inHome({ home }: Layout, path: string): string {
  const target = resolve(home, path);
  if (target === home || relative(home, target).startsWith('..')) {
    throw new EnvironmentError(
      `A tool's file is outside the toolbox's home: ${path}. Give a path relative to it.`,
    );
  }
  return target;
}

async function copyFor(options: ToolboxOptions, source: string, target: string): Promise<void> {
  try {
    // Links as what they point to: where that is may be closed to the account.
    await cp(source, target, { recursive: true, dereference: true });
  } catch (cause) {
    throw new EnvironmentError(
      `What a tool copies into the toolbox's home cannot be read: ${source}. Its path is relative to the platform file.`,
      { cause },
    );
  }
  await giveTo(options, target);
  const below = await readdir(target, { recursive: true }).catch(notAFolder);
  await Promise.all(below.map((name) => giveTo(options, join(target, name))));
}

function notAFolder(error: NodeJS.ErrnoException): readonly string[] {
  if (error.code === 'ENOTDIR') return [];
  throw error;
}

async function giveTo({ account }: ToolboxOptions, path: string): Promise<void> {
  if (account !== null) await lchown(path, account.uid, account.gid);
}

function connectTo(hosts: ToolboxOptions['hosts']): string {
  return Object.entries(hosts)
    .map(([name, address]) => `connect-to = "${name}::${address}:"\n`)
    .join('');
}

async function makeFolder(layout: Layout, folder: string, { account }: ToolboxOptions): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account === null) return;
  for (let at = folder; at !== layout.home && at.startsWith(layout.home); at = dirname(at))
    await chown(at, account.uid, account.gid);
}
