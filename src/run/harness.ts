import { readFile } from 'node:fs/promises';
import { startOf } from '../environments/machine/proc.ts';
import type { PlanEvent } from '../timeline/events.ts';
import { describeMachine } from './clock.ts';

/** Who measured: enough to tell later which program, on what, and whether it still runs. */
export async function harness(): Promise<PlanEvent['harness']> {
  return {
    version: await version(),
    node: process.version,
    os: describeMachine(),
    pid: process.pid,
    pidStart: (await startOf(process.pid)) ?? '',
  };
}

/** The package's version; its package.json lies above both src/ and dist/. */
export async function version(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
