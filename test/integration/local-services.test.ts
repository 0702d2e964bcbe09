import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Platform } from '../../src/definition/platform.ts';
import type { Environment, Running } from '../../src/environments/environment.ts';
import { createLocalEnvironment } from '../../src/environments/local/index.ts';
import { type RecordedSite, recordedRun } from '../conformance/recorded-site.ts';
import { servicePlatform } from './local-platforms.ts';

let reportDir: string;
const environment: Environment = createLocalEnvironment();
const sites: RecordedSite[] = [];

beforeAll(async () => {
  reportDir = await mkdtemp(join(tmpdir(), 'drillbook-report-'));
});

afterAll(async () => {
  await rm(reportDir, { recursive: true, force: true });
});

afterEach(async () => {
  for (const site of sites.splice(0)) expect(await environment.down(site.record())).toEqual([]);
});

async function up(platform: Platform): Promise<Running> {
  const site = recordedRun(`services-${process.pid}-${performance.now()}`, reportDir);
  const running = await environment.up(platform, site);
  sites.push(site);
  return running;
}

/** Body of the answer at a role's address; the empty text while nothing answers. */
async function get(running: Running, path = '/'): Promise<string> {
  const { host, port } = await running.address('front');
  return new Promise((resolve) => {
    const asked = request({ host, port, path, agent: false }, async (response) =>
      resolve(await text(response)),
    );
    asked.once('error', () => resolve('')).end();
  });
}

async function control(
  running: Running,
  method: string,
  path: string,
  body = '',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { socketPath: join(running.record.runDir, 'control.sock'), method, path, agent: false };
    const asked = request(options, async (response) =>
      resolve({ status: response.statusCode ?? 0, body: await text(response) }),
    );
    asked.once('error', reject).end(body);
  });
}

/** Asks until the answer satisfies, as long as the test may take. */
async function eventually<T>(ask: () => Promise<T>, satisfies: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    await sleep(20);
  }
}

describe('addresses', () => {
  it('gives two runs at once the same documented port, each at an address of its own', async () => {
    const [one, two] = [
      await up(servicePlatform({ port: 48_231 })),
      await up(servicePlatform({ port: 48_231 })),
    ];
    const [first, second] = [await one.address('front'), await two.address('front')];
    expect([first.port, second.port]).toEqual([48_231, 48_231]);
    expect(first.host).not.toBe(second.host);
    expect([await get(one), await get(two)]).toEqual(['web', 'web']);
    await one.signal({ target: 'web', scope: 'component' }, 'SIGKILL');
    expect([await get(one), await get(two)]).toEqual(['', 'web']);
  });

  it('says which port is taken, and by whom', async () => {
    const taker: Server = createServer().listen(48_232, '0.0.0.0');
    await new Promise((resolve) => taker.once('listening', resolve));
    try {
      const platform = servicePlatform({ port: 48_232 });
      const [problem] = await environment.check(platform);
      expect(problem?.what).toContain('web: port 48232 is taken');
      if (process.platform === 'linux') expect(problem?.what).toContain(`pid ${process.pid}`);
      await expect(up(platform)).rejects.toThrow('port 48232 is taken');
    } finally {
      await new Promise((resolve) => taker.close(resolve));
    }
    const problems = await environment.check(servicePlatform({ port: 48_232 }));
    expect(problems.filter(({ note }) => note !== true)).toEqual([]);
  });
});

describe('environment of a component', () => {
  it('is filled from the platform, and its secrets stay out of the kept logs', async () => {
    const print = {
      SECRET: `\${secret.token}`,
      WHERE: `http://\${web}:\${web.port}`,
      OWN: `\${host}:\${port}`,
    };
    const running = await up(servicePlatform({ env: print }));
    const { host, port } = await running.address('front');
    const secret = await get(running, '/env?name=SECRET');
    expect(secret).toMatch(/^[0-9a-f]{32}$/);
    expect(await get(running, '/env?name=WHERE')).toBe(`http://${host}:${port}`);
    expect(await get(running, '/env?name=OWN')).toBe(`${host}:${port}`);
    expect(await get(running, '/env?name=DRILLBOOK_HOSTS')).toBe(JSON.stringify(running.hosts));
    expect(await get(running, '/env?name=USER')).toBe('undefined');
    expect(JSON.stringify(running.record)).not.toContain(secret);
    await environment.down(running.record);
    const log = await readFile(join(reportDir, 'logs', 'web.log'), 'utf8');
    expect(log).toContain(`http://${host}:${port}`);
    expect(log).not.toContain(secret);
  });

  it('refuses a name that means nothing, with the nearest that does', async () => {
    const site = recordedRun(`services-unknown-${process.pid}`, reportDir);
    const failure = environment.up(servicePlatform({ env: { WHERE: `\${wep}` } }), site);
    await expect(failure).rejects.toThrow(`did you mean \${web}?`);
  });
});

describe('logs', () => {
  it('are kept in the report folder', async () => {
    const site = recordedRun(`services-logs-${process.pid}`, join(reportDir, 'kept'));
    await environment.up(servicePlatform(), site);
    await environment.down(site.record());
    expect(await readFile(join(reportDir, 'kept', 'logs', 'web.log'), 'utf8')).toContain('service listens');
  });
});

describe('supervisor', () => {
  it('starts again what failed, if the platform file says so, and never what is held', async () => {
    const running = await up(servicePlatform({ restart: 'on-failure' }));
    const [before] = await running.signal({ target: 'web', scope: 'leader' }, null);
    await get(running, '/fail');
    const [after] = await eventually(
      () => running.signal({ target: 'web', scope: 'leader' }, null),
      ([found]) => found !== undefined && found.pid !== before?.pid,
    );
    expect(after).toBeDefined();
    await running.signal({ target: 'web', scope: 'component', hold: true }, 'SIGKILL');
    await sleep(1000);
    expect(await running.signal({ target: 'web', scope: 'component' }, null)).toEqual([]);
  });

  it('leaves alone what should not come back', async () => {
    const running = await up(servicePlatform());
    await get(running, '/fail');
    await eventually(
      () => running.signal({ target: 'web', scope: 'component' }, null),
      (found) => found.length === 0,
    );
    await sleep(500);
    expect(await running.signal({ target: 'web', scope: 'component' }, null)).toEqual([]);
  });
});

describe('control socket', () => {
  it.runIf(process.platform === 'linux')(
    'scales a component up and down, leaving out what is held',
    async () => {
      const running = await up(servicePlatform());
      const scaled = await control(running, 'POST', '/components/web/scale', '{"replicas":3}');
      expect(scaled.status).toBe(200);
      const { instances } = JSON.parse(scaled.body) as {
        instances: { instance: string; pid: number | null; held: boolean }[];
      };
      expect(instances.map(({ instance }) => instance)).toEqual(['web', 'web-2', 'web-3']);
      expect(new Set(instances.map(({ pid }) => pid)).size).toBe(3);

      await running.signal({ target: 'web-2', scope: 'component', hold: true }, 'SIGKILL');
      const listed = JSON.parse((await control(running, 'GET', '/components')).body) as {
        components: { instances: unknown[] }[];
      };
      expect(listed.components[0]?.instances[1]).toEqual({ instance: 'web-2', pid: null, held: true });
      await control(running, 'POST', '/components/web/scale', '{"replicas":3}');
      expect(await running.signal({ target: 'web-2', scope: 'component' }, null)).toEqual([]);

      await control(running, 'POST', '/components/web/scale', '{"replicas":1}');
      const left = await eventually(
        () => running.signal({ target: 'web-3', scope: 'component' }, null),
        (found) => found.length === 0,
      );
      expect(left).toEqual([]);
      expect(await get(running)).toBe('web');
    },
  );

  it('shows logs, and says what is wrong with a request', async () => {
    const running = await up(servicePlatform());
    expect(await control(running, 'GET', '/components/web/log?tail=1')).toEqual({
      status: 200,
      body: 'service listens\n',
    });
    expect((await control(running, 'POST', '/components/wep/scale', '{"replicas":3}')).status).toBe(404);
    expect((await control(running, 'POST', '/components/web/scale', '{"replicas":99}')).status).toBe(400);
    expect((await control(running, 'POST', '/components/web/scale', 'three')).status).toBe(400);
  });
});
