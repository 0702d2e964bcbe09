import { existingNamespace } from './check-context.ts';
import type { PlatformFile } from './platform.ts';
import { componentMeant, isWorkload } from './platform-names.ts';
import { quote } from './quote.ts';
import type { FaultSpec } from './scenario.ts';

/** Why a fault is not for a cluster that is there already, and where in its text that stands. */
export interface NotInExisting {
  readonly key: readonly string[];
  readonly why: string;
}

/**
 * What this fault cannot do in an existing cluster: what needs more than its API, what is outside of the one namespace, and what nobody
 * could take back. Null: it can be done.
 */
export function notInExisting(spec: FaultSpec, platform: PlatformFile): NotInExisting | null {
  const namespace = existingNamespace(platform);
  if (namespace === null) return null;
  return lacks(spec) ?? unreachable(spec, platform) ?? elsewhere(spec, namespace) ?? forGood(spec);
}

const fault = ['fault'] as const;

function lacks(spec: FaultSpec): NotInExisting | null {
  switch (spec.fault) {
    case 'delete-pods':
    case 'delete-object':
    case 'patch':
      return null;
    case 'hog':
      return spec.node === undefined && spec.priority === undefined
        ? null
        : {
            key: [spec.node === undefined ? 'priority' : 'node'],
            why: 'nodes and priorities are outside of the namespace: expected neither',
          };
    case 'kill':
      return killByApi(spec);
    case 'cluster-dns':
      return { key: fault, why: 'CoreDNS is outside of the namespace, and every other one needs it' };
    case 'request':
      return null;
    default:
      return {
        key: fault,
        why: 'it needs more than the API of the cluster: expected delete-pods, patch, delete-object, hog or kill',
      };
  }
}

function unreachable(spec: FaultSpec, platform: PlatformFile): NotInExisting | null {
  if (spec.fault !== 'request') return null;
  const component = platform.components[componentMeant(platform, spec.target) ?? ''];
  return component === undefined || !isWorkload(component) || component.address !== undefined
    ? null
    : { key: ['target'], why: `${spec.target} has no "address": expected HOST:PORT in it` };
}

/** What the API knows of killing is a workload without pods. */
function killByApi(spec: Extract<FaultSpec, { fault: 'kill' }>): NotInExisting | null {
  if (spec.restart !== 'held')
    return {
      key: ['restart'],
      why: 'without access to the nodes a kill is a scale to 0, which holds: expected "held", or the fault "delete-pods"',
    };
  if (spec.processes !== undefined) return { key: ['processes'], why: 'the API knows no processes' };
  if (spec.signal !== undefined && spec.signal !== 'SIGKILL')
    return { key: ['signal'], why: 'the API sends no signals: expected SIGKILL, which removes pods at once' };
  return null;
}

function elsewhere(spec: FaultSpec, namespace: string): NotInExisting | null {
  const outside = (key: readonly string[], named = 'default'): NotInExisting | null =>
    named === namespace
      ? null
      : {
          key,
          why: `it means the namespace ${quote(named)}, and the platform keeps to ${quote(namespace)}: expected "namespace: ${namespace}"`,
        };
  if (spec.fault === 'hog') return outside(['namespace'], spec.namespace);
  if ((spec.fault === 'patch' || spec.fault === 'delete-object') && spec.object !== undefined)
    return outside(['object', 'namespace'], spec.object.namespace);
  return null;
}

/** A replica that is thrown away may lose its data. Here somebody needs it. */
function forGood(spec: FaultSpec): NotInExisting | null {
  if (spec.fault === 'patch' && spec['way-back'] === 'none')
    return { key: ['way-back'], why: 'nothing would put it back: expected "restore"' };
  if (spec.fault === 'delete-object' && spec.object.kind === 'PersistentVolumeClaim')
    return { key: ['object', 'kind'], why: 'the data of its volume would be lost for good' };
  return null;
}
