import type { Json, JsonObject } from '../definition/merge-patch.ts';
import type { FaultSpec } from '../definition/scenario.ts';
import type { Running } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import {
  clusterMeant,
  clusterOf,
  type InCluster,
  inCluster,
  kubernetesOf,
  objectInWords,
  recorded,
} from './clusters.ts';
import { statusBy } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { hasValues } from './patched-fields.ts';
import { type Change, fields, makeChange, startAnew, statusOfChange, takeBack } from './reversible.ts';

type PatchSpec = Extract<FaultSpec, { fault: 'patch' }>;

/** Changes an object of a cluster: a bad image, a bad configuration, a readiness probe that fails. */
export const patch: Fault<PatchSpec> = {
  kind: 'patch',

  async prepare(running, id, spec): Promise<Injection> {
    const { object, instance } = victim(running, id, spec);
    const acting = { id, spec, instance };
    const restart = spec.restart === undefined ? null : kubernetesOf(running, acting).workload(spec.restart);
    const injection: Injection = {
      ...acting,
      processes: [],
      details: { object: JSON.stringify(object), restart: JSON.stringify(restart) },
    };
    const now = await clusterOf(running, injection, object).get(object);
    if (now === null) throw new FaultError(`${id}: nothing to patch, there is no ${objectInWords(object)}`);
    if (hasValues(fields(now), changeOf(running, injection).patch))
      throw new FaultError(`${id}: nothing to patch, ${objectInWords(object)} has these values already`);
    return injection;
  },

  async inject(running, injection) {
    const change = changeOf(running, injection);
    if (!isForGood(injection)) return makeChange(running, injection, change);
    await clusterOf(running, injection, change.object).change(change.object, change.how, change.patch);
    if (change.restart !== null) await startAnew(running, injection, change.restart, 'injected');
  },

  /** Without a way back only the recovery brings it back. */
  async heal(running, injection) {
    if (!isForGood(injection)) await takeBack(running, injection, changeOf(running, injection));
  },

  status(running, injection): Promise<FaultStatus> {
    if (isForGood(injection)) return Promise.resolve('superseded');
    return statusBy(() => statusOfChange(running, injection, changeOf(running, injection)));
  },
};

function isForGood({ spec }: Injection): boolean {
  return (spec as PatchSpec)['way-back'] === 'none';
}

interface Victim {
  readonly object: InCluster;
  readonly instance: string;
}

function victim(running: Running, id: string, spec: PatchSpec): Victim {
  if (spec.target !== undefined) {
    const workload = kubernetesOf(running, { id, spec }).workload(spec.target);
    return { object: inCluster(workload), instance: workload.instance };
  }
  if (spec.object === undefined)
    throw new FaultError(`${id}: the fault "patch" needs a "target" or an "object"`);
  const cluster = clusterMeant(running, { id, spec }, spec.object.cluster);
  return { object: inCluster({ ...spec.object, cluster } as InCluster), instance: cluster };
}

/** Texts are filled anew whenever they are needed: what they become is in no record. */
function changeOf(running: Running, injection: Injection): Change {
  const { patch: asWritten, type = 'strategic' } = injection.spec as PatchSpec;
  const object = recorded<InCluster>(injection, 'object');
  const filled = fillTexts(running, asWritten as JsonObject) as JsonObject;
  return {
    object,
    // Kinds that are not Kubernetes' own know of no strategy.
    how: type,
    patch: object.kind === 'Secret' ? encoded(filled) : filled,
    restart: recorded<Change['restart']>(injection, 'restart'),
  };
}

function fillTexts(running: Running, value: Json): Json {
  if (typeof value === 'string') return running.fill(value);
  if (Array.isArray(value)) return value.map((item) => fillTexts(running, item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillTexts(running, item)]));
}

/** A Secret takes plain texts and shows none: what it has of them is their base64. */
function encoded({ stringData, ...rest }: JsonObject): JsonObject {
  if (stringData === undefined || stringData === null || typeof stringData !== 'object') return rest;
  const texts = Object.entries(stringData).map(([key, text]) => [
    key,
    text === null ? null : Buffer.from(String(text)).toString('base64'),
  ]);
  return { ...rest, data: { ...(rest.data as JsonObject | undefined), ...Object.fromEntries(texts) } };
}
