/** What drillbook reads of a compose file, as compose itself understands it: files merged, variables filled, short forms spelled out. */
export interface ComposeModel {
  /** Absolute. */
  readonly file: string;
  readonly services: { readonly [name: string]: ComposeService };
  readonly volumes: readonly ComposeResource[];
  /** Everything of the file that somebody else made, in words. Secrets and configs too. */
  readonly external: readonly string[];
  /** Variables that the file asks for and nobody sets. Compose goes on with an empty text. */
  readonly unset: readonly string[];
}

export interface ComposeService {
  readonly image: string | null;
  readonly isBuilt: boolean;
  /** Ports inside the container that the file publishes. */
  readonly ports: readonly number[];
  readonly dependsOn: readonly string[];
  /** Limit in bytes; null = none. */
  readonly memoryBytes: number | null;
  readonly containers: number;
  /** Names in its networks beside its own. */
  readonly aliases: readonly string[];
  /** `host`, `none`, `service:x` …; null = the networks of the file. */
  readonly networkMode: string | null;
  readonly pidMode: string | null;
  readonly binds: readonly ComposeBind[];
}

export interface ComposeBind {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface ComposeResource {
  readonly key: string;
  readonly external: boolean;
}

/** The JSON of `docker compose config`, so far as it is used here. */
interface Config {
  readonly services?: { readonly [name: string]: ServiceConfig };
  readonly networks?: Resources;
  readonly volumes?: Resources;
  readonly secrets?: Resources;
  readonly configs?: Resources;
}
type Resources = { readonly [key: string]: { readonly external?: boolean } | null };

interface ServiceConfig {
  readonly image?: string;
  readonly build?: object;
  readonly ports?: readonly { readonly target: number }[];
  readonly depends_on?: { readonly [service: string]: unknown };
  readonly mem_limit?: string | number;
  readonly scale?: number;
  readonly deploy?: {
    readonly replicas?: number;
    readonly resources?: { readonly limits?: { readonly memory?: string | number } };
  };
  readonly networks?: { readonly [key: string]: { readonly aliases?: readonly string[] } | null };
  readonly network_mode?: string;
  readonly pid?: string;
  readonly external_links?: readonly string[];
  readonly volumes?: readonly {
    readonly type: string;
    readonly source?: string;
    readonly target: string;
    readonly read_only?: boolean;
  }[];
}

/** @param json what compose printed for this file */
export function composeModel(file: string, json: string, unset: readonly string[]): ComposeModel {
  const config = JSON.parse(json) as Config;
  const services = Object.entries(config.services ?? {});
  return {
    file,
    services: Object.fromEntries(services.map(([name, service]) => [name, composeService(service)])),
    volumes: resources(config.volumes),
    external: [
      ...(['networks', 'volumes', 'secrets', 'configs'] as const).flatMap((kind) =>
        resources(config[kind]).flatMap(({ key, external }) => (external ? [`${kind}.${key}`] : [])),
      ),
      ...services.flatMap(([name, { external_links: links = [] }]) =>
        links.map((link) => `services.${name}.external_links (${link})`),
      ),
    ],
    unset,
  };
}

function composeService(config: ServiceConfig): ComposeService {
  const memory = config.mem_limit ?? config.deploy?.resources?.limits?.memory;
  const binds = (config.volumes ?? []).filter(({ type }) => type === 'bind');
  return {
    image: config.image ?? null,
    isBuilt: config.build !== undefined,
    ports: (config.ports ?? []).map(({ target }) => target),
    dependsOn: Object.keys(config.depends_on ?? {}),
    memoryBytes: memory === undefined ? null : Number(memory),
    containers: config.scale ?? config.deploy?.replicas ?? 1,
    aliases: [...new Set(Object.values(config.networks ?? {}).flatMap((network) => network?.aliases ?? []))],
    networkMode: config.network_mode ?? null,
    pidMode: config.pid ?? null,
    binds: binds.map(({ source = '', target, read_only: readOnly = false }) => ({
      source,
      target,
      readOnly,
    })),
  };
}

function resources(them: Resources = {}): readonly ComposeResource[] {
  return Object.entries(them).map(([key, value]) => ({ key, external: value?.external === true }));
}
