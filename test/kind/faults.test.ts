import { describe, expect, it } from 'vitest';
import { podsOf } from '../../src/environments/kubernetes/rollout.ts';
import { apiServerUnreachable } from '../../src/faults/api-server-unreachable.ts';
import { clusterDns } from '../../src/faults/cluster-dns.ts';
import { cutOff } from '../../src/faults/cut-off.ts';
import { deleteObject } from '../../src/faults/delete-object.ts';
import { deletePods } from '../../src/faults/delete-pods.ts';
import { hog } from '../../src/faults/hog.ts';
import { patch } from '../../src/faults/patch.ts';
import { faultConformance } from '../conformance/fault.ts';
import { full } from '../full.ts';
import { whyNoKind } from './available.ts';
import {
  ask,
  bedAsking,
  healedAfterwards,
  kubernetesIn,
  oneCluster,
  scale,
  theCluster,
} from './fault-bed.ts';

/** Until kube-proxy has heard of it. */
const showsWithinMs = 10_000;

describe.runIf(whyNoKind === null)('faults of Kubernetes', () => {
  oneCluster();
  const web = () => kubernetesIn().workload('web');

  describe('delete-pods', () => {
    const spec = { fault: 'delete-pods', target: 'web', grace: 0 } as const;
    faultConformance(
      {
        fault: healedAfterwards(deletePods),
        showsWithinMs,
        breaks: spec,
        nothing: async () => {
          await scale(web(), 0);
          return spec;
        },
      },
      () => bedAsking('/'),
    );

    it.runIf(full)('deletes as many as it is told to, and never their replacements', async () => {
      await scale(web(), 3);
      const { running } = await bedAsking('/');
      const injection = await healedAfterwards(deletePods).prepare(running, 'some', { ...spec, count: 2 });
      const before = (await podsOf(theCluster(), web())).map(({ metadata }) => metadata.uid);
      await deletePods.inject(running, injection);
      await deletePods.heal(running, injection);
      const after = (await podsOf(theCluster(), web())).map(({ metadata }) => metadata.uid);
      expect(before.filter((uid) => after.includes(uid))).toHaveLength(1);
      await deletePods.inject(running, injection);
      expect((await podsOf(theCluster(), web())).map(({ metadata }) => metadata.uid)).toEqual(after);
    });
  });

  describe('patch', () => {
    const service = { apiVersion: 'v1', kind: 'Service', name: 'web' };
    const away = {
      fault: 'patch',
      object: service,
      patch: { spec: { selector: { app: 'nobody' } } },
    } as const;
    faultConformance(
      {
        fault: healedAfterwards(patch),
        showsWithinMs,
        breaks: away,
        nothing: async () => ({ ...away, patch: { spec: { selector: { app: 'web' } } } }),
      },
      () => bedAsking('/'),
    );

    const badImage = {
      fault: 'patch',
      target: 'web',
      patch: {
        spec: {
          template: {
            spec: {
              containers: [{ name: 'web', image: 'web:broken', resources: { requests: { cpu: '0.3' } } }],
            },
          },
        },
      },
    } as const;
    const writable = (): Parameters<typeof patch.prepare>[2] => badImage;

    it('breaks a deployment by its image, and puts the whole container back', async () => {
      const { running, serves } = await bedAsking('/');
      const injection = await healedAfterwards(patch).prepare(running, 'bad-image', writable());
      await patch.inject(running, injection);
      await expect.poll(serves, { timeout: 20_000 }).toBe(false);
      expect(await patch.status(running, injection)).toBe('active');
      await patch.heal(running, injection);
      await expect.poll(serves, { timeout: 40_000 }).toBe(true);
      expect(JSON.stringify((await theCluster().get(web()))?.spec)).toContain('as it was');
    });

    it('leaves alone what the recovery has put there since', async () => {
      const { running } = await bedAsking('/');
      const injection = await healedAfterwards(patch).prepare(running, 'bad-image', writable());
      await patch.inject(running, injection);
      const good = { name: 'web', image: 'node:24-trixie-slim', env: [{ name: 'PLAIN', value: 'mended' }] };
      await theCluster().change(web(), 'strategic', { spec: { template: { spec: { containers: [good] } } } });
      expect(await patch.status(running, injection)).toBe('superseded');
      await patch.heal(running, injection);
      expect(JSON.stringify((await theCluster().get(web()))?.spec)).toContain('mended');
      const asItWas = { name: 'web', env: [{ name: 'PLAIN', value: 'as it was' }] };
      await theCluster().change(web(), 'strategic', {
        spec: { template: { spec: { containers: [asItWas] } } },
      });
    });

    it('makes a changed configuration count by a restart, both ways', async () => {
      const { running } = await bedAsking('/');
      const injection = await healedAfterwards(patch).prepare(running, 'bad-config', {
        fault: 'patch',
        object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'greetings' },
        patch: { data: { first: 'goodbye', second: 'new' } },
        restart: 'web',
      });
      await patch.inject(running, injection);
      await expect.poll(() => ask('/config'), { timeout: 40_000 }).toBe('goodbye');
      await patch.heal(running, injection);
      await expect.poll(() => ask('/config'), { timeout: 40_000 }).toBe('hello');
      const config = await theCluster().get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'greetings' });
      expect(config?.data).toEqual({ first: 'hello' });
    });
  });

  describe('delete-object', () => {
    const spec = {
      fault: 'delete-object',
      object: { apiVersion: 'v1', kind: 'Service', name: 'web' },
    } as const;
    faultConformance(
      {
        fault: healedAfterwards(deleteObject),
        showsWithinMs,
        breaks: spec,
        nothing: async () => ({ ...spec, object: { ...spec.object, name: 'nowhere' } }),
      },
      () => bedAsking('/'),
    );

    const keys = { apiVersion: 'v1', kind: 'Secret', name: 'keys' };

    it('puts a secret back that no record has, and leaves one that somebody made', async () => {
      const { running } = await bedAsking('/');
      const spec = { fault: 'delete-object', object: keys } as const;
      const injection = await healedAfterwards(deleteObject).prepare(running, 'no-keys', spec);
      const token = Buffer.from('swordfish').toString('base64');
      await deleteObject.inject(running, injection);
      expect(JSON.stringify(injection)).not.toMatch(new RegExp(`swordfish|${token}`));
      expect(await theCluster().get(keys)).toBeNull();
      await deleteObject.heal(running, injection);
      expect((await theCluster().get(keys))?.data).toEqual({ token });

      const again = await healedAfterwards(deleteObject).prepare(running, 'no-keys', spec);
      await deleteObject.inject(running, again);
      await theCluster().create({ ...keys, metadata: { name: 'keys' }, stringData: { token: 'new' } });
      expect(await deleteObject.status(running, again)).toBe('superseded');
      await deleteObject.heal(running, again);
      expect((await theCluster().get(keys))?.data).toEqual({ token: Buffer.from('new').toString('base64') });
      await theCluster().change(keys, 'merge', { stringData: { token: 'swordfish' } });
    });
  });

  describe.runIf(full)('hog', () => {
    /** Reserves what the web had, with more right to it. */
    const spec = async () => ({
      fault: 'hog' as const,
      requests: { cpus: await freeCpus() },
      priority: 'system-cluster-critical',
    });
    const cases = { fault: healedAfterwards(hog) };
    type HogSpec = Parameters<typeof hog.prepare>[2];
    faultConformance<HogSpec>(
      {
        fault: {
          ...hog,
          prepare: async (running, id, { node }) =>
            cases.fault.prepare(running, id, { ...(await spec()), ...(node !== undefined && { node }) }),
        },
        breaks: { fault: 'hog', priority: 'system-cluster-critical' },
        nothing: async () => ({ fault: 'hog', node: 'nowhere' }),
      },
      () => bedAsking('/'),
    );

    it('is killed by the kernel inside its limits, and superseded when somebody deletes it', async () => {
      const { running } = await bedAsking('/');
      const injection = await cases.fault.prepare(running, 'leak', {
        fault: 'hog',
        memory: 200,
        limits: { memory: 100 },
        node: 'small-cluster-control-plane',
      });
      await hog.inject(running, injection);
      const labels = 'drillbook/fault';
      const restarts = async () => {
        const [pod] = await theCluster().list({
          apiVersion: 'v1',
          kind: 'Pod',
          namespace: 'default',
          labels,
        });
        const { containerStatuses: [first] = [] } = (pod?.status ?? {}) as {
          containerStatuses?: { restartCount: number; lastState: { terminated?: { reason: string } } }[];
        };
        return first?.lastState.terminated?.reason;
      };
      await expect.poll(restarts, { timeout: 40_000 }).toBe('OOMKilled');
      expect(await hog.status(running, injection)).toBe('active');
      await theCluster().remove({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'leak' });
      expect(await hog.status(running, injection)).toBe('superseded');
    });
  });

  describe('api-server-unreachable', () => {
    const spec = { fault: 'api-server-unreachable' } as const;
    faultConformance(
      {
        fault: healedAfterwards(apiServerUnreachable),
        breaks: spec,
        nothing: async () => ({ ...spec, cluster: 'nowhere' }),
      },
      async () => ({
        ...(await bedAsking('/')),
        serves: () =>
          theCluster()
            .get({ apiVersion: 'v1', kind: 'Service', name: 'web' })
            .then(
              () => true,
              () => false,
            ),
      }),
    );

    it('leaves what runs in the cluster alone', async () => {
      const { running, serves } = await bedAsking('/store');
      const injection = await healedAfterwards(apiServerUnreachable).prepare(running, 'deaf', spec);
      await apiServerUnreachable.inject(running, injection);
      expect(await serves()).toBe(true);
    });
  });

  describe.runIf(full).each(['gone', 'nxdomain'] as const)('cluster-dns, %s', (how) => {
    const spec = { fault: 'cluster-dns', how } as const;
    faultConformance(
      {
        fault: healedAfterwards(clusterDns),
        breaks: spec,
        nothing: async () => ({ ...spec, cluster: 'nowhere' }),
      },
      () => bedAsking('/dns'),
    );
  });

  describe('cut-off', () => {
    faultConformance(
      {
        fault: healedAfterwards(cutOff),
        breaks: { fault: 'cut-off', target: 'web', from: ['store'] },
        nothing: async () => ({ fault: 'cut-off', target: 'web', from: ['web'] }),
      },
      () => bedAsking('/store'),
    );

    it('leaves other clients of both alone, and does not cut off a pod that is made later', async () => {
      const { running, serves } = await bedAsking('/store');
      const injection = await healedAfterwards(cutOff).prepare(running, 'cut', {
        fault: 'cut-off',
        target: 'web',
        from: ['store'],
        direction: 'out',
      });
      await cutOff.inject(running, injection);
      expect(await ask('/')).toBe('ok');
      expect(await serves()).toBe(false);
      await scale(web(), 0);
      await scale(web(), 1);
      await expect.poll(serves, { timeout: 30_000 }).toBe(true);
      expect(await cutOff.status(running, injection)).toBe('active');
    });
  });
});

/** Processors that a pod must reserve to need the web's place: all that the node has left, and a little of the web's. */
async function freeCpus(): Promise<number> {
  const [node] = await theCluster().list({ apiVersion: 'v1', kind: 'Node' });
  const pods = await theCluster().list({ apiVersion: 'v1', kind: 'Pod' });
  const { allocatable } = (node?.status ?? {}) as { allocatable?: { cpu: string } };
  const requested = pods
    .flatMap(
      ({ spec }) => (spec as { containers: { resources?: { requests?: { cpu?: string } } }[] }).containers,
    )
    .map(({ resources }) => cpusOf(resources?.requests?.cpu ?? '0'));
  const free = cpusOf(allocatable?.cpu ?? '0') - requested.reduce((sum, each) => sum + each, 0);
  // Both the web's and the store's place, so that the web's is one of them whichever is taken first.
  return Math.round((free + 0.45) * 100) / 100;
}

function cpusOf(quantity: string): number {
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}
