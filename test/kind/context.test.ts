import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createContextEnvironment } from '../../src/environments/context/index.ts';
import type { Running } from '../../src/environments/environment.ts';
import { deleteObject } from '../../src/faults/delete-object.ts';
import type { Injection } from '../../src/faults/fault.ts';
import { hog } from '../../src/faults/hog.ts';
import { kill } from '../../src/faults/kill.ts';
import { patch } from '../../src/faults/patch.ts';
import { environmentConformance } from '../conformance/environment.ts';
import { faultConformance } from '../conformance/fault.ts';
import { type RecordedSite, recordedRun } from '../conformance/recorded-site.ts';
import { cli, startCli, withReports } from '../drill-process.ts';
import { full } from '../full.ts';
import { eventsOf, leftoversOf, recordOf } from '../leftovers.ts';
import { whyNoKind } from './available.ts';
import {
  context,
  type ExistingCluster,
  existingCluster,
  image,
  namespace,
  platformIn,
} from './existing-cluster.ts';
import { projectIn } from './existing-project.ts';
import { webObjects } from './platforms.ts';

const service = `require('node:http').createServer((asked, answer) => answer.end('ok')).listen(8080)`;
const reason = 'no configuration to start with';
const failing = `console.error(${JSON.stringify(reason)}); process.exit(3)`;
const options = { session: 'drill', timeoutMs: 60_000 };
const web = { workload: 'deployment', port: 8080 };

/** Beside the web one that never starts, and a configuration. */
function objects(): readonly object[] {
  const [broken] = JSON.parse(JSON.stringify(webObjects(failing)).replaceAll('"web"', '"broken"'));
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'greetings' },
    data: { first: 'hello' },
  };
  return [...webObjects(service), broken, config];
}

let cluster: ExistingCluster;

describe.runIf(whyNoKind === null)('an existing cluster', () => {
  let bystanders: string;

  /** What is not of the namespace, and how often it was changed: nothing of drillbook's is ever there. */
  const elsewhere = async () => {
    const kinds = 'secrets,configmaps,deployments,daemonsets,serviceaccounts,namespaces,nodes';
    const columns = 'K:.kind,NS:.metadata.namespace,N:.metadata.name,G:.metadata.generation,U:.metadata.uid';
    const all = await cluster.kubectl('get', kinds, '-A', '-o', `custom-columns=${columns}`);
    return all
      .split('\n')
      .filter((line) => !line.includes(` ${namespace} `))
      .join('\n');
  };

  beforeAll(async () => {
    cluster = await existingCluster('k-context', objects());
    await cluster.kubectl('rollout', 'status', 'deployment/web', '-n', namespace, '--timeout=180s');
    bystanders = await elsewhere();
  });

  afterAll(async () => {
    await cluster?.remove();
  });

  environmentConformance('context', {
    environment: () => createContextEnvironment(),
    // A platform is known only when the cluster is there.
    get platform() {
      return platformIn(cluster, { web });
    },
    role: 'front',
    component: 'web',
    broken: {
      get platform() {
        return platformIn(cluster, { web, broken: { workload: 'deployment', within: '10s' } });
      },
      expected: reason,
    },
    confirmed: [context],
    existing: true,
  });

  describe('that is drilled', () => {
    let reportDir: string;
    let site: RecordedSite;
    let running: Running;
    const environment = createContextEnvironment();

    beforeAll(async () => {
      reportDir = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
      site = { ...recordedRun(`context-${process.pid}`, reportDir), confirmed: [context] };
      running = await environment.up(platformIn(cluster, { web }), site);
    });

    afterAll(async () => {
      expect(await environment.down(site.record())).toEqual([]);
      await rm(reportDir, { recursive: true });
    });

    it('is the only one that the toolbox knows, with a kubeconfig for its account alone', async () => {
      const contexts = await running.exec('kubectl config get-contexts -o name', options);
      expect(contexts).toMatchObject({ exitCode: 0, stdout: `${context}\n` });
      expect((await running.exec('kubectl get deployment web -o name', options)).stdout).toBe(
        'deployment.apps/web\n',
      );
      const { runDir } = site.record();
      for (const file of ['toolbox/home/.kube/config', 'state/context.json'])
        expect((await stat(join(runDir, file))).mode & 0o777).toBe(0o600);
    });

    it('never shows its login', async () => {
      const { stdout } = await running.exec('kubectl config view --raw', options);
      expect(stdout).toContain('token: [redacted]');
      const layout = await readFile(join(site.record().runDir, 'state/layout.json'), 'utf8');
      for (const text of [stdout, layout, JSON.stringify(site.events)])
        expect(text).not.toContain(cluster.token);
    });

    it('is not left by commands of a runbook where its login may not', async () => {
      const asked = await running.exec('kubectl delete pods --all -n kube-system', options);
      expect(asked).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('orbidden') });
    });

    it('is not left by what has its API, whatever it asks', async () => {
      const api = running.kubernetes?.cluster('cluster');
      const coredns = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: 'kube-system',
        name: 'coredns',
      };
      await expect(api?.get(coredns)).rejects.toThrow(`keeps to the namespace ${namespace}`);
    });

    const serves = () =>
      fetch(`http://${cluster.address}/`, {
        signal: AbortSignal.timeout(1500),
        headers: { connection: 'close' },
      }).then(
        ({ ok }) => ok,
        () => false,
      );
    const bed = async () => {
      await running.start('web', 'normal');
      await expect.poll(serves, { timeout: 60_000 }).toBe(true);
      return { environment, running, serves };
    };

    describe.runIf(full)('by kill', () => {
      const breaks = { fault: 'kill', target: 'web', restart: 'held' } as const;
      const prepared: Injection[] = [];
      const healedAfterwards: typeof kill = {
        ...kill,
        async prepare(...args) {
          const injection = await kill.prepare(...args);
          prepared.push(injection);
          return injection;
        },
      };
      afterEach(async () => {
        for (const injection of prepared.splice(0)) await kill.heal(running, injection);
      });
      faultConformance(
        {
          fault: healedAfterwards,
          breaks,
          showsWithinMs: 10_000,
          nothing: async () => {
            await cluster.kubectl('scale', 'deployment/web', '-n', namespace, '--replicas=0');
            await expect
              .poll(() => running.signal({ target: 'web', scope: 'component' }, null), { timeout: 30_000 })
              .toEqual([]);
            return breaks;
          },
        },
        async () => {
          await cluster.kubectl('scale', 'deployment/web', '-n', namespace, '--replicas=1');
          return bed();
        },
      );
    });

    const made = (
      spec:
        | Parameters<typeof patch.prepare>[2]
        | Parameters<typeof hog.prepare>[2]
        | Parameters<typeof deleteObject.prepare>[2],
    ) => spec;

    it.runIf(full).each([
      [
        'patch',
        patch,
        made({
          fault: 'patch',
          target: 'web',
          patch: {
            spec: { template: { spec: { containers: [{ name: 'web', image: 'nowhere.invalid/web:1' }] } } },
          },
        }),
      ],
      [
        'delete-object',
        deleteObject,
        made({
          fault: 'delete-object',
          object: { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'greetings' },
        }),
      ],
      ['hog', hog, made({ fault: 'hog', namespace, memory: 16, image })],
    ] as const)(
      'by %s keeps what heals it in the namespace, and is healed from the record without the folder of the run',
      async (name, fault, spec) => {
        await bed();
        const data = () =>
          cluster.kubectl(
            'get',
            'configmap/greetings',
            'deployment/web',
            '-n',
            namespace,
            '-o',
            'jsonpath={.items[*].data}{.items[*].spec}',
          );
        const before = await data();
        const injection = await fault.prepare(running, `broken-${name}`, spec as never);
        await fault.inject(running, injection);
        expect(await fault.status(running, injection)).toBe('active');
        const kept = () =>
          cluster.kubectl(
            'get',
            'secrets',
            '-A',
            '-l',
            'drillbook/fault',
            '-o',
            'jsonpath={.items[*].metadata.namespace}',
          );
        expect(await kept()).toBe(namespace);

        const record = JSON.parse(JSON.stringify(site.record()));
        const lost = { ...record, runDir: `${record.runDir}-lost` };
        const other = createContextEnvironment();
        expect((await other.down(lost)).join('\n')).toContain(`of the fault broken-${name}, in ${context}`);
        await expect(
          other.up(platformIn(cluster, { web }), {
            ...recordedRun('other', reportDir),
            confirmed: [context],
          }),
        ).rejects.toThrow(`faults of another run are still in ${context}`);
        const attached = await other.attach(lost);
        await fault.heal(attached, JSON.parse(JSON.stringify(injection)));
        expect(await fault.status(attached, injection)).toBe('gone');
        expect(await kept()).toBe('');
        expect(await data()).toBe(before);
        expect(await other.down(lost)).toEqual([]);
        expect(existsSync(lost.runDir)).toBe(false);
      },
    );
  });

  it.runIf(full)(
    'is healed from the journal alone after kill -9 of the harness, also when the folder of the run is gone',
    async () => {
      await withReports(async (out) => {
        await using project = await projectIn(cluster);
        const args = ['run', 'web-gone', '--out', out, '--confirm-target', context];
        const { child, ended } = startCli(args, { cwd: project.folder });
        const journal = async () => {
          const [run] = await readdir(out);
          return join(out, run ?? 'none', 'journal.ndjson');
        };
        const types = async () =>
          (await eventsOf(await journal())).map((event) => ('type' in event ? event.type : ''));
        await expect.poll(types, { timeout: 120_000 }).toContain('fault.injected');
        child.kill('SIGKILL');
        await ended;
        const record = await recordOf(await journal());
        if (record === null) throw new Error('the run journaled no environment');
        await rm(record.runDir, { recursive: true });
        const replicas = () =>
          cluster.kubectl('get', 'deployment/web', '-n', namespace, '-o', 'jsonpath={.spec.replicas}');
        expect(await replicas()).toBe('0');

        const healed = await cli(['heal', '--out', out], { cwd: project.folder });
        expect(healed).toMatchObject({ exitCode: 0, stderr: '' });
        expect(await replicas()).toBe('1');
        expect(await leftoversOf(record)).toEqual([]);
        const again = await cli(['heal', '--out', out], { cwd: project.folder });
        expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing to heal') });
      });
    },
  );

  it.runIf(full)(
    'is drilled from the command line with the runbook of its own kubectl, and left as it was',
    async () => {
      await withReports(async (out) => {
        await using project = await projectIn(cluster);
        const args = ['run', 'web-gone', '--out', out, '--confirm-target', context, '--today', '2026-11-22'];
        const { exitCode, stdout, stderr } = await cli(args, { cwd: project.folder });
        expect({ exitCode, said: exitCode === 0 ? '' : `${stdout}${stderr}` }).toEqual({
          exitCode: 0,
          said: '',
        });
      });
    },
  );

  it('has nothing of drillbook in any other namespace', async () => {
    expect(await elsewhere()).toBe(bystanders);
    expect(
      await cluster.kubectl('get', 'secrets,deployments', '-A', '-l', 'drillbook/fault', '-o', 'name'),
    ).toBe('');
  });
});
