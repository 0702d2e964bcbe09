import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExchange, placesOf, readBody } from '../../src/clients/http.ts';
import { createContainersEnvironment } from '../../src/environments/containers/index.ts';
import type { CommandResult, Running } from '../../src/environments/environment.ts';
import { type RecordedSite, recordedRun } from '../conformance/recorded-site.ts';
import { engineAvailable } from './engine.ts';
import { nodeImage, platformOf } from './platforms.ts';

/** Says who answers and what Node was told; `/need` fills the heap. */
const service = `
const held = [];
require('node:http').createServer(({ url }, answer) => {
  if (url === '/need') for (;;) held.push(new Array(8192).fill(held.length + 0.5));
  answer.end(require('node:os').hostname() + ' ' + (process.env.NODE_OPTIONS ?? ''));
}).listen(8080);
process.once('SIGTERM', () => process.exit(143));
console.log('service listens');
`;
const web = {
  container: nodeImage,
  command: ['node', '-e', service],
  port: 8080,
  ready: { http: '/' },
  restart: 'on-failure',
  replicas: 1,
  memory: 64,
  'memory-of': 'heap',
};
const platform = platformOf(
  { web, other: { ...web, replicas: undefined } },
  {
    roles: { front: 'web' },
    toolbox: { container: nodeImage, user: 'node' },
    tools: { kubectl: { replacement: 'fixtures/tools/kubectl' } },
  },
);
/** What a program in the platform's network is answered by the name. */
const fromInside =
  'node -e "fetch(\'http://web:8080/\').then(async (a) => console.log(await a.text()), ({ cause }) => console.log(cause.code))"';

describe.runIf(engineAvailable).each(['distinct', 'shared'] as const)(
  'replicas, addresses %s',
  (loopback) => {
    const environment = createContainersEnvironment({ loopback });
    let reportDir: string;
    let site: RecordedSite;
    let running: Running;

    beforeAll(async () => {
      reportDir = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
      site = recordedRun(`replicas-${loopback}-${process.pid}`, reportDir);
      running = await environment.up(platform, site);
    });
    afterAll(async () => {
      expect(await environment.down(site.record())).toEqual([]);
      await rm(reportDir, { recursive: true, force: true });
    });

    const run = (command: string): Promise<CommandResult> =>
      running.exec(command, { session: 'test', timeoutMs: 60_000 });
    const instances = async () =>
      (await running.signal({ target: 'front', scope: 'leader' }, null))
        .map(({ instance }) => instance)
        .toSorted();
    /** What a client of its name is answered; null when nobody is there. */
    const asked = async (path = '/') => {
      const address = await running.address('front');
      const abort = AbortSignal.timeout(5000);
      const server = { ...address, hosts: {}, ...placesOf(address) };
      return openExchange(server, { method: 'GET', path }, abort).then(
        (answer) => readBody(answer, 1000, abort),
        () => null,
      );
    };

    it('are as many as the platform file says, under one name', async () => {
      expect(await instances()).toEqual(['web']);
      expect(await asked()).toBe('web.internal --max-old-space-size=64');
      expect(await running.address('front')).toMatchObject({
        component: 'web',
        instance: 'web',
        name: 'web',
      });
    });

    it("are scaled by the platform's tools, which the result calls stand-ins", async () => {
      expect(await run('kubectl scale deployment web --replicas=3')).toMatchObject({
        exitCode: 0,
        stdout: 'deployment.apps/web scaled\n',
        standIns: ['kubectl'],
      });
      expect(await instances()).toEqual(['web', 'web-2', 'web-3']);
      expect((await run('echo none')).standIns).toEqual([]);
      expect((await run('kubectl get deployments web')).stdout).toMatch(/^web +3\/3 +3 +3 /m);
      expect((await run('kubectl scale deployment other --replicas=2')).stderr).toContain(
        'give it \\"replicas\\" in the platform file',
      );
    });

    it('are all of them meant by the name, and held by a fault of it', async () => {
      await running.signal({ target: 'front', scope: 'component', hold: true }, 'SIGKILL');
      expect(await instances()).toEqual([]);
      expect(await asked()).toBeNull();
      await expect
        .poll(async () => (await run(fromInside)).stdout, { timeout: 20_000 })
        .toBe('ECONNREFUSED\n');
      expect((await run(fromInside)).durationNs).toBeLessThan(2e9);
      await run('kubectl scale deployment web --replicas=4');
      expect(await instances()).toEqual(['web-4']);
      await expect.poll(() => asked(), { timeout: 20_000 }).toMatch(/^web-4\.internal/);
      await expect
        .poll(async () => (await run(fromInside)).stdout, { timeout: 20_000 })
        .toMatch(/^web-4\.internal/);
      await running.signal({ target: 'front', scope: 'component', release: true }, null);
      const attached = await environment.attach(site.record());
      await attached.start('front', 'normal');
      expect(await instances()).toEqual(['web', 'web-2', 'web-3', 'web-4']);
    });

    it('are fewer again, and those that are too many stay down', async () => {
      await run('kubectl scale deployment web --replicas=2');
      expect(await instances()).toEqual(['web', 'web-2']);
      await new Promise((done) => setTimeout(done, 1000));
      expect(await instances()).toEqual(['web', 'web-2']);
    });

    it('get more memory one after the other, and what the old ones wrote is kept', async () => {
      await run('kubectl scale deployment web --replicas=1');
      expect(await asked('/need')).toBeNull();
      await expect.poll(() => asked(), { timeout: 20_000 }).not.toBeNull();
      expect((await run('kubectl logs deployment/web')).stdout).toContain('JavaScript heap out of memory');
      const { stdout, stderr } = await run('kubectl set resources deployment web --limits=memory=96Mi');
      expect([stdout, stderr]).toEqual(['deployment.apps/web resource requirements updated\n', '']);
      expect(await asked()).toBe('web.internal --max-old-space-size=96');
      expect(await readdir(join(reportDir, 'logs'))).toEqual([expect.stringMatching(/^web\.until-.*\.log$/)]);
    });

    it('are restarted', async () => {
      const before = await running.signal({ target: 'front', scope: 'leader' }, null);
      expect((await run('kubectl rollout restart deployment web')).stderr).toBe('');
      const after = await running.signal({ target: 'front', scope: 'leader' }, null);
      expect(after).toHaveLength(1);
      expect(after[0]?.pidStart).not.toBe(before[0]?.pidStart);
    });

    it('are set up anew without what they kept, also when they were scaled away before', async () => {
      const inside = (command: string, session: string) =>
        running.exec(command, { session, timeoutMs: 60_000, on: 'web' });
      expect(await inside('touch /tmp/kept', 'before')).toMatchObject({ exitCode: 0 });
      await run('kubectl scale deployment web --replicas=0');
      const manifest = 'kind: Deployment\\nmetadata:\\n  name: web\\nspec:\\n  replicas: 1\\n';
      const replaced = await run(
        `printf '${manifest}' > /tmp/web.yaml && kubectl replace --force -f /tmp/web.yaml`,
      );
      expect(replaced).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await inside('test -e /tmp/kept', 'after')).toMatchObject({ exitCode: 1 });
    });
  },
);
