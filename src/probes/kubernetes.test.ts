import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { ProbeSpec } from '../definition/observing.ts';
import type { Workload } from '../environments/environment.ts';
import { createProbe } from './index.ts';
import type { Observation } from './probe.ts';

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

const workload: Workload = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'ops', name: 'api' },
  ...{ cluster: 'main', component: 'api', instance: 'api' },
};

function deployment(available: number, updated: number): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', generation: 2 },
    spec: { replicas: 3, selector: { matchLabels: { app: 'api' } } },
    status: {
      observedGeneration: 2,
      replicas: 3,
      updatedReplicas: updated,
      readyReplicas: available,
      availableReplicas: available,
    },
  };
}

const waitingFor = (reason: string, restartCount: number) => ({
  status: { containerStatuses: [{ restartCount, state: { waiting: { reason } } }] },
});

/** What a probe sees of a server that answers these paths, as an API server would. */
async function seen(
  paths: { readonly [path: string]: unknown },
  spec: Extract<ProbeSpec, { kind: 'kubernetes' }>,
): Promise<Observation> {
  const server = createServer((asked, answer) => {
    const body = paths[asked.url ?? ''];
    answer.writeHead(body === undefined ? 503 : 200).end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const access = { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const kubernetes = { access, workload: spec.workload === undefined ? null : workload };
  const probe = createProbe({ name: 'p', spec, address: null, hosts: {}, kubernetes });
  ended.push(() => void probe.close());
  return probe.observe(0, AbortSignal.timeout(5000));
}

const at = '/apis/apps/v1/namespaces/ops/deployments/api';
const podsAt = '/api/v1/namespaces/ops/pods?labelSelector=app%3Dapi';

it('is ok when all pods that are wanted are up to date and available', async () => {
  const spec = { kind: 'kubernetes', workload: 'api', of: 'ready' } as const;
  expect(await seen({ [at]: deployment(3, 3) }, spec)).toEqual({ ok: true, value: 3 });
  expect(await seen({ [at]: deployment(2, 3) }, { ...spec, of: 'unavailable' })).toEqual({
    ok: false,
    value: 1,
    detail: '2 of 3 pods are available',
  });
});

it('is not ok while a rollout hangs that still serves', async () => {
  const spec = { kind: 'kubernetes', workload: 'api', of: 'ready' } as const;
  expect(await seen({ [at]: deployment(3, 1) }, spec)).toMatchObject({ ok: false, value: 3 });
});

it('counts restarts, and containers that wait for a reason', async () => {
  const paths = {
    [at]: deployment(3, 3),
    [podsAt]: {
      items: [
        waitingFor('ErrImagePull', 1),
        waitingFor('CrashLoopBackOff', 4),
        waitingFor('ContainerCreating', 0),
      ],
    },
  };
  const spec = { kind: 'kubernetes', workload: 'api', of: 'waiting' } as const;
  expect(await seen(paths, spec)).toMatchObject({ value: 2 });
  expect(await seen(paths, { ...spec, waiting: 'ImagePullBackOff' })).toMatchObject({ value: 1 });
  expect(await seen(paths, { ...spec, of: 'restarts' })).toMatchObject({ value: 5 });
});

it('counts the nodes that are ready and the pods that are pending', async () => {
  const node = (status: string) => ({ status: { conditions: [{ type: 'Ready', status }] } });
  const paths = {
    '/api/v1/nodes': { items: [node('True'), node('Unknown')] },
    '/api/v1/pods?fieldSelector=status.phase%3DPending': { items: [] },
  };
  const spec = { kind: 'kubernetes', of: 'nodes-ready' } as const;
  expect(await seen(paths, spec)).toEqual({ ok: false, value: 1, detail: '1 of 2 nodes are not ready' });
  expect(await seen(paths, { ...spec, of: 'pods-pending' })).toEqual({ ok: true, value: 0 });
});

it('says in short why it saw nothing', async () => {
  expect(await seen({}, { kind: 'kubernetes', of: 'nodes-ready' })).toEqual({
    ok: false,
    detail: 'HTTP 503',
  });
  const nobody = { access: { server: 'http://127.0.0.1:1' }, workload: null };
  const spec = { kind: 'kubernetes', of: 'nodes-ready' } as const;
  const probe = createProbe({ name: 'p', spec, address: null, hosts: {}, kubernetes: nobody });
  expect(await probe.observe(0, AbortSignal.timeout(5000))).toEqual({ ok: false, detail: 'ECONNREFUSED' });
});

it('is not built without a cluster, nor of a workload that nobody named', () => {
  const build = (more: object) => () =>
    createProbe({
      ...{ name: 'p', address: null, hosts: {} },
      spec: { kind: 'kubernetes', of: 'ready' },
      ...more,
    });
  expect(build({})).toThrow('this environment gave it none');
  expect(build({ kubernetes: { access: { server: 'http://a' }, workload: null } })).toThrow(
    '"of: ready" is of a workload: name one',
  );
});
