import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, startOf } from '../machine/proc.ts';
import { processFinder, runMarker, signalAtOnce, signalProcess } from './run-processes.ts';

let runDir: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  runDir = await mkdtemp(join(tmpdir(), 'drillbook-test-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(runDir, { recursive: true, force: true });
});

async function start(
  command: string,
  env: { readonly [name: string]: string },
  cwd = runDir,
): Promise<number> {
  const child = spawn('/bin/sh', ['-c', command], { cwd, env: { PATH: '/usr/bin:/bin', ...env } });
  children.push(child);
  await once(child, 'spawn');
  return Number(child.pid);
}

const mark = () => ({ runId: 'run-a', runDir });
const marked = (instance: string) => ({ [runMarker]: 'run-a', DRILLBOOK_INSTANCE: instance });
const pids = () =>
  processFinder(mark())
    .all()
    .map(({ pid }) => pid);

describe('processFinder', () => {
  it('finds marked processes and what they start, each with its instance', async () => {
    const pid = await start('env -i /bin/sleep 60 & wait', marked('web'));
    while (processFinder(mark()).all().length < 2) await new Promise(setImmediate);
    const found = processFinder(mark()).all();
    expect(found.map(({ instance }) => instance)).toEqual(['web', 'web']);
    expect(found.map((each) => each.pid)).toContain(pid);
    const [parent, child] = found.toSorted((a, b) => (a.pid === pid ? -1 : b.pid === pid ? 1 : 0));
    if (parent === undefined || child === undefined) throw new Error('two were found');
    expect(
      processFinder(mark())
        .childrenOf([parent])
        .map((each) => each.pid),
    ).toEqual([child.pid]);
    signalAtOnce(found, () => [], 'SIGKILL');
  });

  it('leaves alone other runs, and a person who looks around in the run folder', async () => {
    await mkdir(join(runDir, 'data', 'db-primary'), { recursive: true });
    await start('sleep 60', { [runMarker]: 'run-b' });
    await start('sleep 60', { [runMarker]: 'run-ab' });
    await start('sleep 60', {}, join(runDir, 'data', 'db-primary'));
    expect(pids()).toEqual([]);
  });

  it('finds one that was not there at the first look', async () => {
    const finder = processFinder(mark());
    expect(finder.all()).toEqual([]);
    const pid = await start('exec sleep 60', marked('web'));
    while (finder.all().length === 0) await new Promise(setImmediate);
    expect(finder.all().map((each) => each.pid)).toEqual([pid]);
  });
});

describe('signalProcess', () => {
  it('never signals a later process that has got the pid', async () => {
    const pid = await start('exec sleep 60', {});
    const state = { pid, instance: '', title: '', state: 'running' } as const;
    expect(signalProcess({ ...state, pidStart: 'earlier' }, 'SIGKILL')).toBe(false);
    const pidStart = String(startOf(pid));
    expect(isAlive(pid, pidStart)).toBe(true);
    expect(signalProcess({ ...state, pidStart }, 'SIGKILL')).toBe(true);
  });
});

describe('signalAtOnce', () => {
  it('lets a stopped group hear a signal that can be handled, and leaves it running', async () => {
    const pid = await start(`trap 'exit 3' TERM; while :; do sleep 0.05; done`, marked('web'));
    while (pids().length < 2) await new Promise(setImmediate);
    const ended = once(children[0] as ChildProcess, 'exit');
    const group = processFinder(mark())
      .all()
      .filter((each) => each.pid === pid);
    signalAtOnce(group, () => [], 'SIGTERM');
    expect(await ended).toEqual([3, null]);
  });
});
