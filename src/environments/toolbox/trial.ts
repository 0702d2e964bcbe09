import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from './node.ts';
import { systemFolders } from './programs.ts';
import type { Account, Toolbox } from './toolbox.ts';
import type { Trial } from './tools.ts';

/** What programs answer with their version to; the last is for those that know none of the others. */
const questions = [['--version'], ['version', '--client'], ['version'], ['-V'], ['--help']];
/** Some clients take seconds to start when nothing of them is in the page cache. */
const patienceMs = 20_000;

/**
 * Tries programs out where commands will run. A native program runs if it starts at all; a script has to answer one of
 * the questions, as its interpreter may start and then not find the rest.
 */
export function trialIn(
  { argv, environment, cwd }: Pick<Toolbox, 'argv' | 'environment' | 'cwd'>,
  account: Account | null,
): Trial {
  const user = account?.uid ?? process.getuid?.();
  return async (program, path) => {
    const key = await trialKey([program, path, user, argv[0]]);
    if (key !== null && (await exists(key))) return true;
    const ran = await answers(program, path);
    if (ran && key !== null) await remember(key);
    return ran;
  };

  async function answers(program: string, path: 'toolbox' | 'system'): Promise<boolean> {
    const native = await isNative(program);
    const PATH = path === 'toolbox' ? environment.PATH : `${environment.PATH}:${systemFolders.join(':')}`;
    for (const question of questions) {
      const status = await exitStatus([...argv, program, ...question], {
        env: { ...environment, PATH },
        cwd,
      });
      if (status === 0) return true;
      if (status === null || status === 126 || status === 127) return false;
      if (native) return true;
    }
    return false;
  }
}

/** Clients written in Python take a second or two to answer: what has once run is not tried again until it changes. */
async function trialKey([program, ...where]: readonly [string, ...unknown[]]): Promise<string | null> {
  try {
    const { mtimeMs, size } = await stat(program);
    const parts = JSON.stringify([program, mtimeMs, size, ...where]);
    return join(cacheFolder(), 'trials', createHash('sha256').update(parts).digest('hex'));
  } catch {
    return null;
  }
}

async function remember(key: string): Promise<void> {
  // A cache that cannot be written costs time, nothing else.
  await mkdir(dirname(key), { recursive: true })
    .then(() => writeFile(key, ''))
    .catch(() => {});
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function exitStatus(
  [program = '', ...args]: readonly string[],
  where: { env: NodeJS.ProcessEnv; cwd: string },
): Promise<number | null> {
  const child = spawn(program, args, { ...where, stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  return new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('exit', (code) => resolve(code));
  }).finally(() => clearTimeout(timer));
}

/** ELF or Mach-O by its first bytes. */
async function isNative(program: string): Promise<boolean> {
  try {
    await using file = await open(program);
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return ['7f454c46', 'cffaedfe', 'cefaedfe', 'cafebabe'].includes(buffer.toString('hex'));
  } catch {
    return false;
  }
}
