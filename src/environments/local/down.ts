import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvironmentRecord } from '../environment.ts';
import { exists } from '../facts.ts';
import { ownerOf, whyNotFree } from '../machine/ports.ts';
import { secretsOf } from '../secrets.ts';
import { copyLogs } from './logs.ts';
import { releaseSharedMemory } from './postgresql/shared-memory.ts';
import { readRunFolder, runPaths, runState } from './run-folder.ts';
import {
  type ProcessFinder,
  processFinder,
  type RunProcess,
  signalAtOnce,
  signalProcess,
} from './run-processes.ts';
import { secretsInUse } from './substitution.ts';

const graceMs = 1000;
const goneWithinMs = 5000;
const pollMs = 10;

/**
 * Ends every process of a run and removes its folder, from the record and what is in that folder alone. Idempotent.
 * Returns in words what is left: processes, the folder, ports that are still listened on.
 */
export async function takeDown(record: EnvironmentRecord): Promise<readonly string[]> {
  const { runDir } = record;
  await runState(runDir).close();
  const left = await endProcesses(record);
  await keepLogs(record);
  await releaseSharedMemoryOf(runDir);
  const folder = await removeFolder(runDir);
  return [...left, ...folder, ...(await portsLeft(record))];
}

/** Ends every process of a run. Returns those that are left, in words. */
export async function endProcesses(record: EnvironmentRecord): Promise<readonly string[]> {
  const finder = processFinder(record);
  await askToEnd(finder);
  await killAll(finder);
  return processesLeft(finder);
}

/** Databases are ended by SIGQUIT, which has them give back their shared memory at once; a stopped process must go on to hear it. */
async function askToEnd(finder: ProcessFinder): Promise<void> {
  const processes = finder.all();
  const parents = new Set(processes.map(({ pid }) => pid));
  for (const each of processes) {
    const isMain = !parents.has(each.ppid);
    if (isMain) signalProcess(each, each.title.includes('/postgres ') ? 'SIGQUIT' : 'SIGTERM');
    signalProcess(each, 'SIGCONT');
  }
  await untilNone(finder, graceMs);
}

async function killAll(finder: ProcessFinder): Promise<void> {
  const freshOf = (group: readonly RunProcess[]) =>
    finder.all().filter(({ pid }) => !group.some((each) => each.pid === pid));
  signalAtOnce(finder.all(), freshOf, 'SIGKILL');
  await untilNone(finder, goneWithinMs);
}

async function untilNone(finder: ProcessFinder, withinMs: number): Promise<void> {
  const limit = performance.now() + withinMs;
  while (finder.all().length > 0 && performance.now() < limit) await sleep(pollMs);
}

/** Best effort: a full disk must not keep a platform from being taken down, and the journal has the failure that matters. */
async function keepLogs({ runDir, details }: EnvironmentRecord): Promise<void> {
  const known = await readRunFolder(runDir);
  if (known === null) return;
  const secrets = secretsInUse({ layout: known.layout, secrets: secretsOf(known.seed) });
  await copyLogs(runPaths(runDir).logs, join(String(details.reportDir), 'logs'), secrets).catch(
    () => undefined,
  );
}

async function releaseSharedMemoryOf(runDir: string): Promise<void> {
  const data = runPaths(runDir).data('.');
  for (const name of await readdir(data).catch(() => [])) await releaseSharedMemory(join(data, name));
}

/** `maxRetries`: a process that died this moment may have made one more file. */
async function removeFolder(runDir: string): Promise<readonly string[]> {
  try {
    await rm(runDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    return [];
  } catch (error) {
    return (await exists(runDir)) ? [`the folder ${runDir}: ${(error as Error).message}`] : [];
  }
}

function processesLeft(finder: ProcessFinder): readonly string[] {
  return finder.all().map(({ pid, title }) => `process ${pid} (${title.slice(0, 80)})`);
}

async function portsLeft({ details }: EnvironmentRecord): Promise<readonly string[]> {
  const endpoints = String(details.endpoints ?? '')
    .split(' ')
    .filter((each) => each !== '');
  const left = await Promise.all(endpoints.map(portLeft));
  return left.filter((each) => each !== null);
}

/**
 * `127.77.1.10:5432`. A process that dies gives up its memory, by which it is found, a moment before its ports: they are
 * waited for. A port that somebody took on all addresses since is none of this run's.
 */
async function portLeft(endpoint: string): Promise<string | null> {
  const [host = '', port = ''] = endpoint.split(':');
  const limit = performance.now() + goneWithinMs;
  while ((await whyNotFree(host, Number(port))) === 'EADDRINUSE') {
    if (performance.now() > limit) return portWords(endpoint, host, Number(port));
    await sleep(pollMs);
  }
  return null;
}

function portWords(endpoint: string, host: string, port: number): string {
  const owner = ownerOf(host, port);
  return `port ${endpoint}${owner === null ? '' : `, listened on by ${owner.title.slice(0, 80)} (pid ${owner.pid})`}`;
}
