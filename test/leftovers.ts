import { access, readdir, readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { EnvironmentRecord } from '../src/environments/environment.ts';
import { decodeLine } from '../src/timeline/codec.ts';
import type { JournalEvent, MarkEvent } from '../src/timeline/events.ts';

/** Whole lines of a journal that may be torn, or not be there yet. */
export async function eventsOf(journal: string): Promise<readonly JournalEvent[]> {
  const text = await readFile(journal, 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1).map(decodeLine);
}

export async function recordOf(journal: string): Promise<EnvironmentRecord | null> {
  const marks = (await eventsOf(journal)) as readonly MarkEvent[];
  return marks.findLast((event) => event.type === 'environment')?.record ?? null;
}

/** Everything of a run that is still on this machine: processes, its folder, open ports. Linux: it reads /proc. */
export async function leftoversOf(record: EnvironmentRecord): Promise<readonly string[]> {
  const processes = await processesOf(record.runId);
  const folder = await access(record.runDir).then(
    () => [record.runDir],
    () => [],
  );
  const endpoints = String(record.details.endpoints ?? '')
    .split(' ')
    .filter((text) => text !== '');
  const open = await Promise.all(
    endpoints.map(async (endpoint) => ((await listens(endpoint)) ? [endpoint] : [])),
  );
  return [...processes, ...folder, ...open.flat()];
}

async function processesOf(runId: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(join('/proc', pid, 'environ'), 'utf8').catch(() => '');
      return environment.split('\0').includes(`DRILLBOOK_RUN_ID=${runId}`) ? [`process ${pid}`] : [];
    }),
  );
  return marked.flat();
}

function listens(endpoint: string): Promise<boolean> {
  const [host = '', port = ''] = endpoint.split(':');
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: Number(port) });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
