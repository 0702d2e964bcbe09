import { rm, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type Dockerode from 'dockerode';
import type { ToolSpec } from '../../definition/tool.ts';
import { EnvironmentError } from '../environment.ts';
import { anyCalls, type FoundTool, mainOf, quote, readCalls } from '../toolbox/tools.ts';
import { type ArchivedFile, filesToCopy } from './archive.ts';
import { runInside } from './exec.ts';
import { sharedPaths } from './run-folder.ts';

/** Where the toolbox sees what it shares with drillbook, see `sharedPaths`. */
export const sharedFolder = '/run/drillbook';
export const controlPath = join(sharedFolder, 'control.sock');
const callsFolder = join(sharedFolder, 'calls');
/** Of every command: the file in which stand-ins leave their names when it calls them. */
export const callsVariable = 'DRILLBOOK_CALLS';

const programsFolder = '/usr/local/lib/drillbook-tools';
const launchersFolder = '/usr/local/bin';
const withinMs = 10_000;

type Tools = { readonly [name: string]: ToolSpec };
type OwnProgram = Extract<FoundTool, { readonly file: string }>;

/**
 * What the platform itself brings for tools (`own`, `replacement`, and `stand-in` where the image has no client), as files for a toolbox that runs.
 * @throws EnvironmentError for a program that cannot be read, or that needs a Node which the image does not have
 */
export async function ownPrograms(
  tools: Tools,
  baseDir: string,
  container: Dockerode.Container,
): Promise<readonly ArchivedFile[]> {
  const found = await Promise.all(
    Object.entries(tools).map(([name, spec]) => ownProgram(name, spec, baseDir, container)),
  );
  const files: ArchivedFile[] = [];
  for (const program of found) if (program !== null) files.push(...(await installed(program, container)));
  return files;
}

async function ownProgram(
  name: string,
  spec: ToolSpec,
  baseDir: string,
  container: Dockerode.Container,
): Promise<OwnProgram | null> {
  if (spec === 'system') return null;
  if (spec.own !== undefined)
    return { name, state: 'own', file: resolve(baseDir, spec.own), why: "the platform's own program" };
  if (spec.replacement !== undefined)
    return {
      name,
      state: 'stand-in',
      file: resolve(baseDir, spec.replacement),
      why: 'replaced by the platform',
    };
  const standIn = spec['stand-in'];
  const client = spec.program ?? name;
  if (standIn === undefined || (await hasProgram(container, client))) return null;
  return { name, state: 'stand-in', file: resolve(baseDir, standIn), why: `${client} is not in the image` };
}

/** What whoever asks for a platform's notes is to know of its tools before there is a toolbox. */
export function toolNotes(tools: Tools): readonly string[] {
  return Object.entries(tools).flatMap(([name, spec]) => {
    if (spec === 'system') return [];
    if (spec['not-here'] !== undefined)
      return [`${name}: ${spec['not-here']}; commands that need it are not run`];
    if (spec.replacement !== undefined)
      return [`${name}: a stand-in (replaced by the platform); its steps count as not proved`];
    if (spec['stand-in'] !== undefined)
      return [
        `${name}: a stand-in where the toolbox's image has no ${spec.program ?? name}; its steps then count as not proved`,
      ];
    return spec.own === undefined ? [] : [`${name}: the platform's own program`];
  });
}

async function hasProgram(container: Dockerode.Container, program: string): Promise<boolean> {
  const argv = ['sh', '-c', 'command -v "$1"', 'sh', program];
  return (await runInside(container, { argv, timeoutMs: withinMs }, [])).exitCode === 0;
}

async function installed(
  program: OwnProgram,
  container: Dockerode.Container,
): Promise<readonly ArchivedFile[]> {
  const { name, file } = program;
  const folder = join(programsFolder, name);
  const copied = await copiedProgram(program, folder);
  const isFolder = copied.length !== 1 || copied[0]?.path !== join(folder, basename(file));
  const names = copied.map(({ path }) => path.slice(folder.length + 1));
  const main = isFolder ? mainOf(name, names) : basename(file);
  if (!names.includes(main)) throw unreadable(program, `: it has no main.ts and no ${name}.ts`);
  const isScript = ['.ts', '.mts', '.js', '.mjs'].includes(extname(main));
  if (isScript && !(await hasProgram(container, 'node')))
    throw new EnvironmentError(
      `The tool ${name} is a program for Node, which the toolbox's image does not have: base it on node:24-trixie-slim, for example.`,
    );
  const call = isScript ? ['node', '--disable-warning=ExperimentalWarning'] : [];
  const lines = [
    '#!/bin/sh',
    ...(program.state === 'stand-in' ? [markCall(name)] : []),
    `exec ${[...call, join(folder, main)].map(quote).join(' ')} "$@"`,
  ];
  return [
    { path: join(folder, 'package.json'), content: '{"type":"module"}\n', mode: 0o644 },
    ...copied.map((each) => ({ ...each, mode: 0o755 })),
    { path: join(launchersFolder, name), content: `${lines.join('\n')}\n`, mode: 0o755 },
  ];
}

async function copiedProgram(program: OwnProgram, folder: string): Promise<readonly ArchivedFile[]> {
  const { file } = program;
  try {
    const isFolder = (await stat(file)).isDirectory();
    return await filesToCopy(file, isFolder ? folder : join(folder, basename(file)), 0);
  } catch (cause) {
    throw unreadable(program, '', cause);
  }
}

function unreadable({ name, file }: OwnProgram, why: string, cause?: unknown): EnvironmentError {
  return new EnvironmentError(
    `The program of tool ${name} cannot be read: ${file}${why}. Its path is relative to the platform file.`,
    { cause },
  );
}

/** Written at the time of the call, so that drillbook can read it whatever the command's umask is. */
function markCall(name: string): string {
  const any = join(callsFolder, anyCalls);
  return `(umask 022 && printf '%s\\n' ${quote(name)} >>"\${${callsVariable}:-${any}}")`;
}

/** Which stand-ins the commands of a session called. */
export interface Calls {
  /** For every command of a session. */
  variables(session: string): { readonly [name: string]: string };
  /** Since it was last asked. */
  taken(session: string): Promise<readonly string[]>;
}

/** Undefined for tools none of which has a stand-in. */
export function callsOf(tools: Tools, runDir: string): Calls | undefined {
  const standIns = Object.entries(tools).flatMap(([name, spec]) =>
    spec !== 'system' && (spec.replacement ?? spec['stand-in']) !== undefined
      ? [{ name, state: 'stand-in' as const, file: '', why: '' }]
      : [],
  );
  if (standIns.length === 0) return undefined;
  const { calls } = sharedPaths(runDir);
  return {
    variables: (session) => ({ [callsVariable]: join(callsFolder, session) }),
    taken: async (session) => {
      const files = [session, anyCalls].map((name) => join(calls, name));
      const names = await Promise.all(files.map((file) => takeCalls(file, standIns)));
      return [...new Set(names.flat())];
    },
  };
}

async function takeCalls(file: string, standIns: readonly FoundTool[]): Promise<readonly string[]> {
  const names = await readCalls(file, standIns);
  await rm(file, { force: true, recursive: true });
  return names;
}
