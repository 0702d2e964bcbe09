import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** A process of this machine, as its parents and states are listed. */
export interface ProcessStat {
  readonly pid: number;
  readonly ppid: number;
  /** When it started, as the kernel counts it: field 22 of /proc/PID/stat, or the text that `ps` prints. Never compared but for equality. */
  readonly pidStart: string;
  readonly state: 'running' | 'stopped';
}

export interface ProcessInfo extends ProcessStat {
  /** Its command line, or the title it has given itself. */
  readonly title: string;
}

const hasProc = existsSync('/proc/self/stat');

/** Every process that lives; zombies do not. */
export function listProcesses(): readonly ProcessStat[] {
  if (!hasProc) return listByPs(['-ax']);
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => readProcess(Number(entry)) ?? []);
}

/** One process, or null when there is none (any more). */
export function readProcess(pid: number): ProcessStat | null {
  if (!hasProc) return listByPs(['-p', String(pid)])[0] ?? null;
  const stat = readProc(pid, 'stat');
  return stat === null ? null : parseStat(pid, stat);
}

/** Its command line, or the title it has given itself; empty when it is gone. */
export function titleOf(pid: number): string {
  if (!hasProc) return listByPs(['-p', String(pid)])[0]?.title ?? '';
  return (readProc(pid, 'cmdline') ?? '').replaceAll('\0', ' ').trim();
}

/** When the process started, or null when there is none. With the pid it names a process for good: pids are used again. */
export function startOf(pid: number): string | null {
  return readProcess(pid)?.pidStart ?? null;
}

export function isAlive(pid: number, pidStart: string): boolean {
  return startOf(pid) === pidStart;
}

/** The variables that the process was started with, or null when they cannot be read. A process can overwrite them: PostgreSQL does. */
export function environmentOf(pid: number): readonly string[] | null {
  if (hasProc) return readProc(pid, 'environ')?.split('\0') ?? null;
  return runPs(['-E', '-ww', '-o', 'command=', '-p', String(pid)])?.split(' ') ?? null;
}

/** The working folder, or null when it cannot be read. */
export function workingFolderOf(pid: number): string | null {
  return readLink(pid, 'cwd');
}

/** Name of the program's file, or null when it cannot be read. */
export function programOf(pid: number): string | null {
  const path = readLink(pid, 'exe');
  return path === null ? null : basename(path).replace(/ \(deleted\)$/, '');
}

/** The command name is in parentheses and may itself hold any character, so fields count from the last one that closes. */
export function parseStat(pid: number, stat: string): ProcessStat | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ppid] = fields;
  const pidStart = fields[19];
  if (state === undefined || pidStart === undefined || state === 'Z' || state === 'X') return null;
  return { pid, ppid: Number(ppid), pidStart, state: state === 'T' || state === 't' ? 'stopped' : 'running' };
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null; // gone, or another user's
  }
}

function readLink(pid: number, link: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/${link}`);
  } catch {
    return null; // gone, another user's, or no /proc at all
  }
}

const psLine = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/;

/** macOS and others: `lstart` is fixed in width and language under LC_ALL=C. */
function listByPs(selection: readonly string[]): readonly ProcessInfo[] {
  const lines = runPs([...selection, '-ww', '-o', 'pid=,ppid=,state=,lstart=,command='])?.split('\n') ?? [];
  return lines.flatMap((line) => parsePsLine(line) ?? []);
}

export function parsePsLine(line: string): ProcessInfo | null {
  const [, pid, ppid, state = '', pidStart = '', title = ''] = psLine.exec(line) ?? [];
  if (pid === undefined || state.startsWith('Z')) return null;
  return {
    pid: Number(pid),
    ppid: Number(ppid),
    pidStart,
    state: state.startsWith('T') ? 'stopped' : 'running',
    title,
  };
}

function runPs(args: readonly string[]): string | null {
  try {
    return execFileSync('ps', args, {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return null; // ps answers 1 when no process matches
  }
}
