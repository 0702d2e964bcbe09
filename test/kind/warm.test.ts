import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKindEnvironment } from '../../src/environments/kind/index.ts';
import { recordedRun } from '../conformance/recorded-site.ts';
import { full } from '../full.ts';
import { whyNoKind } from './available.ts';
import { servicePlatform } from './platforms.ts';

const run = promisify(execFile);
const name = `t${process.pid}`;
const container = `drillbook-${name}-small-cluster-control-plane`;

async function docker(...argv: readonly string[]): Promise<string> {
  return (await run('docker', [...argv])).stdout.trim();
}

describe.runIf(whyNoKind === null && full)('clusters that are kept warm', () => {
  let reportDir: string;
  const site = (run: string) => ({ ...recordedRun(`${run}-${name}`, reportDir), reuse: name });

  beforeAll(async () => {
    reportDir = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
  });

  afterAll(async () => {
    await docker('rm', '-f', '-v', container).catch(() => undefined);
    await docker('network', 'rm', `drillbook-${name}-clusters`).catch(() => undefined);
    await rm(reportDir, { recursive: true, force: true });
  });

  it('serve one run after the other, each from a clean state', async () => {
    const first = site('first');
    const environment = createKindEnvironment();
    const running = await environment.up(servicePlatform(), first);
    const born = await docker('inspect', '-f', '{{.Created}}', container);
    const exec = (command: string) => running.exec(command, { session: 'drill', timeoutMs: 60_000 });
    // What a drill may leave: a namespace, a volume's claim, a role of the whole cluster, CoreDNS in no copy, a cordoned node.
    await exec('kubectl create namespace left && kubectl create configmap left --from-literal=a=b');
    await exec('kubectl create clusterrole left --verb=get --resource=pods && kubectl cordon --all');
    expect((await exec('kubectl get configmap left')).exitCode).toBe(0);
    const other = createKindEnvironment().up(servicePlatform(), site('second'));
    await expect(other).rejects.toThrow('in use by another run');
    expect(await environment.down(first.record())).toEqual([]);

    const third = site('third');
    const again = await environment.up(servicePlatform(), third);
    try {
      expect(await docker('inspect', '-f', '{{.Created}}', container)).toBe(born);
      const left = await again.exec('kubectl get namespace,configmap,clusterrole -A -o name | grep left', {
        session: 'drill',
        timeoutMs: 60_000,
      });
      expect(left.stdout).toBe('');
      const { host, port } = await again.address('front');
      expect((await fetch(`http://${host}:${port}/`)).ok).toBe(true);
    } finally {
      await environment.down(third.record());
    }
  });

  it('are made anew when they are not what they were', async () => {
    const born = await docker('inspect', '-f', '{{.Created}}', container);
    const kubectl = ['exec', container, 'kubectl', '--kubeconfig=/etc/kubernetes/admin.conf'];
    await docker(...kubectl, 'scale', 'deployment', 'coredns', '-n', 'kube-system', '--replicas=0');
    const fourth = site('fourth');
    const environment = createKindEnvironment();
    await environment.up(servicePlatform(), fourth);
    await environment.down(fourth.record());
    expect(fourth.events).toContainEqual({
      type: 'cluster.renewed',
      cluster: 'small-cluster',
      reasons: [expect.stringContaining('coredns')],
    });
    expect(await docker('inspect', '-f', '{{.Created}}', container)).not.toBe(born);
  });
});
