import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { testAccount, toolboxProcesses } from '../../../test/toolbox.ts';
import { canRun, nodeFor } from './node.ts';
import { findProgram } from './programs.ts';

const module = new URL('./toolbox.ts', import.meta.url);

/** A drillbook of its own process: runs each command given, and says the results as JSON lines. */
const script = `
  const [module, runDir, runId, account, ...commands] = process.argv.slice(1);
  const { openToolbox } = await import(module);
  const options = { runDir, runId, baseDir: '.', account: JSON.parse(account), hosts: { db: '127.3.2.1' }, tools: {}, secrets: [], env: {} };
  const toolbox = await openToolbox({ ...options, fill: (text) => text });
  console.log(JSON.stringify({ limits: toolbox.limits }));
  for (const command of commands) console.log(JSON.stringify(await toolbox.exec(command, { session: 'a', timeoutMs: 60000 })));
  await toolbox.close();
`;

const started: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function harness(as: typeof testAccount, prefix: readonly string[], commands: readonly string[]) {
  const runDir = await mkdtemp(join(tmpdir(), 'drillbook-harness-test-'));
  folders.push(runDir);
  await chmod(runDir, prefix.length > 0 ? 0o777 : 0o755);
  const runId = randomUUID();
  const argv = [
    ...prefix,
    await nodeFor(testAccount),
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    script,
    module.href,
  ];
  const [program = '', ...args] = [...argv, runDir, runId, JSON.stringify(as), ...commands];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  return { child, runId, lines: createInterface({ input: child.stdout }) };
}

describe('a toolbox whose drillbook', () => {
  it('is killed takes every process along', async ({ skip }) => {
    const { child, runId, lines } = await harness(
      testAccount,
      [],
      ['echo up', '(trap "" TERM; nohup sleep 1000 &) ; sleep 1000'],
    );
    const [first] = await once(lines, 'line');
    if (JSON.parse(first).limits.join().includes('namespaces'))
      return skip('this machine refuses namespaces');
    await once(lines, 'line');
    while ((await toolboxProcesses(runId)).length < 4) await sleep(20);
    child.kill('SIGKILL');
    const deadline = performance.now() + 20_000;
    while ((await toolboxProcesses(runId)).length > 0 && performance.now() < deadline) await sleep(20);
    expect(await toolboxProcesses(runId)).toEqual([]);
  });

  it('is an ordinary user has the same shell', async ({ skip }) => {
    const setpriv = await findProgram('setpriv');
    if (testAccount === null || setpriv === null) return skip('only root can become somebody else');
    if (!(await readable())) return skip('the sources are in a folder closed to others');
    const prefix = [setpriv, '--reuid', '61234', '--regid', '61234', '--clear-groups', '--'];
    const { child, lines } = await harness(null, prefix, [
      'cd /; x=1',
      'echo "$x $PWD"; id -u; touch /tmp/a; echo "$?"',
      'exit 4',
      'sleep 100 & true',
    ]);
    const said: { exitCode?: number; stdout?: string }[] = [];
    lines.on('line', (line) => said.push(JSON.parse(line)));
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(said.slice(1)).toMatchObject([
      { exitCode: 0 },
      { stdout: '1 /\n61234\n0\n' },
      { exitCode: 4 },
      { exitCode: 0 },
    ]);
  });
});

/** Whether the account can read the sources: every folder above them is open to it. */
async function readable(): Promise<boolean> {
  return canRun(new URL('.', module).pathname.slice(0, -1), { uid: 61_234, gid: 61_234 });
}
