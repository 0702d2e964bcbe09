import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../src/environments/environment.ts';
import { createKindEnvironment } from '../../src/environments/kind/index.ts';
import { type RecordedSite, recordedRun } from '../conformance/recorded-site.ts';
import { whyNoKind } from './available.ts';
import { servicePlatform } from './platforms.ts';

const run = promisify(execFile);
const options = { session: 'drill', timeoutMs: 60_000 };
const foreign = `foreign-${process.pid}`;
const node = 'small-cluster-control-plane';

describe.runIf(whyNoKind === null)('a platform in a cluster', () => {
  const environment = createKindEnvironment();
  let reportDir: string;
  let site: RecordedSite;
  let running: Running;

  beforeAll(async () => {
    reportDir = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
    // A container that looks like a node of a cluster of somebody else.
    await run('docker', [
      ...['run', '-d', '--name', foreign, '--label', `io.x-k8s.kind.cluster=${foreign}`],
      ...['--entrypoint', 'sleep', 'debian:trixie-slim', '600'],
    ]);
    site = recordedRun(`running-${process.pid}`, reportDir);
    running = await environment.up(servicePlatform(), site);
  });

  afterAll(async () => {
    await environment.down(site.record()).catch(() => undefined);
    await run('docker', ['rm', '-f', foreign]);
    await rm(reportDir, { recursive: true, force: true });
  });

  it('gives the toolbox a kubeconfig of its clusters only, under the names of the platform file', async () => {
    const contexts = await running.exec('kubectl config get-contexts -o name', options);
    expect(contexts).toMatchObject({ exitCode: 0, stdout: 'small-cluster\n' });
    expect((await running.exec('kubectl get deployment web -o name', options)).stdout).toBe(
      'deployment.apps/web\n',
    );
  });

  it('resolves no name of the world there, and reaches nobody', async () => {
    const asked = await running.exec('exec 3<>/dev/tcp/1.1.1.1/443; echo "$?"', {
      ...options,
      timeoutMs: 5000,
    });
    expect(asked.stdout).not.toBe('0\n');
  });

  it("runs commands for a workload's machine in one of its pods", async () => {
    const { host, port } = await running.address('front');
    const pod = await (await fetch(`http://${host}:${port}/`)).text();
    const said = await running.exec('hostname; whoami; false', { ...options, on: 'front' });
    expect(said).toMatchObject({ stdout: `${pod}\nroot\n`, exitCode: 1 });
    await running.exec('cd /tmp && export LEFT=there', { ...options, on: 'web' });
    expect((await running.exec('echo "$PWD $LEFT"', { ...options, on: 'web' })).stdout).toBe('/tmp there\n');
  });

  it('ends what a command started in a pod when its time is over', async () => {
    const late = await running.exec('sleep 100', { ...options, timeoutMs: 1000, on: 'web' });
    expect(late).toMatchObject({ timedOut: true, signal: 'SIGTERM' });
    const left = await running.signal({ target: 'web', scope: { match: 'sleep' } }, null);
    expect(left).toEqual([]);
  });

  it('treats nodes as containers: one that is killed and started again is back with its pods', async () => {
    const target = { target: node, scope: 'component' } as const;
    expect((await running.containers?.state(node))?.status).toBe('running');
    const killed = await running.signal({ ...target, hold: true }, 'SIGKILL');
    expect(killed.length).toBeGreaterThan(10);
    expect((await running.containers?.state(node))?.status).toBe('exited');
    const { host, port } = await running.address('front');
    await expect(fetch(`http://${host}:${port}/`)).rejects.toThrow();
    await running.signal({ ...target, release: true }, null);
    await running.start(node, 'normal');
    await expect
      .poll(
        () =>
          fetch(`http://${host}:${port}/`).then(
            ({ ok }) => ok,
            () => false,
          ),
        {
          timeout: 120_000,
          interval: 500,
        },
      )
      .toBe(true);
  });

  it('refuses a fault of containers for a workload, whose load balancer is one', async () => {
    await expect(running.containers?.state('web')).rejects.toThrow(
      'name a node, or use a fault of Kubernetes',
    );
  });

  it('is taken down from its record, keeps the logs of pods, and touches no cluster of somebody else', async () => {
    const cluster = String(site.record().details.clusters);
    expect(cluster).not.toBe('');
    expect(await createKindEnvironment().down(site.record())).toEqual([]);
    const { stdout } = await run('docker', ['ps', '--all', '--format', '{{.Names}}']);
    expect(stdout.split('\n')).toContain(foreign);
    expect(stdout).not.toContain(`${cluster}-control-plane`);
    const logs = await readdir(join(reportDir, 'logs'));
    const log = logs.find((name) => /^default\.web-.*\.web\.log$/.test(name));
    expect(await readFile(join(reportDir, 'logs', log ?? ''), 'utf8')).toContain('service listens');
  });
});
