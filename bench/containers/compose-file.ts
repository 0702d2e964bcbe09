import { resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Certificates } from '../../src/environments/containers/certificates.ts';
import { wordsOf } from '../../src/environments/containers/create.ts';
import type { imageOf } from '../../src/environments/containers/images.ts';
import {
  type ComponentLayout,
  type InstanceLayout,
  type Layout,
  portsOf,
} from '../../src/environments/containers/layout.ts';
import { filler, ownValues } from '../../src/environments/containers/substitution.ts';
import type { Secrets } from '../../src/environments/secrets.ts';

export interface ForCompose {
  readonly layout: Layout;
  readonly secrets: Secrets;
  readonly certificates: Certificates;
  /** The name of a source's image; what has to be built is built by then. */
  image(source: Parameters<typeof imageOf>[1]): string;
}

/** As often as drillbook asks, so that neither waits longer to see what is ready. */
const healthcheckEvery = { interval: '200ms', timeout: '5s', retries: 1000 };

/**
 * The same platform as somebody would write it for compose: the same images, services, names, files, limits and order, ready
 * by the same checks (an HTTP check, for which images have no client, becomes one whether the port is open).
 */
export function composeFileOf(what: ForCompose): string {
  const { platform } = what.layout;
  const services = what.layout.components
    .filter(({ spec }) => spec.replicas !== 0)
    .flatMap((component) => component.instances.map((instance) => service(what, component, instance)));
  const files = services.flatMap(({ configs }) => configs);
  return stringify({
    networks: { platform: { internal: true }, measuring: {} },
    configs: Object.fromEntries(
      files.map(({ source, content }) => [source, { content: content.replaceAll('$', '$$$$') }]),
    ),
    services: {
      ...Object.fromEntries(services.map(({ name, definition }) => [name, definition])),
      ...(platform.toolbox !== undefined && {
        toolbox: {
          image: what.image(platform.toolbox.container),
          command: ['sleep', 'infinity'],
          init: true,
          networks: ['platform'],
          volumes: binds(what.layout, platform.toolbox.mounts),
          healthcheck: { test: ['CMD-SHELL', platform.toolbox.ready ?? 'true'], ...healthcheckEvery },
        },
      }),
    },
  });
}

function service(what: ForCompose, component: ComponentLayout, instance: InstanceLayout) {
  const { spec } = component;
  if ('service' in spec.container)
    throw new Error(`${component.component} is a service of a compose file already`);
  const fill = filler(what, component.component, ownValues(component, instance));
  const literal = (text: string) => fill(text).replaceAll('$', '$$$$');
  const configs = Object.entries(spec.files ?? {}).map(([target, text], index) => ({
    source: `${instance.instance}-${index}`,
    target,
    content: fill(text),
  }));
  const definition = {
    image: what.image(spec.container),
    hostname: instance.instance,
    ...(spec.command !== undefined && { command: wordsOf(spec.command).map(literal) }),
    ...(spec.user !== undefined && { user: spec.user }),
    environment: Object.fromEntries(
      Object.entries(spec.env ?? {}).map(([name, text]) => [name, literal(text)]),
    ),
    configs: configs.map(({ source, target }) => ({ source, target, mode: 0o644 })),
    volumes: binds(what.layout, spec.mounts),
    tmpfs: Object.entries(spec.tmpfs ?? {}).map(
      ([path, megabytes]) => `${path}:size=${megabytes}m,mode=1777`,
    ),
    networks: { platform: { aliases: instance.names }, measuring: {} },
    ports: portsOf(spec).map((port) => `${instance.hostAddress}:${instance.ports[port] ?? port}:${port}`),
    cap_add: spec.capabilities ?? [],
    ...(spec.memory !== undefined && { mem_limit: `${spec.memory}m`, memswap_limit: `${spec.memory}m` }),
    ...(spec.cpus !== undefined && { cpus: spec.cpus }),
    ...(spec.ready !== undefined && { healthcheck: { test: test(component), ...healthcheckEvery } }),
    depends_on: Object.fromEntries(
      (spec.after ?? []).flatMap((name) =>
        (what.layout.components.find((each) => each.component === name)?.instances ?? []).map((first) => [
          first.instance,
          { condition: 'service_healthy' },
        ]),
      ),
    ),
  };
  return { name: instance.instance, definition, configs };
}

function test({ spec }: ComponentLayout): readonly string[] {
  const { ready, port } = spec;
  if (ready !== undefined && 'command' in ready) return ['CMD-SHELL', ready.command.replaceAll('$', '$$$$')];
  return ['CMD', 'bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port ?? 0}`];
}

function binds({ platform }: Layout, mounts: { readonly [path: string]: string } = {}): readonly string[] {
  return Object.entries(mounts).map(([path, source]) => `${resolve(platform.baseDir, source)}:${path}:ro`);
}
