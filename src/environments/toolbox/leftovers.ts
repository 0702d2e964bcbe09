import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Rounds of killing: a process may fork between being seen and being killed. */
const rounds = 50;

/** Kills every process whose environment holds the marker (`NAME=value`), however it left its parents. */
export async function killMarked(marker: string): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    if ((await signalMarked(marker, 'SIGKILL')) === 0) return;
    await sleep(10);
  }
}

/** Signals the processes whose environment holds the marker; tells how many there were. */
export async function signalMarked(marker: string, signal: NodeJS.Signals): Promise<number> {
  const pids = process.platform === 'linux' ? await markedOnLinux(marker) : await markedElsewhere(marker);
  for (const pid of pids) send(pid, signal);
  return pids.length;
}

/** Signals a process that may be gone by now. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone, or never ours.
  }
}

async function markedOnLinux(marker: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const marked = await Promise.all(
    // Zombies have an empty environment, other users' processes an unreadable one.
    pids.map(async (pid) =>
      (await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).split('\0').includes(marker),
    ),
  );
  return pids.filter((_, i) => marked[i]).map(Number);
}

async function markedElsewhere(marker: string): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['axeww', '-o', 'pid=,command='], { maxBuffer: 2 ** 26 });
  return stdout
    .split('\n')
    .filter((line) => line.includes(` ${marker}`))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);
}
