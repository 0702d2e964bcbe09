import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../environment.ts';
import { openRoom } from './room.ts';
import type { Account, ToolboxOptions } from './toolbox.ts';
import { type FoundTool, findTools } from './tools.ts';
import { trialIn } from './trial.ts';

/** What keeps the tools from running here: those that are missing and have no stand-in. */
export async function checkTools(
  tools: ToolboxOptions['tools'],
  account: Account | null,
): Promise<readonly Problem[]> {
  const { tools: found } = await describeTools(tools, account);
  return found
    .filter((tool) => tool.state === 'missing')
    .map(({ name, why }) => ({
      what: `${name}, a tool of the platform: ${why}`,
      todo: `install ${name} for every user, or name a stand-in for it in the platform file`,
    }));
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
