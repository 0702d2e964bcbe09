import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Platform, platform as platformFile } from '../../src/definition/platform.ts';
import type { Running } from '../../src/environments/environment.ts';
import { createLocalEnvironment } from '../../src/environments/local/index.ts';
import { type RecordedSite, recordedRun } from '../conformance/recorded-site.ts';

/**
 * Shows its heap's limit, keeps notes in its folder for data, and needs as much memory as it is asked to: `/need?mb=N` holds N MB of heap.
 * `/env` shows NODE_OPTIONS.
 */
const service = `
const { readdirSync, writeFileSync } = require('node:fs');
const held = [];
require('node:http').createServer((asked, answer) => {
  const { pathname, searchParams } = new URL(asked.url, 'http://service');
  if (pathname === '/need') for (let i = 0; i < searchParams.get('mb') * 16; i++) held.push(new Array(8192).fill(i + 0.5));
  if (pathname === '/note') writeFileSync(process.env.DATA + '/' + Date.now(), 'note');
  answer.end(JSON.stringify({
    notes: readdirSync(process.env.DATA).length,
    options: process.env.NODE_OPTIONS ?? null,
    pid: process.pid,
  }));
}).listen({ host: process.env.HOST, port: process.env.PORT, reusePort: process.platform === 'linux' });`;

interface Answer {
  readonly notes: number;
  readonly options: string | null;
  readonly pid: number;
}

function platformOf(more: object): Platform {
  const web = {
    command: ['${node}', '-e', service],
    port: 7300,
    env: { DATA: '${web.data}' },
    ready: { http: '/' },
    restart: 'on-failure',
    ...more,
  };
  return {
    ...platformFile.parse({ platform: 'test', environment: 'local', components: { web } }),
    baseDir: tmpdir(),
  };
}

let reportDir: string;
const environment = createLocalEnvironment();
const sites: RecordedSite[] = [];

beforeAll(async () => {
  reportDir = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
});
afterAll(() => rm(reportDir, { recursive: true, force: true }));
afterEach(async () => {
  for (const site of sites.splice(0)) expect(await environment.down(site.record())).toEqual([]);
});

async function up(more: object = {}): Promise<{ running: Running; site: RecordedSite }> {
  const site = recordedRun(`control-${process.pid}-${performance.now()}`, reportDir);
  sites.push(site);
  return { running: await environment.up(platformOf(more), site), site };
}

/** Null while nothing answers. */
async function get(running: Running, path = '/'): Promise<Answer | null> {
  const { host, port } = await running.address('web');
  return fetch(`http://${host}:${port}${path}`, { headers: { connection: 'close' } }).then(
    (answer) => answer.json() as Promise<Answer>,
    () => null,
  );
}

function control(
  running: Running,
  method: string,
  path: string,
  body = '',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { socketPath: join(running.record.runDir, 'control.sock'), method, path, agent: false };
    const asked = request(options, async (answer) =>
      resolve({ status: answer.statusCode ?? 0, body: await text(answer) }),
    );
    asked.once('error', reject).end(body);
  });
}

const pids = async (running: Running) =>
  (await running.signal({ target: 'web', scope: 'leader' }, null)).map(({ pid }) => pid).toSorted();

describe('memory', () => {
  it('is a limit that a program dies of, and more of it keeps it alive, also after its supervisor restarted it', async () => {
    const { running, site } = await up({
      memory: 48,
      env: { DATA: '${web.data}', NODE_OPTIONS: '--no-warnings' },
    });
    expect((await get(running))?.options).toBe('--no-warnings --max-old-space-size=48');
    expect(await control(running, 'GET', '/components/web/memory')).toEqual({
      status: 200,
      body: '{"component":"web","megabytes":48}\n',
    });
    expect(await get(running, '/need?mb=150')).toBeNull();
    await expect.poll(() => get(running), { timeout: 20_000 }).not.toBeNull();
    const [exit] = site.events.filter((event) => event.type === 'component.exited');
    expect(exit).toMatchObject({ component: 'web', signal: 'SIGABRT' });

    const raised = await control(running, 'POST', '/components/web/memory', '{"megabytes":512}');
    expect(raised).toEqual({ status: 200, body: '{"component":"web","megabytes":512}\n' });
    expect((await get(running, '/need?mb=150'))?.options).toBe('--no-warnings --max-old-space-size=512');
    const before = await pids(running);
    await running.signal({ target: 'web', scope: 'component' }, 'SIGKILL');
    await expect.poll(() => get(running), { timeout: 20_000 }).toMatchObject({ options: /512$/ });
    expect(await pids(running)).not.toEqual(before);
  });

  it('restarts nothing when it is the same again, and refuses what is no limit', async () => {
    const { running } = await up();
    expect(await control(running, 'GET', '/components/web/memory')).toMatchObject({
      body: '{"component":"web","megabytes":null}\n',
    });
    expect((await get(running))?.options).toBeNull();
    await control(running, 'POST', '/components/web/memory', '{"megabytes":64}');
    const before = await pids(running);
    await control(running, 'POST', '/components/web/memory', '{"megabytes":64}');
    expect(await pids(running)).toEqual(before);
    for (const body of ['{"megabytes":1}', '{"megabytes":"512Mi"}', '512'])
      expect((await control(running, 'POST', '/components/web/memory', body)).status).toBe(400);
  });
});

describe('restart', () => {
  it.runIf(process.platform === 'linux')('goes one after the other: somebody always serves', async () => {
    const { running } = await up({ replicas: 3 });
    const before = await pids(running);
    let lowest = before.length;
    const watch = setInterval(async () => {
      lowest = Math.min(lowest, (await pids(running)).length);
    }, 5);
    expect((await control(running, 'POST', '/components/web/restart')).status).toBe(200);
    clearInterval(watch);
    const after = await pids(running);
    expect(after).toHaveLength(3);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    expect(lowest).toBeGreaterThanOrEqual(2);
  });

  it('leaves down what a fault holds', async () => {
    const { running } = await up();
    await running.signal({ target: 'web', scope: 'component', hold: true }, 'SIGKILL');
    for (const what of ['restart', 'rebuild']) {
      const { status, body } = await control(running, 'POST', `/components/web/${what}`);
      expect([status, JSON.parse(body).instances]).toEqual([
        200,
        [{ instance: 'web', pid: null, held: true }],
      ]);
    }
    await running.signal({ target: 'web', scope: 'component', release: true }, null);
    await control(running, 'POST', '/components/web/restart');
    expect(await get(running)).not.toBeNull();
  });
});

describe('rebuild', () => {
  it('starts anew, with nothing of what was kept', async () => {
    const { running } = await up();
    await get(running, '/note');
    await control(running, 'POST', '/components/web/restart');
    expect(await get(running)).toMatchObject({ notes: 1 });
    const before = await pids(running);
    expect((await control(running, 'POST', '/components/web/rebuild')).status).toBe(200);
    expect(await get(running)).toMatchObject({ notes: 0 });
    expect(await pids(running)).not.toEqual(before);
  });

  it('says which requests there are', async () => {
    const { running } = await up();
    const unknown = await control(running, 'POST', '/components/web/rebiuld');
    expect([unknown.status, unknown.body]).toEqual([
      404,
      expect.stringContaining('POST restart, POST rebuild'),
    ]);
  });
});

describe('replicas: 0', () => {
  it('starts nothing, and is known all the same', async () => {
    const { running, site } = await up({ replicas: 0 });
    expect(site.events.filter(({ type }) => type === 'component.started')).toEqual([]);
    expect(await running.address('web')).toMatchObject({ component: 'web', instance: 'web', port: 7300 });
    expect(await pids(running)).toEqual([]);
    expect(await get(running)).toBeNull();
    expect(JSON.parse((await control(running, 'GET', '/components')).body)).toEqual({
      components: [{ component: 'web', replicas: 0, instances: [] }],
    });
  });
});
