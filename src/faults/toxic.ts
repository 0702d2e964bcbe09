import type { Toxiproxy } from 'toxiproxy-node-client';
import { type FaultSpec, victimOf } from '../definition/scenario.ts';
import { toxiproxyPort } from '../definition/toxic-fault.ts';
import type { Running } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { type Acting, statusBy } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { sameProcess, targetInstance } from './target.ts';

type ToxicSpec = Extract<FaultSpec, { fault: 'toxic' }>;

/** Makes connections through a toxiproxy slow, narrow or short. The toxic carries the fault's name. */
export const toxic: Fault<ToxicSpec> = {
  kind: 'toxic',

  async prepare(running, id, spec): Promise<Injection> {
    const instance = await targetInstance(running, spec.target);
    const proxies = await proxiesOf(running, { id, spec, instance });
    if (!Object.hasOwn(proxies, spec.proxy)) {
      const there = Object.keys(proxies);
      const has = there.length === 0 ? 'it has none' : `it has ${there.join(', ')}`;
      throw new FaultError(`${id}: ${spec.target} (${instance}) has no proxy "${spec.proxy}"; ${has}`);
    }
    const processes = await running.signal({ target: instance, scope: 'leader' }, null);
    return { id, spec, instance, processes: processes.map(({ pid, pidStart }) => ({ pid, pidStart })) };
  },

  async inject(running, injection) {
    if ((await toxicsOf(running, injection)).includes(nameOf(injection))) return;
    const { proxy, type, stream = 'downstream', toxicity = 1, attributes } = injection.spec as ToxicSpec;
    const body = { name: nameOf(injection), type, stream, toxicity, attributes };
    await asked(injection, 'adding the toxic', async () => {
      const found = await (await toxiproxy(running, injection)).get(proxy);
      await found.addToxic(body);
    });
  },

  async heal(running, injection) {
    if (!(await toxicsOf(running, injection)).includes(nameOf(injection))) return;
    await asked(injection, 'removing the toxic', async () => {
      const found = await (await toxiproxy(running, injection)).get((injection.spec as ToxicSpec).proxy);
      await (await found.getToxic(nameOf(injection))).remove();
    });
  },

  /** A toxiproxy keeps its toxics in memory: one that was started again has none. */
  status(running, injection): Promise<FaultStatus> {
    return statusBy(async () => {
      if ((await toxicsOf(running, injection)).includes(nameOf(injection))) return 'active';
      const alive = await running.signal({ target: injection.instance, scope: 'leader' }, null);
      return alive.some((process) => sameProcess(injection, process)) ? 'gone' : 'superseded';
    });
  },
};

function nameOf({ id }: Acting): string {
  return `drillbook-${id}`;
}

interface Proxies {
  readonly [name: string]: { readonly toxics: readonly { readonly name: string }[] };
}

/** Its client drops the toxics of a proxy that it lists, so this asks for the answer as it is. */
async function proxiesOf(running: Running, acting: Acting): Promise<Proxies> {
  return asked(acting, 'listing its proxies', async () => {
    const client = await toxiproxy(running, acting);
    const { data } = await client.getApi().get<Proxies>(`${client.host}/proxies`);
    return data;
  });
}

/** Names of the toxics in the proxy of the fault; none where that proxy is no more. */
async function toxicsOf(running: Running, injection: Injection): Promise<readonly string[]> {
  const proxies = await proxiesOf(running, injection);
  return (proxies[(injection.spec as ToxicSpec).proxy]?.toxics ?? []).map(({ name }) => name);
}

async function toxiproxy(running: Running, { instance }: Acting): Promise<Toxiproxy> {
  const { host, port, ports } = await running.address(instance);
  // Loaded only here: the HTTP library below it takes longer to load than all of drillbook.
  const { Toxiproxy } = await import('toxiproxy-node-client');
  return new Toxiproxy(`http://${host}:${ports?.[toxiproxyPort] ?? port}`);
}

/** @throws FaultError with what the client says */
async function asked<T>({ id, instance, spec }: Acting, what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    const { ToxiproxyError } = await import('toxiproxy-node-client');
    if (!(cause instanceof ToxiproxyError)) throw cause;
    throw new FaultError(
      `${id}: ${what} of ${victimOf(spec)} (${instance}): ${cause.message}; is it a toxiproxy that runs?`,
      { cause },
    );
  }
}
