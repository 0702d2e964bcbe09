import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startDns } from '../../test/conformance/dns-server.ts';
import { nowhere, startHttp } from '../../test/conformance/http-server.ts';
import type { ProbeSpec } from '../definition/observing.ts';
import type { Address } from '../environments/environment.ts';
import { createProbe } from './index.ts';
import type { Observation, ProbeTarget } from './probe.ts';

const exec = { argv: ['env'], env: { PATH: '/usr/bin:/bin' }, cwd: '/' };

async function look(spec: ProbeSpec, address: Address | null = null, times = 1): Promise<Observation> {
  const target: ProbeTarget = { name: 'p', spec, address, hosts: { api: '127.0.0.1' }, exec };
  const probe = createProbe(target);
  let seen: Observation = { ok: false };
  for (let slot = 0; slot < times; slot++) seen = await probe.observe(slot, AbortSignal.timeout(20_000));
  await probe.close();
  return seen;
}

describe('http', () => {
  const http = (path: string, more: Partial<Extract<ProbeSpec, { kind: 'http' }>> = {}): ProbeSpec => ({
    kind: 'http',
    role: 'api',
    path,
    ...more,
  });

  it('judges status and text, and follows no redirect', async () => {
    const server = await startHttp((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/' });
      if (request.url === '/teapot') response.writeHead(418);
      response.end('status: serving');
    });
    const at = server.address;
    expect(await look(http('/', { contains: 'serving' }), at)).toEqual({ ok: true });
    expect(await look(http('/', { contains: 'draining' }), at)).toEqual({
      ok: false,
      detail: 'body lacks the expected text',
    });
    expect(await look(http('/teapot'), at)).toEqual({ ok: false, detail: 'HTTP 418' });
    expect(await look(http('/teapot', { status: 418 }), at)).toEqual({ ok: true });
    expect(await look(http('/moved'), at)).toEqual({ ok: false, detail: 'HTTP 302' });
    await server.stop();
  });

  it('connects anew each slot, or keeps its connection, as the spec says', async () => {
    const ports = new Set<number | undefined>();
    const server = await startHttp((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    await look(http('/'), server.address, 4);
    expect(ports.size).toBe(4);
    ports.clear();
    await look(http('/', { connection: 'pooled' }), server.address, 4);
    expect(ports.size).toBe(1);
    await server.stop();
  });

  it('finds a server by its name in the platform, and calls it by the name that runbooks use', async () => {
    let host: string | undefined;
    const server = await startHttp((request, response) => {
      host = request.headers.host;
      response.end();
    });
    expect(await look(http('/'), { ...server.address, host: 'api', name: 'orchestrator' })).toEqual({
      ok: true,
    });
    expect(host).toBe(`orchestrator:${server.address.port}`);
    await server.stop();
  });

  it('sends the headers of its spec, and in place of its own', async () => {
    const seen: unknown[] = [];
    const server = await startHttp(({ headers }, response) => {
      seen.push(headers.authorization, headers['content-type'], headers['content-length']);
      response.end();
    });
    const headers = { Authorization: 'Bearer t', 'Content-Type': 'text/csv' };
    await look(http('/', { method: 'POST', body: 'a,b', headers }), server.address);
    expect(seen).toEqual(['Bearer t', 'text/csv', '3']);
    await server.stop();
  });

  it('follows a name: fresh at once and by its weights, pooled when the TTL is over', async () => {
    const places = ['127.0.0.1', '127.0.0.2'];
    let turn = 0;
    const dns = await startDns(() => ({ addresses: [places[turn++ % 2] ?? ''], ttlSeconds: 3600 }));
    const seen: (string | undefined)[] = [];
    const server = await startHttp(({ socket, headers }, response) => {
      seen.push(socket.localAddress);
      response.end(headers.host);
    }, '0.0.0.0');
    const { port } = server.address;
    const named: ProbeTarget = {
      ...{ name: 'p', spec: http('/', { contains: `api.example:${port}` }), hosts: {} },
      address: server.address,
      dns: dns.question('api.example'),
    };
    for (const connection of ['fresh', 'pooled'] as const) {
      const probe = createProbe({ ...named, spec: { ...named.spec, connection } as ProbeSpec });
      for (let slot = 0; slot < 4; slot++)
        expect(await probe.observe(slot, AbortSignal.timeout(20_000))).toEqual({ ok: true });
      await probe.close();
    }
    expect(seen).toEqual([...places, ...places, ...Array(4).fill(places[0])]);
    await Promise.all([server.stop(), dns.stop()]);
  });

  it('tells a name server that does not answer from a server that does not', async () => {
    const dns = await startDns(() => 'silence');
    const spec = http('/');
    const target = { name: 'p', spec, address: await nowhere(), hosts: {}, dns: dns.question('api.example') };
    const probe = createProbe(target);
    expect(await probe.observe(0, AbortSignal.timeout(200))).toEqual({ ok: false, detail: 'DNS timeout' });
    await dns.stop();
  });

  it('reads no endless body', async () => {
    const server = await startHttp((_, response) => void response.end(Buffer.alloc(2_000_000)));
    expect(await look(http('/'), server.address)).toEqual({ ok: false, detail: 'body too long' });
    await server.stop();
  });

  it('does not call an answer that breaks off ok', async () => {
    const server = await startHttp((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    expect(await look(http('/'), server.address)).toEqual({ ok: false, detail: 'ECONNRESET' });
    await server.stop();
  });
});

describe('exec', () => {
  const run = (command: string) => look({ kind: 'exec', command });

  it('observes the number on the last output line', async () => {
    expect(await run('echo lag; echo 1.5')).toEqual({ ok: true, text: '1.5', value: 1.5 });
    expect(await run('echo none')).toEqual({ ok: true, text: 'none' });
    expect(await run('true')).toEqual({ ok: true });
    expect(await run('echo 3; exit 7')).toEqual({ ok: false, detail: 'exit 7', text: '3', value: 3 });
    expect(await run('kill -TERM $$')).toEqual({ ok: false, detail: 'SIGTERM' });
  });

  it('has the toolbox as its whole environment', async () => {
    expect(await run('env | grep -c HOME; true')).toMatchObject({ value: 0 });
  });

  it('says that the program is missing', async () => {
    const target: ProbeTarget = {
      name: 'p',
      spec: { kind: 'exec', command: 'true' },
      address: null,
      hosts: {},
      exec: { ...exec, argv: ['/no/such'] },
    };
    expect(await createProbe(target).observe(0, AbortSignal.timeout(20_000))).toEqual({
      ok: false,
      detail: 'ENOENT',
    });
  });

  it('leaves nothing running, neither after an abort nor behind a command that ended', async () => {
    const mark = `3599.${process.pid}`;
    const probe = createProbe({
      name: 'p',
      spec: { kind: 'exec', command: `sleep ${mark} & sleep ${mark}` },
      address: null,
      hosts: {},
      exec,
    });
    expect(await probe.observe(0, AbortSignal.timeout(300))).toEqual({ ok: false, detail: 'timeout' });
    expect(await run(`sleep ${mark} & echo started`)).toMatchObject({ ok: true });
    for (let look = 0; look < 100 && processesWith(mark).length > 0; look++) await sleep(20);
    expect(processesWith(mark)).toEqual([]);
  });
});

function processesWith(text: string): string[] {
  const commandLine = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(text));
}

it('a probe that cannot be built says what is missing', () => {
  const build = (spec: ProbeSpec) => () => createProbe({ name: 'p', spec, address: null, hosts: {} });
  expect(build({ kind: 'http', role: 'api', path: '/' })).toThrow('role api has no address');
  expect(build({ kind: 'postgres', role: 'database' })).toThrow('role database is no database');
  expect(build({ kind: 'redis', role: 'cache' })).toThrow('role cache has no address');
  expect(build({ kind: 'exec', command: 'true' })).toThrow('no toolbox');
});
