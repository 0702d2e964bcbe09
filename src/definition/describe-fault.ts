import { formatDuration } from './duration.ts';
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
    case 'delete-pods':
      return `delete ${spec.count === undefined ? 'all pods' : `${spec.count} of the pods`} of ${spec.target}${graceText(spec.grace)}`;
    case 'patch':
      return patchText(spec);
    case 'delete-object':
      return `delete ${objectText(spec.object)}, put back when healed`;
    case 'hog':
      return hogText(spec);
    case 'api-server-unreachable':
      return `drop the packets to the API server of ${spec.cluster ?? 'the first cluster'}`;
    case 'cluster-dns':
      return spec.how === 'gone'
        ? `no DNS in ${spec.cluster ?? 'the first cluster'}`
        : `DNS of ${spec.cluster ?? 'the first cluster'} denies ${spec.name ?? 'cluster.local'}`;
    case 'cut-off':
      return `cut the pods of ${spec.target} off from ${spec.from.join(', ')}${packetsText(spec.direction)}`;
  }
}

function graceText(grace: number | undefined): string {
  return grace === undefined ? '' : `, which have ${formatDuration(grace)} to end`;
}

function objectText({ kind, namespace, name, cluster }: Of<'delete-object'>['object']): string {
  const within = namespace === undefined ? name : `${namespace}/${name}`;
  return `${kind} ${within}${cluster === undefined ? '' : ` of ${cluster}`}`;
}

function patchText({ target, object, patch, restart, ...spec }: Of<'patch'>): string {
  const what = object === undefined ? target : objectText(object);
  const then = restart === undefined ? '' : `, then restart ${restart}`;
  const back = spec['way-back'] === 'none' ? 'no way back' : 'restored when healed';
  return `patch ${what} with ${JSON.stringify(patch)}${then}; ${back}`;
}

function hogText({ cluster, node, replicas = 1, memory, cpus, requests }: Of<'hog'>): string {
  const takes = [
    ...(memory === undefined ? [] : [`fill ${memory} MB`]),
    ...(cpus === undefined ? [] : [`keep ${cpus} processors busy`]),
    ...(requests === undefined ? [] : [`reserve ${limitText(requests)}`]),
  ];
  const pods = replicas === 1 ? '1 pod' : `${replicas} pods`;
  return `hog ${node ?? cluster ?? 'the first cluster'} with ${pods}, to ${takes.join(' and ')}`;
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

function partitionText({ target, from, direction }: Of<'partition'>): string {
  return `partition ${target} from ${from.join(', ')}${packetsText(direction)}`;
}

function packetsText(direction: 'both' | 'in' | 'out' = 'both'): string {
  return { both: '', in: ', only what it would receive', out: ', only what it sends' }[direction];
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

function limitText({ memory, cpus }: Pick<Of<'limit'>, 'memory' | 'cpus'>): string {
  return [
    ...(memory === undefined ? [] : [`${memory} MB of memory`]),
    ...(cpus === undefined ? [] : [`${cpus} processors`]),
  ].join(' and ');
}
