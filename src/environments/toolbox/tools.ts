import {
  access,
  chmod,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import type { ToolSpec } from '../../definition/tool.ts';
import { EnvironmentError } from '../environment.ts';
import type { Layout } from './layout.ts';
import { findPrograms, systemFolders } from './programs.ts';
import { stripTypes } from './stripped.ts';

/** What a tool of the platform is on this machine. */
export type FoundTool = { readonly name: string } & (
  | { readonly state: 'real'; readonly program: string; readonly path: 'toolbox' | 'system' }
  /** `own`: the platform's own program, the real one. */
  | { readonly state: 'own' | 'stand-in'; readonly file: string; readonly why: string }
  | { readonly state: 'missing'; readonly why: string }
);

type Tools = { readonly [name: string]: ToolSpec };
/** Whether a program runs inside the toolbox, as its account. */
export type Trial = (program: string, path: 'toolbox' | 'system') => Promise<boolean>;

const toolName = /^[A-Za-z0-9][\w.+-]*$/;

/** Real paths that tools may run from. */
export async function candidates(tools: Tools): Promise<readonly string[]> {
  const found = await Promise.all(Object.entries(tools).map(([name, spec]) => realPrograms(name, spec)));
  return found.flat();
}

/**
 * @param baseDir where the platform's relative paths start from
 * @param runs tries a real client out: being on the operator's PATH does not mean that the account can run it
 */
export async function findTools(tools: Tools, baseDir: string, runs: Trial): Promise<readonly FoundTool[]> {
  return Promise.all(Object.entries(tools).map(([name, spec]) => findTool({ name, spec }, baseDir, runs)));
}

async function findTool(
  { name, spec }: { name: string; spec: ToolSpec },
  baseDir: string,
  runs: Trial,
): Promise<FoundTool> {
  if (!toolName.test(name))
    throw new EnvironmentError(`"${name}" cannot be a tool's name: letters, digits and . _ + - only.`);
  if (spec !== 'system' && spec['not-here'] !== undefined)
    return { name, state: 'missing', why: spec['not-here'] };
  if (spec !== 'system' && spec.own !== undefined)
    return { name, state: 'own', file: resolve(baseDir, spec.own), why: "the platform's own program" };
  if (spec !== 'system' && spec.replacement !== undefined) {
    return {
      name,
      state: 'stand-in',
      file: resolve(baseDir, spec.replacement),
      why: 'replaced by the platform',
    };
  }
  const programs = await realPrograms(name, spec);
  for (const program of programs) {
    for (const path of ['toolbox', 'system'] as const)
      if (await runs(program, path)) return { name, state: 'real', program, path };
  }
  const why =
    programs.length === 0
      ? `${clientOf(name, spec)} is not installed here`
      : `${programs[0]} does not run as the toolbox's user`;
  const standIn = spec === 'system' ? undefined : spec['stand-in'];
  return standIn === undefined
    ? { name, state: 'missing', why }
    : { name, state: 'stand-in', file: resolve(baseDir, standIn), why };
}

async function realPrograms(name: string, spec: ToolSpec): Promise<readonly string[]> {
  if (spec !== 'system' && (spec['not-here'] ?? spec.own ?? spec.replacement) !== undefined) return [];
  return findPrograms(clientOf(name, spec));
}

function clientOf(name: string, spec: ToolSpec): string {
  return (spec === 'system' ? undefined : spec.program) ?? name;
}

/** What installing takes beside the tool itself. */
export interface Workbench {
  readonly layout: Layout;
  readonly bash: string;
  readonly node: string;
  /** Added at the end of every call of a real client. */
  readonly arguments: readonly string[];
}

/** Puts a tool on the toolbox's PATH. */
export async function installTool(tool: FoundTool, bench: Workbench): Promise<void> {
  if (tool.state === 'missing') return;
  const path = join(bench.layout.bin, tool.name);
  const added = tool.state === 'real' ? bench.arguments : [];
  if (tool.state === 'real' && tool.path === 'toolbox' && added.length === 0)
    return symlink(tool.program, path);
  const call = tool.state === 'real' ? [tool.program] : await ownProgram(tool, bench);
  const lines = [`#!${bench.bash}`];
  if (tool.state === 'stand-in') lines.push(...markCall(tool.name, bench.layout));
  if (tool.state === 'real' && tool.path === 'system')
    lines.push(`export PATH="$PATH":${quote(systemFolders.join(':'))}`);
  lines.push(`exec ${call.map(quote).join(' ')} "$@" ${added.map(quote).join(' ')}`);
  await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o755 });
  await chmod(path, 0o755);
}

/** What runs of a tool that is a folder, unless that has a program of the tool's own name. */
const mainFile = 'main.ts';

/** A copy that the account can read, and how to call it. */
async function ownProgram(
  { name, file }: { readonly name: string; readonly file: string },
  { layout, node }: Workbench,
): Promise<readonly string[]> {
  const folder = join(layout.tools, name);
  await mkdir(folder, { recursive: true });
  // Before the program: a folder that has one of its own keeps it.
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  const main = await copyProgram(name, file, folder);
  if (!['.ts', '.mts', '.js', '.mjs'].includes(extname(main))) return [main];
  return [node, '--disable-warning=ExperimentalWarning', ...(await stripTypes(folder)), main];
}

/** @returns the program's path in the folder */
async function copyProgram(name: string, file: string, folder: string): Promise<string> {
  try {
    const isFolder = (await stat(file)).isDirectory();
    await cp(file, isFolder ? folder : join(folder, basename(file)), { recursive: true, dereference: true });
    const files = await readdir(folder);
    const main = join(folder, isFolder ? mainOf(name, files) : basename(file));
    await access(main);
    for (const path of await readdir(folder, { recursive: true })) await chmod(join(folder, path), 0o755);
    return main;
  } catch (cause) {
    const inside =
      (cause as NodeJS.ErrnoException).syscall === 'access'
        ? `: it has no ${mainFile} and no ${name}.ts`
        : '';
    throw new EnvironmentError(
      `The program of tool ${name} cannot be read: ${file}${inside}. Its path is relative to the platform file.`,
      { cause },
    );
  }
}

/** A folder may hold the programs of several tools, which share the rest of it. */
export function mainOf(name: string, files: readonly string[]): string {
  return files.includes(`${name}.ts`) ? `${name}.ts` : mainFile;
}

/** Written at the time of the call: only then is it known which programs a command calls. */
function markCall(name: string, layout: Layout): readonly string[] {
  return [
    `any=${quote(join(layout.calls, anyCalls))}`,
    `printf '%s\\n' ${quote(name)} >>"\${DRILLBOOK_CALLS:-$any}"`,
  ];
}

/** One word for a shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** In `calls/`: marks of stand-ins that were called without the environment that tells which command it is. */
export const anyCalls = 'any';
/** More than every tool calling itself a thousand times leaves. */
const callsLimit = 2 ** 20;

/** Names that stand-ins left in a file. Commands can write there too: whatever is no plain file of names is left out. */
export async function readCalls(file: string, tools: readonly FoundTool[]): Promise<readonly string[]> {
  const about = await lstat(file).catch(() => null);
  if (!about?.isFile() || about.size > callsLimit) return [];
  const written = new Set((await readFile(file, 'utf8')).split('\n'));
  return tools.filter((tool) => tool.state === 'stand-in' && written.has(tool.name)).map((tool) => tool.name);
}
