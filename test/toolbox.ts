import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { CommandResult } from '../src/environments/environment.ts';
import { openToolbox, type Toolbox, type ToolboxOptions } from '../src/environments/toolbox/toolbox.ts';

/** Any uid but those in use; the toolbox needs no name for it. */
export const testAccount = process.getuid?.() === 0 ? { uid: 61_234, gid: 61_234 } : null;
export const testUid = testAccount?.uid ?? process.getuid?.();

const client = '#!/bin/sh\necho "real $*"\n';
const standIn =
  "import { argv } from 'node:process';\nconst args: string[] = argv.slice(2);\nconsole.log('stand-in', ...args);\n";

export interface TestToolbox {
  readonly toolbox: Toolbox;
  readonly runDir: string;
  readonly runId: string;
  /** In a session of its own, if none is named. */
  exec(command: string, session?: string, timeoutMs?: number): Promise<CommandResult>;
  output(command: string, session?: string): Promise<string>;
  /** Whether the toolbox has namespaces. */
  readonly contained: boolean;
  /** Closes the toolbox and removes its folder. */
  remove(): Promise<void>;
}

export async function openTestToolbox(extra: Partial<ToolboxOptions> = {}): Promise<TestToolbox> {
  const runDir = await mkdtemp(join(tmpdir(), 'drillbook-toolbox-test-'));
  await chmod(runDir, 0o755);
  await writeFile(join(runDir, 'client'), client, { mode: 0o755 });
  await writeFile(join(runDir, 'stand-in.ts'), standIn);
  const runId = randomUUID();
  const toolbox = await openToolbox({ ...testOptions, runDir, runId, baseDir: runDir, ...extra }).catch(
    async (error) => {
      await rm(runDir, { recursive: true });
      throw error;
    },
  );
  const exec: TestToolbox['exec'] = (command, session = randomUUID(), timeoutMs = 30_000) =>
    toolbox.exec(command, { session, timeoutMs });
  return {
    toolbox,
    runDir,
    runId,
    exec,
    output: async (command, session) => (await exec(command, session)).stdout,
    contained: !toolbox.limits.some((limit) => limit.startsWith('namespaces')),
    async remove() {
      await toolbox.close();
      await rm(runDir, { recursive: true });
    },
  };
}

const testOptions: Omit<ToolboxOptions, 'runDir' | 'runId' | 'baseDir'> = {
  account: testAccount,
  hosts: { 'db-primary': '127.1.2.3', 'api.internal': '127.0.0.1' },
  tools: {
    curl: 'system',
    setsid: 'system',
    'no-such-client': { 'stand-in': 'stand-in.ts' },
    'never-there': 'system',
    'own-client': {
      own: 'client',
      env: { OWN_REGION: '@region@' },
      files: { '.own/config': 'region=@region@\n' },
    },
    systemctl: { replacement: 'client' },
    date: { arguments: ['+@region@'] },
  },
  fill: (text) => text.replaceAll('@region@', 'here'),
  secrets: ['correct-horse-battery'],
  env: { API: 'http://api.internal' },
};

/** The same tests for what this machine allows, and for a machine that refuses namespaces. */
export function describeToolboxes(what: string, define: (open: () => TestToolbox) => void): void {
  describe.each([
    { how: 'with what this machine allows', withoutNamespaces: false },
    { how: 'without namespaces', withoutNamespaces: true },
  ])(`${what}, $how`, ({ withoutNamespaces }) => {
    let current: TestToolbox;
    beforeAll(async () => {
      current = await openTestToolbox({ withoutNamespaces });
    });
    afterAll(() => current.remove());
    define(() => current);
  });
}

/** Pids of the processes that a run's toolbox started. */
export async function toolboxProcesses(runId: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')),
  );
  return pids.filter((_, i) => environments[i]?.includes(`DRILLBOOK_RUN_ID=${runId}`));
}
