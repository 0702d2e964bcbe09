import type { FaultSpec } from '../definition/scenario.ts';
import type { ContainerState } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { containersOf, runningState, statusBy } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { targetInstance } from './target.ts';

type LimitSpec = Extract<FaultSpec, { fault: 'limit' }>;
type Limits = Partial<Pick<ContainerState, 'memoryBytes' | 'cpus'>>;
type Limited = keyof Limits;

/** Takes memory and processors from a container that runs. A limit below what it uses may end it: that is an effect, too. */
export const limit: Fault<LimitSpec> = {
  kind: 'limit',

  async prepare(running, id, spec): Promise<Injection> {
    const instance = await targetInstance(running, spec.target);
    const { memoryBytes, cpus } = await runningState(running, { id, spec, instance });
    const before = { memoryBytes, cpus };
    if (limited(spec).every(([key, value]) => same(before[key], value)))
      throw new FaultError(`${id}: nothing to limit, ${spec.target} (${instance}) has these limits already`);
    return { id, spec, instance, processes: [], details: before };
  },

  async inject(running, injection) {
    const wanted = Object.fromEntries(limited(injection.spec as LimitSpec));
    await containersOf(running, injection).change(injection.instance, wanted);
  },

  /** A limit that somebody has changed since is theirs: a recovery that gave it more memory must not lose it again. */
  async heal(running, injection) {
    const containers = containersOf(running, injection);
    const now = await containers.state(injection.instance);
    const mine = limited(injection.spec as LimitSpec).filter(([key, value]) => same(now[key], value));
    const before = Object.fromEntries(mine.map(([key]) => [key, limitBefore(injection, key)]));
    if (mine.length > 0) await containers.change(injection.instance, before);
  },

  /** Limits outlive a restart of the container, so only they themselves tell. */
  status(running, injection): Promise<FaultStatus> {
    return statusBy(async () => {
      const now = await containersOf(running, injection).state(injection.instance);
      const wanted = limited(injection.spec as LimitSpec);
      const changed = wanted.filter(([key]) => !same(now[key], limitBefore(injection, key)));
      if (changed.length === 0) return 'gone';
      return changed.some(([key, value]) => same(now[key], value)) ? 'active' : 'superseded';
    });
  },
};

function limited({ memory, cpus }: LimitSpec): readonly (readonly [Limited, number])[] {
  return [
    ...(memory === undefined ? [] : [['memoryBytes', memory * 1024 * 1024] as const]),
    ...(cpus === undefined ? [] : [['cpus', cpus] as const]),
  ];
}

/** Engines count processors in billionths or in shares of a period: not every digit comes back. */
function same(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(one, other) / 1000;
}

function limitBefore({ id, details }: Injection, key: Limited): number {
  const value = details?.[key];
  if (typeof value !== 'number')
    throw new FaultError(`${id}: its record does not say what ${key} was before`);
  return value;
}
