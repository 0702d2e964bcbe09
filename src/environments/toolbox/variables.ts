import { chown, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { ToolSpec } from '../../definition/platform.ts';
import { EnvironmentError } from '../environment.ts';
import type { Layout } from './layout.ts';
import type { ToolboxOptions } from './toolbox.ts';

/** Name of the variable that every process of one toolbox carries, and of no other. */
export const markerName = 'DRILLBOOK_TOOLBOX';

/**
 * The environment of every command, made from nothing: the operator's own is not in it.
 * Clients look for their logins where these point, and find none but the platform's.
 */
export function toolboxVariables(
  options: ToolboxOptions,
  layout: Layout,
  marker: string,
): { readonly [name: string]: string } {
  const home = (name: string): string => join(layout.home, name);
  return {
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    KUBECONFIG: home('.kube/config'),
    AWS_CONFIG_FILE: home('.aws/config'),
    AWS_SHARED_CREDENTIALS_FILE: home('.aws/credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    CLOUDSDK_CONFIG: home('.config/gcloud'),
    ...toolVariables(options),
    ...options.env,
    PATH: layout.bin,
    HOME: layout.home,
    TMPDIR: layout.tmp,
    DRILLBOOK_RUN_ID: options.runId,
    [markerName]: marker,
  };
}

function toolVariables({ tools, fill }: ToolboxOptions): { readonly [name: string]: string } {
  const pairs = specs(tools).flatMap((spec) => Object.entries(spec.env ?? {}));
  return Object.fromEntries(pairs.map(([name, value]) => [name, fill(value)]));
}

/**
 * The tools' configuration files, and for curl the platform's names where nothing else resolves them.
 * @throws EnvironmentError for a path that leaves the home
 */
export async function writeHome(
  options: ToolboxOptions,
  layout: Layout,
  privateHosts: boolean,
): Promise<void> {
  const curl = privateHosts ? [] : [['.curlrc', connectTo(options.hosts)] as const];
  const own = specs(options.tools).flatMap((spec) => Object.entries(spec.files ?? {}));
  const files = new Map([...curl, ...own.map(([path, text]) => [path, options.fill(text)] as const)]);
  for (const folder of ['.kube', '.aws', '.config/gcloud'])
    await makeFolder(layout, join(layout.home, folder), options);
  for (const [path, text] of files) {
    const target = resolve(layout.home, path);
    if (relative(layout.home, target).startsWith('..')) {
      throw new EnvironmentError(
        `A tool's file is outside the toolbox's home: ${path}. Give a path relative to it.`,
      );
    }
    await makeFolder(layout, dirname(target), options);
    await writeFile(target, text, { mode: 0o600 });
    if (options.account !== null) await chown(target, options.account.uid, options.account.gid);
  }
}

function specs(tools: ToolboxOptions['tools']): readonly Exclude<ToolSpec, string>[] {
  return Object.values(tools).filter((spec) => spec !== 'system');
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
