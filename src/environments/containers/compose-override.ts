import { createHash } from 'node:crypto';
import { Document, type Node } from 'yaml';
import type { ComposeModel } from './compose-model.ts';

/** How a run changes a compose file so that it meets neither another run nor the user's own `docker compose up`. */
export interface ComposeChanges {
  /** Name of the compose project, of this run alone. */
  readonly project: string;
  /** On everything that compose makes. */
  readonly labels: Labels;
  /** The platform's network, which is there already; each service has a fixed address in it. */
  readonly network: string;
  /** Services that a component names. The others run too, and nothing of them is published. */
  readonly services: { readonly [service: string]: ServiceChanges };
  /** Three bytes of the platform's network; services that no component names get addresses at its end. */
  readonly subnet: string;
}

export interface ServiceChanges {
  /** Name of its container. */
  readonly container: string;
  /** Host names beside the service's own. */
  readonly names: readonly string[];
  /** In the platform's network. */
  readonly networkAddress: string;
  /** Where its ports are published, and as which: documented → published. */
  readonly hostAddress: string;
  readonly ports: { readonly [documented: number]: number };
  readonly labels: Labels;
}

interface Labels {
  readonly [name: string]: string;
}

const platformNetwork = 'drillbook-platform';
/** Fixed like those of components: an address that the engine chooses could be the one of a component that starts later. */
const lastHost = 250;

/**
 * A compose file to be put on top of the user's. All services are in the platform's one network, whatever networks they had: there they
 * have an address that faults can cut off while drillbook still reaches the published ports.
 */
export function composeOverride(model: ComposeModel, changes: ComposeChanges): string {
  const { project, labels, network } = changes;
  const document = new Document({});
  document.contents = document.createNode({
    services: servicesOverride(document, model, changes),
    networks: { [platformNetwork]: { name: network, external: true } },
    // A volume may have a name of its own in the file, which would be the user's data.
    volumes: Object.fromEntries(model.volumes.map(({ key }) => [key, { name: `${project}_${key}`, labels }])),
  });
  return document.toString();
}

function servicesOverride(document: Document, model: ComposeModel, changes: ComposeChanges): object {
  const images = builtImages(model);
  const addresses = fixedAddresses(model, changes);
  const hosts = hostsOf(model, changes, addresses);
  const services = Object.entries(model.services).map(([name, service]) => {
    const own = changes.services[name];
    const image = images.of(name);
    const address = addresses.get(name);
    const platform = {
      aliases: [...new Set([...service.aliases, ...(own?.names ?? [])])],
      ...(address !== undefined && { ipv4_address: address }),
    };
    const fields = {
      labels: { ...changes.labels, ...own?.labels },
      container_name: own?.container ?? tagged(document, '!reset', null),
      ports: publishedPorts(document, own),
      extra_hosts: hosts,
      ...(image !== null && { image }),
      ...(service.networkMode === null && {
        networks: tagged(document, '!override', { [platformNetwork]: platform }),
      }),
    };
    return [name, fields] as const;
  });
  return Object.fromEntries(services);
}

/** By service; those of several containers have none. */
function fixedAddresses(
  model: ComposeModel,
  { services, subnet }: ComposeChanges,
): ReadonlyMap<string, string> {
  let host = lastHost;
  const single = Object.entries(model.services).filter(
    ([, { containers, networkMode }]) => containers === 1 && networkMode === null,
  );
  return new Map(
    single.map(([name]) => [name, services[name]?.networkAddress ?? `${subnet}.${host--}`] as const),
  );
}

/**
 * Names of services in every container's own list of hosts. The engine forgets the name of a service that has ended, and asks for it where nobody
 * answers from here: each look-up would then take ten seconds, in every service that still asks.
 */
function hostsOf(
  model: ComposeModel,
  { services }: ComposeChanges,
  addresses: ReadonlyMap<string, string>,
): readonly string[] {
  return [...addresses].flatMap(([name, address]) => {
    const names = new Set([name, ...(model.services[name]?.aliases ?? []), ...(services[name]?.names ?? [])]);
    return [...names].map((each) => `${each}:${address}`);
  });
}

function publishedPorts(document: Document, own: ServiceChanges | undefined): Node {
  const ports = Object.entries(own?.ports ?? {}).map(
    ([documented, published]) => `${own?.hostAddress}:${published}:${documented}`,
  );
  return tagged(document, ports.length > 0 ? '!override' : '!reset', ports);
}

/** `!override` replaces what the file says, `!reset` takes it out; without them compose would merge both. */
function tagged(document: Document, tag: '!override' | '!reset', value: unknown): Node {
  const node = document.createNode(value);
  node.tag = tag;
  return node;
}

/**
 * Names of what drillbook builds: the user's own image of that name stays what it is, and the next run finds this one. A service may use
 * what another one builds.
 */
function builtImages({ file, services }: ComposeModel): { of(service: string): string | null } {
  const folder = createHash('sha256').update(file).digest('hex').slice(0, 10);
  const builders = Object.entries(services).filter(([, { isBuilt }]) => isBuilt);
  return {
    of(name) {
      const service = services[name];
      const builder =
        builders.find(([, { image }]) => image !== null && image === service?.image)?.[0] ??
        (service?.isBuilt === true ? name : null);
      return builder === null ? null : `drillbook-compose/${folder}-${builder.toLowerCase()}`;
    },
  };
}
