import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { memoryMegabytes } from '../../definition/ready-check.ts';
import { type Controlled, type ControlledComponent, ControlRefusal } from './controlled.ts';

export interface Reply {
  readonly status: number;
  /** An object is sent as JSON, a string as it is. */
  readonly body: object | string;
}

const memoryRequest = z.strictObject({ megabytes: memoryMegabytes });
const mostBodyBytes = 1024;
const defaultTail = 100;

/** One request to a component: what stands behind its name in the path, and the body. */
interface Asked<Component> {
  readonly component: Component;
  readonly query: URLSearchParams;
  readonly body: string;
}

type Route = <Component extends ControlledComponent>(
  controlled: Controlled<Component>,
  asked: Asked<Component>,
) => Promise<Reply>;

const routes: { readonly [methodAndAction: string]: Route } = {
  'POST scale': scale,
  'GET log': log,
  'GET memory': describeMemory,
  'POST memory': limitMemory,
  async 'POST restart'(controlled, { component }) {
    await controlled.restart(component);
    return done(await controlled.describe(component));
  },
  async 'POST rebuild'(controlled, { component }) {
    await controlled.rebuild(component);
    return done(await controlled.describe(component));
  },
};

/** Answers one request to the control socket. @throws EnvironmentError when a component does not come back */
export async function answer<Component extends ControlledComponent>(
  controlled: Controlled<Component>,
  request: IncomingMessage,
): Promise<Reply> {
  const { components } = controlled;
  const url = new URL(request.url ?? '/', 'http://control');
  const [, first, name, action] = url.pathname.split('/').map(decodeURIComponent);
  if (first !== 'components') return unknown(`no ${url.pathname}`);
  if (name === undefined || name === '')
    return done({ components: await Promise.all(components.map((each) => controlled.describe(each))) });
  const component = components.find((each) => each.component === name || each.host === name);
  if (component === undefined)
    return unknown(
      `no component "${name}": there are ${components.map((each) => each.component).join(', ')}`,
    );
  const route = routes[`${request.method} ${action}`];
  if (route === undefined)
    return unknown(`no ${request.method} ${url.pathname}: a component has ${Object.keys(routes).join(', ')}`);
  try {
    return await route(controlled, { component, query: url.searchParams, body: await bodyOf(request) });
  } catch (error) {
    if (error instanceof ControlRefusal) return refused(error.message);
    throw error;
  }
}

function done(body: object | string): Reply {
  return { status: 200, body };
}

function refused(error: string): Reply {
  return { status: 400, body: { error } };
}

function unknown(error: string): Reply {
  return { status: 404, body: { error } };
}

async function scale<Component extends ControlledComponent>(
  controlled: Controlled<Component>,
  { component, body }: Asked<Component>,
): Promise<Reply> {
  const { mostReplicas } = controlled;
  const asked = z.strictObject({ replicas: z.int().min(0).max(mostReplicas) }).safeParse(parseJson(body));
  if (!asked.success)
    return refused(`expected {"replicas": 0 to ${mostReplicas}}, got ${body.slice(0, 100)}`);
  await controlled.scale(component, asked.data.replicas);
  return done(await controlled.describe(component));
}

async function limitMemory<Component extends ControlledComponent>(
  controlled: Controlled<Component>,
  asked: Asked<Component>,
): Promise<Reply> {
  const { component, body } = asked;
  const request = memoryRequest.safeParse(parseJson(body));
  if (!request.success) return refused(`expected {"megabytes": 16 to 65536}, got ${body.slice(0, 100)}`);
  const { megabytes } = request.data;
  // As in Kubernetes, the same limit again changes nothing and restarts nothing.
  if (megabytes !== (await controlled.memory(component))) await controlled.limitMemory(component, megabytes);
  return describeMemory(controlled, asked);
}

async function describeMemory<Component extends ControlledComponent>(
  controlled: Controlled<Component>,
  { component }: Asked<Component>,
): Promise<Reply> {
  return done({ component: component.component, megabytes: await controlled.memory(component) });
}

async function log<Component extends ControlledComponent>(
  controlled: Controlled<Component>,
  { component, query }: Asked<Component>,
): Promise<Reply> {
  const tail = Number(query.get('tail') ?? defaultTail);
  if (!Number.isInteger(tail) || tail < 0) return refused('tail is a number of lines');
  return done(await controlled.log(component, tail));
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
