import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  environmentOf,
  isAlive,
  listProcesses,
  parsePsLine,
  parseStat,
  readProcess,
  startOf,
} from './proc.ts';

describe('processes of this machine', () => {
  it('names a process by its pid and start time', () => {
    const own = startOf(process.pid);
    expect(own).toMatch(/\S/);
    expect(isAlive(process.pid, String(own))).toBe(true);
    expect(isAlive(process.pid, 'another time')).toBe(false);
    expect(listProcesses().find(({ pid }) => pid === process.pid)?.ppid).toBe(process.ppid);
  });

  it('sees what a child was started with, that it is stopped, and that it is gone', async () => {
    const child = spawn('sleep', ['60'], { env: { PATH: process.env.PATH, MARK: 'seen' } });
    await once(child, 'spawn');
    const pid = Number(child.pid);
    expect(environmentOf(pid)).toContain('MARK=seen');
    expect(readProcess(pid)?.state).toBe('running');
    const gone = once(child, 'exit');
    process.kill(pid, 'SIGSTOP');
    while (readProcess(pid)?.state !== 'stopped') await new Promise(setImmediate);
    process.kill(pid, 'SIGKILL');
    await gone;
    expect(readProcess(pid)).toBe(null);
  });
});

describe('parseStat', () => {
  const fields = (state: string) => `${state} 7 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 0 0`;

  it('is not misled by a command name with spaces and parentheses', () => {
    expect(parseStat(9, `9 (a) R (b) ${fields('S')}`)).toEqual({
      pid: 9,
      ppid: 7,
      pidStart: '4711',
      state: 'running',
    });
  });

  it('takes a stopped one for stopped and a zombie for none', () => {
    expect(parseStat(9, `9 (a) ${fields('T')}`)?.state).toBe('stopped');
    expect(parseStat(9, `9 (a) ${fields('Z')}`)).toBe(null);
    expect(parseStat(9, '9 (a)')).toBe(null);
  });
});

describe('parsePsLine', () => {
  it('reads what ps prints elsewhere', () => {
    const line = '  812   1 T    Sat Nov 22 07:11:11 2025 /usr/bin/postgres -D /x';
    const pidStart = 'Sat Nov 22 07:11:11 2025';
    expect(parsePsLine(line)).toEqual({
      pid: 812,
      ppid: 1,
      pidStart,
      state: 'stopped',
      title: '/usr/bin/postgres -D /x',
    });
    expect(parsePsLine(line.replace(' T ', ' Z '))).toBe(null);
    expect(parsePsLine('')).toBe(null);
  });
});
