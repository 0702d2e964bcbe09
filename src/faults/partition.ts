import type { FaultSpec } from '../definition/scenario.ts';
import type { Running } from '../environments/environment.ts';
import { containersOf, detail, runningState } from './containers.ts';
import { type Fault, FaultError, type Injection } from './fault.ts';
import { addRules, commentOf, healRules, statusOfRules } from './packet-rules.ts';
import { instancesOf } from './peers.ts';
import { targetInstance } from './target.ts';

type PartitionSpec = Extract<FaultSpec, { fault: 'partition' }>;

/**
 * Drops the packets between a container and some of the others, in its own network namespace. Connections that are open
 * are cut off with it: nobody resets them, they wait. Every rule has a comment that names the run and the fault.
 */
export const partition: Fault<PartitionSpec> = {
  kind: 'partition',

  async prepare(running, id, spec): Promise<Injection> {
    const instance = await targetInstance(running, spec.target);
    const { startedAt } = await runningState(running, { id, spec, instance });
    const peers = (await instancesOf(running, spec.from)).filter((peer) => peer !== instance);
    if (peers.length === 0)
      throw new FaultError(
        `${id}: nothing to part ${spec.target} (${instance}) from: ${spec.from.join(', ')} is itself, or runs nowhere`,
      );
    const containers = containersOf(running, { id, spec });
    const states = await Promise.all(peers.map((peer) => containers.state(peer)));
    const addresses = states.map(({ address }) => address).join(' ');
    return { id, spec, instance, processes: [], details: { startedAt, addresses } };
  },

  async inject(running, injection) {
    await addRules(running, injection, wantedRules(running, injection));
  },

  heal: healRules,
  status: statusOfRules,
};

/** As iptables itself writes them, without the command in front. */
function wantedRules(running: Running, injection: Injection): readonly string[] {
  const { direction = 'both' } = injection.spec as PartitionSpec;
  const end = `-m comment ${commentOf(running, injection)} -j DROP`;
  return detail(injection, 'addresses')
    .split(' ')
    .flatMap((address) => [
      ...(direction === 'out' ? [] : [`INPUT -s ${address}/32 ${end}`]),
      ...(direction === 'in' ? [] : [`OUTPUT -d ${address}/32 ${end}`]),
    ]);
}
