import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { FaultSpec } from '../../src/definition/scenario.ts';
import type { Cluster, Kubernetes, Running, Workload } from '../../src/environments/environment.ts';
import { createKindEnvironment } from '../../src/environments/kind/index.ts';
import { podsOf, untilRolledOut } from '../../src/environments/kubernetes/rollout.ts';
import type { Fault, Injection } from '../../src/faults/fault.ts';
import type { FaultBed } from '../conformance/fault.ts';
import { platformOf, smallCluster } from './platforms.ts';

const image = 'node:24-trixie-slim';
const answerWithinMs = 1500;
const healthyWithinMs = 90_000;

/**
 * `/` answers, `/store` asks the store, `/dns` looks a name up that only the cluster has, `/config` tells what a ConfigMap said
 * when the pod was started.
 */
const server = `
const { lookup } = require('node:dns/promises');
const within = { signal: AbortSignal.timeout.bind(AbortSignal) };
const routes = {
  '/': async () => 'ok',
  '/store': async () => (await fetch('http://' + process.env.STORE_SERVICE_HOST + ':8080/', { signal: within.signal(1000) })).text(),
  '/dns': async () => (await lookup('store.default.svc.cluster.local')).address,
  '/config': async () => process.env.GREETING,
};
process.on('SIGTERM', () => process.exit(0));
require('node:http').createServer(async (asked, answer) => {
  try { answer.end(await routes[asked.url]()); }
  catch (error) { answer.statusCode = 500; answer.end(String(error)); }
}).listen(8080)`;

/** A replacement takes some seconds to be ready, so that an outage can be seen. */
const readyAfterSeconds = 4;

function deployment(name: string, nodePort?: number): readonly object[] {
  const labels = { app: name };
  const container = {
    name,
    image,
    command: ['node', '-e', server],
    env: [
      { name: 'GREETING', valueFrom: { configMapKeyRef: { name: 'greetings', key: 'first' } } },
      { name: 'PLAIN', value: 'as it was' },
    ],
    resources: { requests: { cpu: '300m' } },
    ports: [{ containerPort: 8080 }],
    readinessProbe: {
      httpGet: { path: '/', port: 8080 },
      periodSeconds: 1,
      initialDelaySeconds: readyAfterSeconds,
    },
  };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        strategy: { type: 'Recreate' },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 1, containers: [container] },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: {
        type: nodePort === undefined ? 'ClusterIP' : 'NodePort',
        selector: labels,
        ports: [{ port: 8080, ...(nodePort !== undefined && { nodePort }) }],
      },
    },
  ];
}

const platform = platformOf({
  'small-cluster': smallCluster([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'greetings' }, data: { first: 'hello' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { token: 'swordfish' } },
    ...deployment('store'),
    ...deployment('web', 30080),
  ]),
  store: { workload: 'deployment' },
  web: { workload: 'deployment', port: 8080, 'node-ports': { '8080': 30080 } },
});

const environment = createKindEnvironment();
let reportDir = '';
let running: Running | null = null;
const prepared: { readonly fault: Fault; readonly injection: Injection }[] = [];

/** One cluster for all tests of a file; each leaves it as it was. */
export function oneCluster(): void {
  beforeAll(async () => {
    reportDir = await mkdtemp(join(tmpdir(), 'drillbook-kind-faults-'));
    running = await environment.up(platform, {
      runId: `faults-${reportDir.slice(-6).toLowerCase()}`,
      reportDir,
      emit: async (event) => {
        if (event.type === 'environment') record = event.record;
      },
    });
  });
  afterEach(async () => {
    for (const { fault, injection } of prepared.splice(0).reverse())
      await fault.heal(theRunning(), injection);
    await untilHealthy();
  });
  afterAll(async () => {
    if (record !== null) expect(await environment.down(record)).toEqual([]);
    await rm(reportDir, { recursive: true });
  });
}

let record: Running['record'] | null = null;

function theRunning(): Running {
  if (running === null) throw new Error('the cluster is not up');
  return running;
}

export function kubernetesIn(): Kubernetes {
  const { kubernetes } = theRunning();
  if (kubernetes === undefined) throw new Error('the environment has no clusters');
  return kubernetes;
}

export function theCluster(): Cluster {
  return kubernetesIn().cluster('small-cluster');
}

/** The same fault; what it prepares is healed when the test is over. */
export function healedAfterwards<S extends FaultSpec>(fault: Fault<S>): Fault<S> {
  return {
    ...fault,
    async prepare(...args) {
      const injection = await fault.prepare(...args);
      prepared.push({ fault: fault as Fault, injection });
      return injection;
    },
  };
}

/** @param path what clients ask the web; they are served when it answers several times in a row */
export async function bedAsking(path: string): Promise<FaultBed> {
  return { environment, running: theRunning(), serves: () => serves(path) };
}

const looks = 4;

async function serves(path: string): Promise<boolean> {
  for (let look = 0; look < looks; look++) if ((await ask(path)) === null) return false;
  return true;
}

/** Null without a good answer in time. */
export async function ask(path: string): Promise<string | null> {
  const { host, port } = await theRunning().address('web');
  return fetch(`http://${host}:${port}${path}`, {
    signal: AbortSignal.timeout(answerWithinMs),
    headers: { connection: 'close' },
  }).then(
    (answer) => (answer.ok ? answer.text() : null),
    () => null,
  );
}

/** Whatever a test scaled down is there again. */
async function untilHealthy(): Promise<void> {
  for (const target of ['store', 'web']) {
    const workload = kubernetesIn().workload(target);
    await theCluster().change(workload, 'merge', { spec: { replicas: 1 } });
    await untilRolledOut(theCluster(), workload, healthyWithinMs);
  }
  const limit = performance.now() + healthyWithinMs;
  while (!(await serves('/dns')) && performance.now() < limit);
  expect(await serves('/dns')).toBe(true);
}

export async function scale(workload: Workload, replicas: number): Promise<void> {
  await theCluster().change(workload, 'merge', { spec: { replicas } });
  await expect
    .poll(async () => (await podsOf(theCluster(), workload)).length, { timeout: 30_000 })
    .toBe(replicas);
}
