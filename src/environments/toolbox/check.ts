import { access, chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../environment.ts';
import { openRoom } from './room.ts';
import type { Account, ToolboxOptions } from './toolbox.ts';
import { type FoundTool, findTools } from './tools.ts';
import { trialIn } from './trial.ts';

/**
 * What each tool of a platform is here, and what is not contained, as notes: a command whose program is missing is not run,
 * which its runbook's finding says. Only a program of the platform's own that is not where it should be is an obstacle.
 * @param baseDir where relative paths of tools start from
 */
export async function checkTools(
  tools: ToolboxOptions['tools'],
  account: Account | null,
  baseDir: string,
): Promise<readonly Problem[]> {
  const { tools: found, limits } = await describeTools(tools, account, baseDir);
  const problems = await Promise.all(found.map(problemOf));
  return [...problems, ...limits.map((what) => ({ what, todo: '', note: true }) as const)];
}

async function problemOf(tool: FoundTool): Promise<Problem> {
  const { name } = tool;
  switch (tool.state) {
    case 'real':
      return { what: `${name}: the machine's own client, ${tool.program}`, todo: '', note: true };
    case 'missing':
      return {
        what: `${name}: ${tool.why}; commands that need it are not run`,
        todo: `install ${name} for every user, or name a stand-in for it in the platform file`,
        note: true,
      };
    default: {
      if (await isMissing(tool.file)) {
        return {
          what: `${name}: there is no file ${tool.file}`,
          todo: 'correct its path in the platform file',
        };
      }
      const what =
        tool.state === 'own' ? tool.why : `a stand-in (${tool.why}); its steps count as not proved`;
      return { what: `${name}: ${what}`, todo: '', note: true };
    }
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
    const { env: _env, files: _files, ...rest } = spec;
    return [name, rest] as const;
  });
  return Object.fromEntries(bare);
}
