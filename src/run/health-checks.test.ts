import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nowhere, startHttp, type TestHttpServer } from '../../test/conformance/http-server.ts';
import type { PlannedHealthCheck } from '../definition/plan.ts';
import { makeCertificates } from '../environments/containers/certificates.ts';
import type { CommandResult, Running } from '../environments/environment.ts';
import type { HealthAnswer } from '../timeline/events.ts';
import { planOf } from '../timeline/testing.ts';
import { startClock } from './clock.ts';
import type { RunContext } from './context.ts';
import { askHealthChecks, brokenAt } from './health-checks.ts';

const lines = { from: 1, to: 1 };
const ran: CommandResult = {
  exitCode: 0,
  signal: null,
  timedOut: false,
  durationNs: 1,
  stdout: '',
  stderr: '',
  truncatedBytes: 0,
  standIns: [],
};

/** What is journaled of one check. Hosts of the platform: `api`; commands end as told. */
async function answered(
  check: Partial<PlannedHealthCheck> & { readonly text: string },
  { result = {}, running = {}, abort = new AbortController().signal } = {} as {
    running?: Partial<Running>;
    result?: Partial<CommandResult>;
    abort?: AbortSignal;
  },
): Promise<HealthAnswer | undefined> {
  const events: HealthAnswer[] = [];
  const checks = [{ name: 'one', kind: 'url', lines, ...check } as PlannedHealthCheck];
  await askHealthChecks(
    {
      plan: planOf({ healthChecks: { section: ['Health'], mustNotice: false, checks } }),
      clock: startClock(),
      journal: {
        emit: async (event: HealthAnswer) => void events.push(event),
      } as unknown as RunContext['journal'],
      running: {
        hosts: { api: '127.0.0.1' },
        exec: async () => ({ ...ran, ...result }),
        address: async () => ({ host: '127.0.0.1', port: 1 }),
        ...running,
      } as unknown as Running,
      abort,
    } as RunContext,
    'healthy',
  );
  return events[0];
}

describe('a health check', () => {
  let api: TestHttpServer;
  beforeAll(async () => {
    api = await startHttp(({ url, headers }, response) => {
      if (url === '/hang') return;
      response.statusCode = url === '/health' ? 200 : 503;
      response.end(JSON.stringify({ host: headers.host, long: 'x'.repeat(300) }));
    });
  });
  afterAll(() => api.stop());
  const at = (path: string) => ({ text: `http://api:${api.address.port}${path}` });

  it('asks an address of the platform by its name, and keeps the beginning of the answer', async () => {
    const seen = await answered(at('/health'));
    expect(seen).toMatchObject({
      type: 'health-check',
      check: 'one',
      when: 'healthy',
      ok: true,
      status: 200,
    });
    expect(seen?.answer).toMatch(/^\{"host":"api:\d+"/);
    expect(seen?.answer).toHaveLength(200);
    expect(await answered(at('/other'))).toMatchObject({ ok: false, status: 503 });
  });

  it('asks over TLS, at the port that is published', async () => {
    const { ca, certificates } = await makeCertificates({ api: { names: ['api'] } }, new Date());
    const server = await startHttp((_, response) => response.end('well'), '127.0.0.1', certificates.api);
    const address = async () => ({ ...server.address, ports: { 443: server.address.port } });
    const https = { text: 'https://api/health' };
    const running = { address, authority: ca };
    expect(await answered(https, { running })).toMatchObject({ ok: true, status: 200, answer: 'well' });
    expect(await answered(https, { running: { address } })).toMatchObject({
      ok: null,
      answer: expect.stringContaining('no certificates to trust'),
    });
    await server.stop();
  });

  it('fails where nobody answers', async () => {
    const { port } = await nowhere();
    expect(await answered({ text: `http://api:${port}/` })).toMatchObject({
      ok: false,
      status: null,
      answer: 'ECONNREFUSED',
    });
    expect(await answered(at('/hang'))).toMatchObject({ ok: false, answer: 'no answer within 3 s' });
  });

  it('runs a command, and says why where it could not', async () => {
    const command = { kind: 'command', text: 'pg_isready' } as const;
    expect(await answered(command, { result: { exitCode: 2, stderr: 'no response\n' } })).toMatchObject({
      ok: false,
      status: 2,
      answer: 'no response',
    });
    const notRun = { why: 'tool-missing', reason: 'there is no pg_isready' } as const;
    expect(await answered(command, { result: { notRun } })).toMatchObject({
      ok: null,
      answer: 'there is no pg_isready',
    });
    expect(await answered(command, { result: { timedOut: true, exitCode: null } })).toMatchObject({
      ok: false,
    });
  });

  it('has no answer where drillbook could not ask, and is not asked where it is left out', async () => {
    const sql = { kind: 'sql', role: 'db', text: 'SELECT 1;' } as const;
    expect(await answered(sql)).toMatchObject({
      ok: null,
      answer: expect.stringContaining('no database that drillbook can log in to'),
    });
    expect(await answered({ kind: 'left-out', reason: 'no', text: 'x' })).toBeUndefined();
  });

  it('is not journaled when the run is interrupted', async () => {
    const abort = AbortSignal.abort(new Error('Ctrl-C'));
    await expect(answered(at('/health'), { abort })).rejects.toThrow('Ctrl-C');
  });
});

it('asks again after the last injection before the first procedure', () => {
  const inject = { kind: 'inject', fault: 'crash' } as const;
  const heal = { kind: 'heal', fault: 'all' } as const;
  const procedure = { kind: 'procedure' } as const;
  const at = (...stages: readonly { readonly kind: string }[]) =>
    brokenAt({ stages } as unknown as Parameters<typeof brokenAt>[0]);
  expect(at(inject, inject, procedure, inject)).toBe(1);
  expect(at(inject, heal, inject)).toBe(2);
  expect(at(procedure, inject)).toBeNull();
});
