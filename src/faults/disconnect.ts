import type { FaultSpec } from '../definition/scenario.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { containersOf, overIn, runningState, statusBy } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { targetInstance } from './target.ts';

type DisconnectSpec = Extract<FaultSpec, { fault: 'disconnect' }>;

/** Takes a container out of the platform's network: to the others it is gone, while it runs on. */
export const disconnect: Fault<DisconnectSpec> = {
  kind: 'disconnect',

  async prepare(running, id, spec): Promise<Injection> {
    const instance = await targetInstance(running, spec.target);
    const { startedAt, connected } = await runningState(running, { id, spec, instance });
    if (!connected)
      throw new FaultError(
        `${id}: nothing to disconnect, ${spec.target} (${instance}) is not in the platform's network`,
      );
    return { id, spec, instance, processes: [], details: { startedAt } };
  },

  async inject(running, injection) {
    await containersOf(running, injection).change(injection.instance, { connected: false });
  },

  async heal(running, injection) {
    await containersOf(running, injection).change(injection.instance, { connected: true });
  },

  /** Connected in another life than the one that was cut off: what took its place is in the network. */
  status(running, injection): Promise<FaultStatus> {
    return statusBy(async () => {
      const state = await containersOf(running, injection).state(injection.instance);
      return state.connected ? overIn(state, injection) : 'active';
    });
  },
};
