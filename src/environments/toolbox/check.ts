import { access, chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Problem } from '../environment.ts';
import { openRoom } from './room.ts';
import type { Account, ToolboxOptions } from './toolbox.ts';
import { type FoundTool, findTools } from './tools.ts';
import { trialIn } from './trial.ts';

/**
 * Programs of the platform's own, stand-ins and what tools copy, that are not where the platform file says: nothing else about tools keeps
 * a platform from running.
 * @param baseDir where relative paths of tools start from
 */
export async function missingPrograms(
  tools: ToolboxOptions['tools'],
  baseDir: string,
): Promise<readonly Problem[]> {
  const named = Object.entries(tools).flatMap(([name, spec]) =>
    spec === 'system'
      ? []
      : [spec.own, spec.replacement, spec['stand-in'], ...Object.values(spec.copies ?? {})].flatMap((file) =>
          file === undefined ? [] : [{ name, file: resolve(baseDir, file) }],
        ),
  );
  const missing = await Promise.all(named.map(({ file }) => isMissing(file)));
  return named
    .filter((_, index) => missing[index])
    .map(({ name, file }) => ({
      what: `${name}: there is no file or folder ${file}`,
      todo: 'correct its path in the platform file',
    }));
}

/**
 * What each tool of a platform is here, and what is not contained. A command whose program is missing is not run, which its
 * runbook's finding says.
 */
export async function toolNotes(
  tools: ToolboxOptions['tools'],
  account: Account | null,
  baseDir: string,
): Promise<readonly Problem[]> {
  const { tools: found, limits } = await describeTools(tools, account, baseDir);
  const notes = [...found.map(wordsOf), ...limits];
  return notes.map((what) => ({ what, todo: '', note: true }));
}

function wordsOf(tool: FoundTool): string {
  const { name } = tool;
  switch (tool.state) {
    case 'real':
      return `${name}: the machine's own client, ${tool.program}`;
    case 'missing':
      return `${name}: ${tool.why}; commands that need it are not run (install it for every user, or name a stand-in in the platform file)`;
    case 'own':
      return `${name}: ${tool.why}`;
    case 'stand-in':
      return `${name}: a stand-in (${tool.why}); its steps count as not proved`;
  }
}

function isMissing(file: string): Promise<boolean> {
  return access(file).then(
    () => false,
    () => true,
  );
}

export interface ToolboxDescription {
  readonly tools: readonly FoundTool[];
  readonly limits: readonly string[];
}

/**
 * What a toolbox would be on this machine, found out in one of its own that is gone afterwards.
 * @param baseDir where relative paths of tools start from
 */
export async function describeTools(
  tools: ToolboxOptions['tools'],
  account: Account | null,
  baseDir = '.',
): Promise<ToolboxDescription> {
  const runDir = await mkdtemp(join(tmpdir(), 'drillbook-check-'));
  try {
    await chmod(runDir, 0o755);
    const options = {
      runDir,
      runId: 'check',
      baseDir,
      account,
      hosts: {},
      tools: trialTools(tools),
      secrets: [],
      env: {},
    };
    const room = await openRoom({ ...options, fill: (text) => text });
    try {
      return {
        tools: await findTools(tools, baseDir, trialIn(room, account)),
        limits: room.containment.limits,
      };
    } finally {
      await room.containment.close();
    }
  } finally {
    await rm(runDir, { recursive: true, force: true });
  }
}

/** Without their settings, which name a platform that is not there. */
function trialTools(tools: ToolboxOptions['tools']): ToolboxOptions['tools'] {
  const bare = Object.entries(tools).map(([name, spec]) => {
    if (spec === 'system') return [name, spec] as const;
    const { env: _env, files: _files, copies: _copies, ...rest } = spec;
    return [name, rest] as const;
  });
  return Object.fromEntries(bare);
}
