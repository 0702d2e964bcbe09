import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { memoryMegabytes } from '../../definition/ready-check.ts';
import { redact } from '../toolbox/redact.ts';
import type { Starting } from './components.ts';
import { mainProcess } from './launch.ts';
import { instancesOf, type ProcessLayout } from './layout.ts';
import { lastLines } from './logs.ts';
import { rebuild, restartRolling } from './restart.ts';
import { type LocalRun, memoryLimit, wantedReplicas } from './run.ts';
import { secretsInUse } from './substitution.ts';

export interface Reply {
  readonly status: number;
  /** An object is sent as JSON, a string as it is. */
  readonly body: object | string;
}

const scaleRequest = z.strictObject({ replicas: z.int().min(0).max(16) });
const memoryRequest = z.strictObject({ megabytes: memoryMegabytes });
const mostBodyBytes = 1024;
const defaultTail = 100;

/** One request to a component: what stands behind its name in the path, and the body. */
interface Asked {
  readonly component: ProcessLayout;
  readonly query: URLSearchParams;
  readonly body: string;
}

type Route = (starting: Starting, asked: Asked) => Promise<Reply>;

const routes: { readonly [methodAndAction: string]: Route } = {
  'POST scale': (starting, { component, body }) => scale(starting, component, body),
  'GET log': ({ run }, { component, query }) => log(run, component, Number(query.get('tail') ?? defaultTail)),
  'GET memory': async ({ run }, { component }) => ({
    status: 200,
    body: await describeMemory(run, component),
  }),
  'POST memory': (starting, { component, body }) => limitMemory(starting, component, body),
  async 'POST restart'(starting, { component }) {
    await restartRolling(starting, component);
    return { status: 200, body: await describe(starting.run, component) };
  },
  async 'POST rebuild'(starting, { component }) {
    await rebuild(starting, component);
    return { status: 200, body: await describe(starting.run, component) };
  },
};

/** Answers one request to the control socket. @throws EnvironmentError when a component does not come back */
export async function answer(starting: Starting, request: IncomingMessage): Promise<Reply> {
  const { run } = starting;
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
  const route = routes[`${request.method} ${action}`];
  if (route === undefined)
    return unknown(`no ${request.method} ${url.pathname}: a component has ${Object.keys(routes).join(', ')}`);
  return route(starting, { component, query: url.searchParams, body: await bodyOf(request) });
}

function unknown(error: string): Reply {
  return { status: 404, body: { error } };
}

async function scale({ run, supervisor }: Starting, component: ProcessLayout, body: string): Promise<Reply> {
  const asked = scaleRequest.safeParse(parseJson(body));
  if (!asked.success)
    return { status: 400, body: { error: `expected {"replicas": 0 to 16}, got ${body.slice(0, 100)}` } };
  await supervisor.scale(component, asked.data.replicas);
  return { status: 200, body: await describe(run, component) };
}

async function limitMemory(starting: Starting, component: ProcessLayout, body: string): Promise<Reply> {
  const asked = memoryRequest.safeParse(parseJson(body));
  if (!asked.success)
    return { status: 400, body: { error: `expected {"megabytes": 16 to 65536}, got ${body.slice(0, 100)}` } };
  const { megabytes } = asked.data;
  // As in Kubernetes, the same limit again changes nothing and restarts nothing.
  if (megabytes !== (await memoryLimit(starting.run, component))) {
    await starting.run.state.set('memory', component.component, String(megabytes));
    await restartRolling(starting, component);
  }
  return { status: 200, body: await describeMemory(starting.run, component) };
}

async function describeMemory(run: LocalRun, component: ProcessLayout): Promise<object> {
  return { component: component.component, megabytes: await memoryLimit(run, component) };
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
