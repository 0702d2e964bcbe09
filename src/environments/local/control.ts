import { chmod } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import { redact } from '../toolbox/redact.ts';
import { giveTo } from './account.ts';
import { mainProcess } from './launch.ts';
import { instancesOf, type ProcessLayout } from './layout.ts';
import { lastLines } from './logs.ts';
import { type LocalRun, wantedReplicas } from './run.ts';
import { secretsInUse } from './substitution.ts';
import type { Supervisor } from './supervisor.ts';

/** What the platform's own tools may ask of it, over HTTP on a socket in the run folder. */
export interface Control {
  close(): Promise<void>;
}

const scaleRequest = z.strictObject({ replicas: z.int().min(0).max(16) });
const mostBodyBytes = 1024;
const defaultTail = 100;

interface Reply {
  readonly status: number;
  /** An object is sent as JSON, a string as it is. */
  readonly body: object | string;
}

/**
 * Listens on `control.sock`:
 * - `GET /components` → `{ components: [{ component, replicas, instances: [{ instance, pid, held }] }] }`
 * - `POST /components/NAME/scale {"replicas": 3}` → the same of that component, once the new instances were started
 * - `GET /components/NAME/log?tail=N` → the last lines of its instances' logs
 */
export async function openControl(run: LocalRun, supervisor: Supervisor): Promise<Control> {
  const server = createServer((request, response) => {
    answer(run, supervisor, request)
      .catch((error: Error): Reply => ({ status: 500, body: { error: error.message } }))
      .then(({ status, body }) => {
        const [type, text] =
          typeof body === 'string'
            ? ['text/plain; charset=utf-8', body]
            : ['application/json', `${JSON.stringify(body)}\n`];
        response.writeHead(status, { 'content-type': type, connection: 'close' }).end(text);
      });
  }).unref();
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(run.paths.control, resolve),
  );
  await chmod(run.paths.control, 0o600);
  await giveTo(run.layout.account, run.paths.control);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(run: LocalRun, supervisor: Supervisor, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://control');
  const [, first, name, action] = url.pathname.split('/').map(decodeURIComponent);
  const processes = run.layout.components.filter((each) => each.kind === 'process');
  if (first !== 'components') return unknown(`no ${url.pathname}`);
  if (name === undefined || name === '') {
    return {
      status: 200,
      body: { components: await Promise.all(processes.map((component) => describe(run, component))) },
    };
  }
  const component = processes.find((each) => each.component === name || each.host === name);
  if (component === undefined)
    return unknown(`no component "${name}": there are ${processes.map((each) => each.component).join(', ')}`);
  if (request.method === 'POST' && action === 'scale')
    return scale(run, supervisor, component, await bodyOf(request));
  if (request.method === 'GET' && action === 'log')
    return log(run, component, Number(url.searchParams.get('tail') ?? defaultTail));
  return unknown(`no ${request.method} ${url.pathname}`);
}

function unknown(error: string): Reply {
  return { status: 404, body: { error } };
}

async function scale(
  run: LocalRun,
  supervisor: Supervisor,
  component: ProcessLayout,
  body: string,
): Promise<Reply> {
  const asked = scaleRequest.safeParse(parseJson(body));
  if (!asked.success)
    return { status: 400, body: { error: `expected {"replicas": 0 to 16}, got ${body.slice(0, 100)}` } };
  await supervisor.scale(component, asked.data.replicas);
  return { status: 200, body: await describe(run, component) };
}

async function describe(run: LocalRun, component: ProcessLayout): Promise<object> {
  const replicas = await wantedReplicas(run, component);
  const instances = instancesOf(component, replicas).map(async (instance) => ({
    instance,
    pid: (await mainProcess(run, instance))?.pid ?? null,
    held: (await run.state.get('holds', instance)) !== null,
  }));
  return { component: component.component, replicas, instances: await Promise.all(instances) };
}

async function log(run: LocalRun, component: ProcessLayout, tail: number): Promise<Reply> {
  if (!Number.isInteger(tail) || tail < 0)
    return { status: 400, body: { error: 'tail is a number of lines' } };
  const names = instancesOf(component, Math.max(1, await wantedReplicas(run, component)));
  const lines = await Promise.all(names.map((instance) => lastLines(run.paths.log(instance), tail)));
  const text = lines
    .flat()
    .map((line) => `${line}\n`)
    .join('');
  return { status: 200, body: redact(text, secretsInUse(run)) };
}

/** Undefined for what is no JSON, which no request's shape allows. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > mostBodyBytes) throw new Error(`a request has at most ${mostBodyBytes} bytes`);
  }
  return text;
}
