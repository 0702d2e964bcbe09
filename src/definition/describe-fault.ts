import type { FaultSpec } from './scenario.ts';

type Of<K extends FaultSpec['fault']> = Extract<FaultSpec, { fault: K }>;

/** What a fault does, in words, for the plan. */
export function describeFault(spec: FaultSpec): string {
  switch (spec.fault) {
    case 'kill':
      return killText(spec);
    case 'pause':
      return `pause ${scopeText(spec.scope)}${spec.target}${processesText(spec.processes)}`;
    case 'request':
      return `request PUT ${spec.path} of ${spec.target} ${JSON.stringify(spec.body ?? {})}, DELETE heals it`;
    case 'start':
      return `start ${spec.target}${spec.replicas === undefined ? '' : ` ${spec.replicas} times`}, stopped when healed`;
    case 'sql':
      return `sql on ${spec.target}: ${spec.inject}; ${spec.heal === undefined ? 'no way back' : `healed by: ${spec.heal}`}`;
    case 'disconnect':
      return `disconnect ${spec.target} from the platform's network`;
    case 'partition':
      return partitionText(spec);
    case 'toxic':
      return toxicText(spec);
    case 'fill-disk':
      return `fill the disk of ${spec.target} under ${spec.path}, ${spec.leave ?? 0} MB stay free`;
    case 'limit':
      return `limit ${spec.target} to ${limitText(spec)}`;
    case 'clock':
      return `clock of ${spec.target} off by ${spec.offset}`;
    case 'replace-file':
      return `replace ${spec.path} of ${spec.target}${spec.apply === undefined ? '' : `, applied by: ${spec.apply}`}`;
  }
}

function killText({ target, scope, processes, signal = 'SIGKILL', restart }: Of<'kill'>): string {
  const then = restart === 'held' ? 'kept down until healed' : 'free to restart';
  return `kill ${scopeText(scope)}${target}${processesText(processes)} by ${signal}, ${then}`;
}

function scopeText(scope: 'component' | 'leader' | undefined): string {
  return scope === 'leader' ? 'the main process of ' : '';
}

function processesText(processes: string | undefined): string {
  return processes === undefined ? '' : ` (processes named ${processes})`;
}

function partitionText({ target, from, direction = 'both' }: Of<'partition'>): string {
  const packets = { both: '', in: ', only what it would receive', out: ', only what it sends' }[direction];
  return `partition ${target} from ${from.join(', ')}${packets}`;
}

function toxicText({
  type,
  target,
  proxy,
  stream = 'downstream',
  toxicity,
  attributes,
}: Of<'toxic'>): string {
  const share = toxicity === undefined ? '' : ` for ${Number((toxicity * 100).toFixed(2))} % of connections`;
  const amounts = Object.entries(attributes).map(([name, value]) => `${name} ${value}`);
  return `toxic ${type} (${amounts.join(', ')}) ${stream} in proxy ${proxy} of ${target}${share}`;
}

function limitText({ memory, cpus }: Of<'limit'>): string {
  return [
    ...(memory === undefined ? [] : [`${memory} MB of memory`]),
    ...(cpus === undefined ? [] : [`${cpus} processors`]),
  ].join(' and ');
}
