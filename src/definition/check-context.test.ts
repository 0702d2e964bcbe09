import { describe, expect, it } from 'vitest';
import { errorsOf, plansOf, type Texts } from '../../test/definition/example.ts';

const platform = `platform: staging
environment: context
allow-targets: [staging-eu]
components:
  cluster:
    kubernetes:
      context: staging-eu
      namespace: shop
      server: https://10.0.0.1:6443
  web:
    workload: deployment
    address: 10.0.0.2:80
  worker: { workload: deployment }
probes:
  web-up: { kind: http, role: web, path: / }
  web-ready: { kind: kubernetes, workload: web, of: ready }
`;

const scenario = `scenario: pods-gone
title: The pods are gone
faults:
  broken: { fault: delete-pods, target: web }
symptoms:
  - { when: { probe: web-up, is: failing } }
`;

const drill = `drill: pods-gone
title: Wait for the pods
scenario: pods-gone
platform: staging
recovered: { probes: [web-up], hold: 2s }
stages:
  - inject: broken
  - until: recovered
    within: 30s
objectives:
  rto: { from: broken, until: recovered, target: 1m }
`;

function texts(changes: { platform?: [string, string]; fault?: string } = {}): Texts {
  const [from, to] = changes.platform ?? ['', ''];
  expect(platform).toContain(from);
  return {
    'platforms/staging.yaml': platform.replace(from, () => to),
    'scenarios/pods-gone.yaml': scenario.replace(
      'fault: delete-pods, target: web',
      changes.fault ?? 'fault: delete-pods, target: web',
    ),
    'drills/pods-gone.yaml': drill,
  };
}

describe('a platform in an existing cluster', () => {
  it('is planned with what a run would touch, and where the platform file says so', async () => {
    const [plan] = await plansOf(texts(), {}, 'pods-gone');
    expect(plan?.targets).toEqual([
      {
        component: 'cluster',
        context: 'staging-eu',
        namespace: 'shop',
        server: 'https://10.0.0.1:6443',
        allowed: true,
        at: {
          context: 'platforms/staging.yaml:7',
          allow: 'platforms/staging.yaml:3',
          server: 'platforms/staging.yaml:9',
        },
      },
    ]);
  });

  it('is allowed by the exact name only', async () => {
    const almost = texts({ platform: ['[staging-eu]', '[staging, staging-eu-2, Staging-EU]'] });
    const [plan] = await plansOf(almost, {}, 'pods-gone');
    expect(plan?.targets?.map(({ allowed }) => allowed)).toEqual([false]);
  });

  it.each([
    [
      'a made cluster',
      [
        '      context: staging-eu\n      namespace: shop\n      server: https://10.0.0.1:6443',
        '      config: kind.yaml',
      ],
      'platforms/staging.yaml:5:3: cluster: a cluster on "environment: context" needs "context" in "kubernetes"',
    ],
    ['no namespace', ['      namespace: shop\n', ''], 'namespace'],
    [
      'another namespace',
      ['worker: { workload: deployment }', 'worker: { workload: deployment, namespace: kube-system }'],
      'platforms/staging.yaml:13:46: worker is in the namespace "kube-system", and this platform keeps to "shop": leave it out',
    ],
    [
      'a container',
      ['worker: { workload: deployment }', 'worker: { container: { image: x } }'],
      'platforms/staging.yaml:13:3: worker: on "environment: context" nothing is made',
    ],
    [
      'a second cluster',
      ['worker: { workload: deployment }', 'other: { kubernetes: { context: prod, namespace: shop } }'],
      'platforms/staging.yaml:13:3: on "environment: context" a platform has one cluster, and other is another',
    ],
    [
      'manifests',
      ['      namespace: shop', '      namespace: shop\n      manifests: [all.yaml]'],
      'manifests',
    ],
    [
      'what only a made workload has',
      ['worker: { workload: deployment }', 'worker: { workload: deployment, node-ports: { "80": 30080 } }'],
      'platforms/staging.yaml:13:35: "node-ports" is not for "environment: context": expected "address"',
    ],
    [
      'no address that a probe needs',
      ['    address: 10.0.0.2:80\n', ''],
      'platforms/staging.yaml:14:31: web-up asks web, which has no "address"',
    ],
  ] as const)('cannot have %s', async (_what, [from, to], expected) => {
    const errors = await errorsOf(texts({ platform: [from, to] }), 'pods-gone');
    expect(errors.join('\n')).toContain(expected);
  });

  it('has an address nowhere else', async () => {
    const made = texts({ platform: ['environment: context', 'environment: kind'] });
    expect((await errorsOf(made, 'pods-gone')).join('\n')).toContain(
      'platforms/staging.yaml:12:5: "address" is for "environment: context"',
    );
  });
});

describe('a fault in an existing cluster', () => {
  it.each([
    'fault: delete-pods, target: web, count: 1',
    'fault: kill, target: web, restart: held',
    'fault: patch, target: web, patch: { spec: { paused: true } }',
    'fault: hog, namespace: shop, memory: 16',
    'fault: request, target: web, path: /faults/a',
    'fault: delete-object, object: { apiVersion: v1, kind: ConfigMap, namespace: shop, name: web }',
  ])('can be: %s', async (fault) => {
    expect(await errorsOf(texts({ fault }), 'pods-gone')).toEqual([]);
  });

  it.each([
    [
      'fault: kill, target: web, restart: allowed',
      '4:48: the fault "kill" cannot be done like this in an existing cluster, which the platform staging is in: without access to the nodes a kill is a scale to 0',
    ],
    ['fault: kill, target: web, restart: held, signal: SIGTERM', 'the API sends no signals'],
    ['fault: pause, target: web', 'it needs more than the API of the cluster'],
    ['fault: cluster-dns, how: gone', 'CoreDNS is outside of the namespace'],
    ['fault: api-server-unreachable', 'needs nodes that are containers'],
    ['fault: cut-off, target: web, from: [worker]', 'needs nodes that are containers'],
    ['fault: fill-disk, target: web, path: /tmp', 'needs containers'],
    ['fault: request, target: worker, path: /faults/a', 'worker has no "address"'],
    [
      'fault: hog, memory: 16',
      'it means the namespace "default", and the platform keeps to "shop": expected "namespace: shop"',
    ],
    [
      'fault: hog, namespace: shop, memory: 16, priority: system-cluster-critical',
      'outside of the namespace',
    ],
    [
      'fault: delete-object, object: { apiVersion: v1, kind: Secret, namespace: kube-system, name: x }',
      'it means the namespace "kube-system"',
    ],
    [
      'fault: delete-object, object: { apiVersion: v1, kind: PersistentVolumeClaim, namespace: shop, name: x }',
      'would be lost for good',
    ],
    [
      'fault: patch, target: web, patch: { spec: { paused: true } }, way-back: none',
      'nothing would put it back',
    ],
  ])('cannot be: %s', async (fault, expected) => {
    const errors = await errorsOf(texts({ fault }), 'pods-gone');
    expect(errors.join('\n')).toContain(expected);
    expect(errors.join('\n')).toContain('scenarios/pods-gone.yaml:4:');
  });
});
