import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Platform } from '../../src/definition/platform.ts';
import { createContainersEnvironment } from '../../src/environments/containers/index.ts';
import type { Containers, Running } from '../../src/environments/environment.ts';
import type { FaultBed } from '../conformance/fault.ts';

const image = 'node:24-trixie-slim';
const answerWithinMs = 1500;

/**
 * One server for all faults of containers. `/` answers as long as it runs, `/write` needs a free megabyte in /data, `/work`
 * computes for a while, `/clock` tells the time, `/text` what `/etc/served` had when the server last read it (SIGHUP).
 */
const server = `
const { readFileSync, writeFileSync, rmSync } = require('node:fs');
let served = '';
const read = () => { try { served = readFileSync('/etc/served', 'utf8'); } catch {} };
read();
process.on('SIGHUP', read);
process.on('SIGTERM', () => process.exit(0));
const routes = {
  '/': () => 'ok',
  '/write': () => { writeFileSync('/data/one', Buffer.alloc(1 << 20)); rmSync('/data/one'); return 'written'; },
  '/work': () => { const end = process.cpuUsage().user + 40_000; while (process.cpuUsage().user < end); return 'done'; },
  '/clock': () => String(Date.now()),
  '/text': () => served,
};
require('node:http').createServer((asked, answer) => {
  try { answer.end(routes[asked.url]()); }
  catch (error) { rmSync('/data/one', { force: true }); answer.statusCode = 507; answer.end(String(error)); }
}).listen(7200)`;

export const web = {
  container: { image },
  command: ['node', '-e', server],
  port: 7200,
  ready: { http: '/', within: 60_000 },
  memory: 256,
  tmpfs: { '/data': 16 },
  files: { '/etc/served': 'good\n' },
};
/** Asks from inside the platform's network. */
export const client = { container: { image }, command: ['sleep', '1000'] };
/** Its proxy leads to its own API: what a toxic does shows without anybody else. */
export const toxics = {
  container: { image: 'ghcr.io/shopify/toxiproxy:2.12.0' },
  command: ['-host=0.0.0.0', '-config=/toxiproxy.json'],
  files: {
    '/toxiproxy.json': JSON.stringify([
      { name: 'self', listen: '0.0.0.0:7300', upstream: '127.0.0.1:8474', enabled: true },
    ]),
  },
  port: 7300,
  ports: [8474],
  ready: { http: '/version', within: 60_000 },
};
export const timed = {
  container: { build: 'images/clock' },
  command: web.command,
  port: 7200,
  ready: { http: '/', within: 60_000 },
  env: { FAKETIME_FILE: '/tmp/faketime' },
};

const ended: (() => Promise<unknown>)[] = [];
/** Takes down what a test brought up; proves that nothing of it is left. */
export async function endAll(): Promise<void> {
  for (const end of ended.splice(0).reverse()) await end();
}

export async function up(components: Platform['components']): Promise<Omit<FaultBed, 'serves'>> {
  const environment = createContainersEnvironment();
  const reportDir = await mkdtemp(join(tmpdir(), 'drillbook-fault-bed-'));
  const platform: Platform = {
    platform: 'bed',
    environment: 'containers',
    baseDir: import.meta.dirname,
    components,
  };
  const site = {
    runId: `faults-${reportDir.slice(-6).toLowerCase()}`,
    reportDir,
    emit: async () => undefined,
  };
  const running = await environment.up(platform, site);
  ended.push(async () => {
    expect(await environment.down(running.record)).toEqual([]);
    await rm(reportDir, { recursive: true });
  });
  return { environment, running };
}

/** Asks a component as drillbook's probes do, past the platform's network; null without an answer in time. */
export async function ask(running: Running, component: string, path: string): Promise<string | null> {
  const { host, port } = await running.address(component);
  const asked = fetch(`http://${host}:${port}${path}`, { signal: AbortSignal.timeout(answerWithinMs) });
  return asked.then(
    (answer) => (answer.ok ? answer.text() : null),
    () => null,
  );
}

export async function bed(
  components: Platform['components'],
  serves: (running: Running) => Promise<boolean>,
): Promise<FaultBed> {
  const { environment, running } = await up(components);
  return { environment, running, serves: () => serves(running) };
}

export function containersIn({ containers }: Running): Containers {
  if (containers === undefined) throw new Error('the environment has no containers');
  return containers;
}

/** Runs a shell command inside an instance; what it wrote. @throws with its errors when it fails */
export async function inside(running: Running, instance: string, command: string): Promise<string> {
  const result = await containersIn(running).run(instance, 'inside', {
    argv: ['sh', '-c', command],
    timeoutMs: 10_000,
  });
  if (result.exitCode !== 0) throw new Error(`${command}: ${result.exitCode}: ${result.stderr}`);
  return result.stdout;
}

/** Whether the web answers somebody in the platform's network. */
export async function servesClient(running: Running): Promise<boolean> {
  const { address } = await containersIn(running).state('web');
  const fetched = `fetch('http://${address}:7200/', { signal: AbortSignal.timeout(${answerWithinMs}) })`;
  const text = `${fetched}.then(() => process.exit(0), () => process.exit(1))`;
  return inside(running, 'client', `node -e "${text}"`).then(
    () => true,
    () => false,
  );
}

/** The container's main process ends and begins anew, as after a crash. */
export async function restart(running: Running, instance: string): Promise<void> {
  await running.signal({ target: instance, scope: 'component' }, 'SIGKILL');
  await running.start(instance, 'normal');
}
