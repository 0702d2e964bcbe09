import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startHttp } from '../../test/conformance/http-server.ts';
import type { ProbeSpec } from '../definition/platform.ts';
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
  expect(build({ kind: 'exec', command: 'true' })).toThrow('no toolbox');
});
