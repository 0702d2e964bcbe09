import type { Running } from '../environments/environment.ts';
import type { FaultStatus } from '../timeline/events.ts';
import { type Acting, containersOf, overIn, runBeside, statusBy } from './containers.ts';
import type { Injection } from './fault.ts';

/** The comment by which a fault knows its rules, as iptables writes it. */
export function commentOf(running: Running, { id }: Pick<Acting, 'id'>): string {
  return `--comment "drillbook:${running.record.runId}:${id}"`;
}

/** Rules in the network namespace of a container that carry the fault's comment, as iptables writes them, without the command in front. */
export async function ownRules(running: Running, acting: Acting): Promise<readonly string[]> {
  const argv = ['iptables', '-w', '-S'];
  const listed = await runBeside(running, acting, 'listing the rules of its network', { argv });
  return listed
    .split('\n')
    .filter((line) => line.startsWith('-A ') && line.includes(commentOf(running, acting)))
    .map((line) => line.slice('-A '.length).trim());
}

/** Puts in front of all others those that are not there yet, all of them at once. */
export async function addRules(running: Running, acting: Acting, wanted: readonly string[]): Promise<void> {
  const there = await ownRules(running, acting);
  const missing = wanted.filter((rule) => !there.includes(rule));
  await apply(
    running,
    acting,
    missing.map((rule) => `-I ${rule}`),
  );
}

/** Removes what has the fault's comment, as often as it is there. */
export async function removeRules(running: Running, acting: Acting): Promise<void> {
  const there = await ownRules(running, acting);
  await apply(
    running,
    acting,
    there.map((rule) => `-D ${rule}`),
  );
}

/** The way back of a fault that is rules in one container. A stopped one has no namespace and no rules. */
export async function healRules(running: Running, injection: Injection): Promise<void> {
  const { status } = await containersOf(running, injection).state(injection.instance);
  if (status !== 'exited') await removeRules(running, injection);
}

/** Of a fault that is rules in one container, which end with a life of it; `prepare` recorded its `startedAt`. */
export function statusOfRules(running: Running, injection: Injection): Promise<FaultStatus> {
  return statusBy(async () => {
    const state = await containersOf(running, injection).state(injection.instance);
    if (state.status === 'exited') return 'superseded';
    return (await ownRules(running, injection)).length > 0 ? 'active' : overIn(state, injection);
  });
}

async function apply(running: Running, acting: Acting, commands: readonly string[]): Promise<void> {
  if (commands.length === 0) return;
  await runBeside(running, acting, 'changing the rules of its network', {
    argv: ['iptables-restore', '-w', '--noflush'],
    input: `${['*filter', ...commands, 'COMMIT'].join('\n')}\n`,
  });
}
